/**
 * Texts of a net file that may be references.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { isReference, recordOf } from "./actions.ts";

/**
 * The text that a field holds or refers to.
 *
 * @param value A text, `{"$env": …}` or `{"$var": …}`, with a `default` or without.
 * @param what What it is, for the message.
 * @param variables Values of variables.
 * @throws {InvalidArgumentError} If it refers to nothing and has no default.
 */
export function referencedText(
  value: unknown,
  what: string,
  variables: Readonly<Record<string, string>> = {},
): string {
  if (typeof value === "string") return value;
  if (isReference(value)) {
    const { $env, $var, default: otherwise } = recordOf(value);
    const name = String($env ?? $var);
    const found = $env === undefined
      ? (Object.hasOwn(variables, name) ? variables[name] : undefined)
      : Deno.env.get(name);
    if (found !== undefined) return found;
    if (typeof otherwise === "string") return otherwise;
    throw new InvalidArgumentError(
      $env === undefined
        ? `${what} refers to the variable ${name}, which has no value`
        : `${what} refers to the environment variable ${name}, which is not set`,
    );
  }
  throw new InvalidArgumentError(`${what} must be a text`);
}
