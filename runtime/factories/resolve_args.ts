/**
 * Values in place of the references in a built-in factory's arguments.
 *
 * @module
 */
import type * as z from "zod";
import { resolveReferences } from "../schema/references.ts";
import type { FactoryContext } from "./protocol.ts";

/**
 * The arguments without references, checked again.
 *
 * @throws {ConfigResolveError} If a variable is missing or does not fit its argument.
 */
export function resolveArgs<T>(
  schema: z.ZodType,
  args: unknown,
  { env, vars }: Pick<FactoryContext, "env" | "vars">,
): T {
  // A variable that is not set is not a member, or undefined; both mean the same to the reader.
  const values = { env: env as Record<string, string>, vars: vars ?? {} };
  return resolveReferences(schema, args, values) as T;
}

/** The absolute path of a path that may be relative to the project root. */
export function pathFromRoot(projectRoot: string, path: string): string {
  const isAbsolute = /^(?:[/\\]|[a-zA-Z]:[/\\])/.test(path);
  return isAbsolute
    ? path
    : `${projectRoot.replace(/[/\\]+$/, "")}/${path.replace(/^\.[/\\]/, "")}`;
}
