/**
 * Functions as they are named to workers.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { FunctionReference } from "./job_protocol.ts";

/** A function of a module. */
export type ModuleReference = FunctionReference & { readonly kind: "module" };

/**
 * Reads a reference such as `./fns.ts::add`; relative paths start at `rootUrl`, if that is known, else
 * where the workers are.
 *
 * @throws {InvalidArgumentError} If it is none.
 */
export function moduleReference(
  reference: string,
  rootUrl: string | undefined,
): ModuleReference {
  const at = reference.lastIndexOf("::");
  if (at <= 0) {
    throw new InvalidArgumentError(
      `A function is named as "./module.ts::name", got ${JSON.stringify(reference)}`,
    );
  }
  const path = reference.slice(0, at);
  const isRelative = rootUrl !== undefined && /^[./\\]/.test(path);
  const specifier = isRelative ? new URL(path, rootUrl).href : path;
  return { kind: "module", specifier, export: reference.slice(at + 2) };
}

/** Key or reference of a job's function, as workers understand it. */
export function jobFunction(func: string, rootUrl: string | undefined): string {
  if (!func.includes("::")) return func;
  const { specifier, export: name } = moduleReference(func, rootUrl);
  return `${specifier}::${name}`;
}
