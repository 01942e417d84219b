/**
 * Stands in for `@std/assert` where the registry cannot be reached, with what is peculiar about it:
 * `-0` equals `0`, an object without a prototype equals a plain one, and errors are compared by
 * their enumerable properties.
 *
 * @module
 */
import { diffLines } from "npm:diff@^9";

// deno-lint-ignore no-explicit-any -- a class with any constructor
type AnyConstructor = new (...args: any[]) => any;
type ErrorClass<E extends Error> = abstract new (
  // deno-lint-ignore no-explicit-any -- an error class with any constructor
  ...args: any[]
) => E;

/** A failed assertion. */
export class AssertionError extends Error {
  /** Creates one. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}

/** Whether `a` and `b` are deeply equal. */
export function equal(a: unknown, b: unknown): boolean {
  return deepEqual(a, b, new Map());
}

function deepEqual(a: unknown, b: unknown, seen: Map<object, object>): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (
    a instanceof RegExp && b instanceof RegExp || a instanceof URL && b instanceof URL
  ) {
    return String(a) === String(b);
  }
  if ((a.constructor ?? Object) !== (b.constructor ?? Object)) return false;
  if (a instanceof WeakMap || a instanceof WeakSet) {
    throw new TypeError(`cannot compare ${a.constructor.name} instances`);
  }
  if (a instanceof WeakRef && b instanceof WeakRef) return deepEqual(a.deref(), b.deref(), seen);
  if (seen.get(a) === b) return true;
  if (Object.keys(a).length !== Object.keys(b).length) return false;
  seen.set(a, b);
  if (a instanceof Map && b instanceof Map || a instanceof Set && b instanceof Set) {
    return a.size === b.size && entriesEqual(a, b, seen);
  }
  return Reflect.ownKeys({ ...a, ...b }).every((key) =>
    key in a && key in b && deepEqual(Reflect.get(a, key), Reflect.get(b, key), seen)
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

type Keyed = Map<unknown, unknown> | Set<unknown>;

function entriesEqual(a: Keyed, b: Keyed, seen: Map<object, object>): boolean {
  const rest = [...b.entries()];
  return [...a.entries()].every(([key, value]) => {
    if (!isObject(key) && typeof key !== "function") {
      return b.has(key) && (b instanceof Set || deepEqual(value, b.get(key), seen));
    }
    return rest.some((entry) => deepEqual(key, entry[0], seen) && deepEqual(value, entry[1], seen));
  });
}

function show(value: unknown): string {
  return Deno.inspect(value, {
    depth: Infinity,
    sorted: true,
    trailingComma: true,
    compact: false,
    iterableLimit: Infinity,
    strAbbreviateSize: Infinity,
  });
}

function suffix(msg: string | undefined): string {
  return msg ? `: ${msg}` : ".";
}

function differences(actual: unknown, expected: unknown): string {
  const asText = (value: unknown) => typeof value === "string" ? value : show(value);
  const texts = [asText(actual), asText(expected)] as const;
  // Of texts that differ all over, finding the shortest way between them takes too long.
  const parts = diffLines(...texts, { timeout: 1000 }) ??
    texts.map((value, i) => ({ value, removed: i === 0, added: i === 1 }));
  const lines = parts.flatMap((part) => {
    const sign = part.added ? "+" : part.removed ? "-" : " ";
    return part.value.replace(/\n$/, "").split("\n").map((line) => `${sign}   ${line}`);
  });
  return `\n    [Diff] Actual / Expected\n\n${lines.join("\n")}\n`;
}

function compare(holds: boolean, message: string, msg: string | undefined): void {
  if (!holds) throw new AssertionError(message + suffix(msg));
}

/** Fails unless `expr` is truthy. */
export function assert(expr: unknown, msg = ""): asserts expr {
  if (!expr) throw new AssertionError(msg);
}

/** Fails unless `expr` is falsy. */
export function assertFalse(expr: unknown, msg?: string): asserts expr is false {
  compare(!expr, "Expected expression to be falsy", msg);
}

/** Fails unless both are deeply equal. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\n${differences(actual, expected)}`,
  );
}

/** Fails if both are deeply equal. */
export function assertNotEquals<T>(actual: T, expected: T, msg?: string): void {
  compare(
    !equal(actual, expected),
    `Expected actual: ${show(actual)} not to be: ${show(expected)}`,
    msg,
  );
}

/** Fails unless both are the same value (`Object.is`). */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  throw new AssertionError(
    show(actual) === show(expected)
      ? `Values have the same structure but are not reference-equal${suffix(msg)}\n\n${
        show(actual)
      }\n`
      : `Values are not strictly equal${suffix(msg)}\n${differences(actual, expected)}`,
  );
}

/** Fails if both are the same value (`Object.is`). */
export function assertNotStrictEquals<T>(actual: T, expected: T, msg?: string): void {
  compare(
    !Object.is(actual, expected),
    `Expected "actual" to not be strictly equal to: ${show(actual)}`,
    msg,
  );
}

/** Fails if `actual` is null or undefined. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  compare(
    actual !== undefined && actual !== null,
    `Expected actual: "${actual}" to not be null or undefined`,
    msg,
  );
}

/** Fails unless both numbers are closer than `tolerance` (by default a ten-millionth of them). */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  tolerance ??= isFinite(expected) ? Math.abs(expected * 1e-7) : 1e-7;
  const delta = Math.abs(expected - actual);
  compare(
    delta <= tolerance,
    `Expected actual: "${actual}" to be close to "${expected}": delta "${delta}" is greater than "${tolerance}"`,
    msg,
  );
}

/** Fails unless `actual > expected`. */
export function assertGreater<T>(actual: T, expected: T, msg?: string): void {
  compare(actual > expected, `Expect ${show(actual)} > ${show(expected)}`, msg);
}

/** Fails unless `actual >= expected`. */
export function assertGreaterOrEqual<T>(actual: T, expected: T, msg?: string): void {
  compare(actual >= expected, `Expect ${show(actual)} >= ${show(expected)}`, msg);
}

/** Fails unless `actual < expected`. */
export function assertLess<T>(actual: T, expected: T, msg?: string): void {
  compare(actual < expected, `Expect ${show(actual)} < ${show(expected)}`, msg);
}

/** Fails unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  compare(actual <= expected, `Expect ${show(actual)} <= ${show(expected)}`, msg);
}

/** Fails unless `expected` matches somewhere in `actual`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  compare(
    expected.test(actual),
    `Expected actual: "${actual}" to match: "${expected}"`,
    msg,
  );
}

/** Fails if `expected` matches somewhere in `actual`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  compare(
    !expected.test(actual),
    `Expected actual: "${actual}" to not match: "${expected}"`,
    msg,
  );
}

/** Fails unless `actual` contains `expected`. */
export function assertStringIncludes(actual: string, expected: string, msg?: string): void {
  compare(
    actual.includes(expected),
    `Expected actual: "${actual}" to contain: "${expected}"`,
    msg,
  );
}

/** Fails unless `actual` has an equal item for each of `expected`. */
export function assertArrayIncludes<T>(
  actual: ArrayLike<T>,
  expected: ArrayLike<T>,
  msg?: string,
): void {
  const missing = Array.from(expected).filter((item) =>
    !Array.from(actual).some((other) => equal(item, other))
  );
  compare(
    missing.length === 0,
    `Expected actual: "${show(actual)}" to include: "${show(expected)}"${
      msg ? "" : `\nmissing: ${show(missing)}`
    }`,
    msg,
  );
}

/** Fails unless what `expected` names is equal in `actual`, at every depth. */
export function assertObjectMatch(
  // deno-lint-ignore no-explicit-any -- as in the genuine package: interfaces are accepted
  actual: Record<PropertyKey, any>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(subset(actual, expected, new Map()), expected, msg);
}

/** The part of `actual` that `expected` speaks of. */
function subset(actual: unknown, expected: unknown, seen: Map<object, unknown>): unknown {
  if (!isObject(actual) || !isObject(expected)) return actual;
  if (seen.has(actual)) return seen.get(actual);
  if (Array.isArray(actual) && Array.isArray(expected)) {
    const items: unknown[] = [];
    seen.set(actual, items);
    actual.forEach((item, i) => items.push(subset(item, expected[i], seen)));
    return items;
  }
  if (Object.getPrototypeOf(expected) !== Object.prototype) return actual;
  const part: Record<PropertyKey, unknown> = {};
  seen.set(actual, part);
  for (const key of Reflect.ownKeys(expected)) {
    if (key in actual) {
      part[key] = subset(Reflect.get(actual, key), Reflect.get(expected, key), seen);
    }
  }
  return part;
}

/** Fails unless `actual` is an instance of `expectedType`. */
export function assertInstanceOf<T extends AnyConstructor>(
  actual: unknown,
  expectedType: T,
  msg = "",
): asserts actual is InstanceType<T> {
  if (actual instanceof expectedType) return;
  const found = isObject(actual) || typeof actual === "function"
    ? actual.constructor?.name ?? "Object"
    : actual === null
    ? "null"
    : typeof actual;
  throw new AssertionError(
    `Expected object to be an instance of "${expectedType.name}" but was "${found}"${suffix(msg)}`,
  );
}

/** Fails if `actual` is an instance of `unexpectedType`. */
export function assertNotInstanceOf<A, T>(
  actual: A,
  // deno-lint-ignore no-explicit-any -- a class with any constructor
  unexpectedType: abstract new (...args: any[]) => T,
  msg?: string,
): asserts actual is Exclude<A, T> {
  compare(
    !(actual instanceof unexpectedType),
    `Expected object to not be an instance of "${unexpectedType.name}"`,
    msg,
  );
}

/** Fails unless `error` is an error of the class, with `msgMatches` in its message. */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: ErrorClass<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  compare(error instanceof Error, `Expected "error" to be an Error object`, msg);
  const found = error as Error;
  if (ErrorClass && !(found instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", but was "${found.constructor.name}"${
        suffix(msg)
      }`,
    );
  }
  const matches = typeof msgMatches === "string"
    ? found.message.includes(msgMatches)
    : msgMatches?.test(found.message) ?? true;
  compare(
    matches,
    `Expected error message to ${typeof msgMatches === "string" ? "include" : "match"} ${
      show(msgMatches)
    }, but got ${show(found.message)}`,
    msg,
  );
}

/** Fails unless `fn` throws; returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Fails unless `fn` throws an error of the class; returns that. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  try {
    fn();
  } catch (error) {
    return expected.check(error);
  }
  throw new AssertionError(`Expected function to throw${suffix(expected.msg)}`);
}

/** Fails unless the promise of `fn` rejects; resolves to the reason. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Fails unless the promise of `fn` rejects with an error of the class; resolves to that. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: ErrorClass<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: ErrorClass<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const expected = expectation(classOrMsg, msgIncludes, msg);
  let isPromise = false;
  try {
    const result: unknown = fn();
    isPromise = isObject(result) && typeof Reflect.get(result, "then") === "function";
    await result;
  } catch (error) {
    if (!isPromise) {
      throw new AssertionError(`Function throws when expected to reject${suffix(expected.msg)}`);
    }
    return expected.check(error);
  }
  throw new AssertionError(`Expected function to reject${suffix(expected.msg)}`);
}

function expectation(
  classOrMsg: ErrorClass<Error> | string | undefined,
  msgIncludes: string | undefined,
  msg: string | undefined,
): { msg: string | undefined; check(error: unknown): unknown } {
  if (typeof classOrMsg === "string") return { msg: classOrMsg, check: (error) => error };
  return {
    msg,
    check(error) {
      if (!classOrMsg) return error;
      compare(error instanceof Error, "A non-Error object was thrown or rejected", msg);
      assertIsError(error, classOrMsg, msgIncludes, msg);
      return error;
    },
  };
}

/** Fails. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}

/** Fails: what calls it must not be reached. */
export function unreachable(reason?: string): never {
  throw new AssertionError(reason ?? "Unreachable");
}

/** Fails: what calls it is not written yet. */
export function unimplemented(msg?: string): never {
  throw new AssertionError(`Unimplemented${suffix(msg)}`);
}
