/**
 * Failures as plain data, and back.
 *
 * @module
 */
import type { ErrorRecord } from "./node_execution_context.ts";

/** Longest chain of causes that a record keeps: deep enough for any report, safe for circles. */
const maxCauses = 8;

/**
 * The name of what was thrown: the class of an error, also of one that does not set its `name`, and
 * the `typeof` of anything else.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * class BadRow extends Error {}
 * assertEquals(errorType(new BadRow()), "BadRow");
 * assertEquals(errorType("a text"), "string");
 * ```
 */
export function errorType(thrown: unknown): string {
  if (!(thrown instanceof Error)) return typeof thrown;
  const { name } = thrown;
  return name && name !== "Error" ? name : thrown.constructor?.name || "Error";
}

/** The message of whatever was thrown. */
export function errorMessage(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message;
  if (typeof thrown === "string") return thrown;
  try {
    return Deno.inspect(thrown, { depth: 2 });
  } catch {
    return `a ${typeof thrown} that cannot be shown`;
  }
}

/**
 * Describes what was thrown, be it an error or anything else, with its causes.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const { type, message, cause } = errorRecord(new TypeError("bad row", { cause: "line 3" }));
 * assertEquals({ type, message }, { type: "TypeError", message: "bad row" });
 * assertEquals(cause, { type: "string", message: "line 3" });
 * ```
 */
export function errorRecord(thrown: unknown): ErrorRecord {
  return describe(thrown, maxCauses);
}

function describe(thrown: unknown, causesLeft: number): ErrorRecord {
  const record: ErrorRecord = { type: errorType(thrown), message: errorMessage(thrown) };
  if (!(thrown instanceof Error)) return record;
  const { code } = thrown as { code?: unknown };
  if (typeof code === "string") record.code = code;
  if (thrown.stack !== undefined) record.stack = thrown.stack;
  if (thrown.cause !== undefined && causesLeft > 0) {
    record.cause = describe(thrown.cause, causesLeft - 1);
  }
  return record;
}

/** Error classes of the language, which a record becomes again as themselves. */
const builtInErrors: ReadonlyMap<string, new (message: string, options?: ErrorOptions) => Error> =
  new Map(
    [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map(
      (type) => [type.name, type],
    ),
  );

/**
 * Makes an error out of a record: of the same class if the language has it, else an `Error` of that
 * name. Code, stack and causes are those of the record.
 *
 * @example
 * ```ts
 * import { assertInstanceOf } from "@std/assert";
 *
 * assertInstanceOf(fromErrorRecord({ type: "RangeError", message: "too far" }), RangeError);
 * ```
 */
export function fromErrorRecord(record: ErrorRecord): Error {
  const options = record.cause ? { cause: fromErrorRecord(record.cause) } : undefined;
  const error = new (builtInErrors.get(record.type) ?? Error)(record.message, options);
  define(error, "name", record.type);
  if (record.stack !== undefined) define(error, "stack", record.stack);
  if (record.code !== undefined) Object.assign(error, { code: record.code });
  return error;
}

function define(error: Error, key: string, value: string): void {
  Object.defineProperty(error, key, { value, configurable: true, writable: true });
}
