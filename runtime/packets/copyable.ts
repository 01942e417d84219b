/**
 * Which values can be copied to a worker, a file or another machine, and which part of a value
 * stands in the way.
 *
 * @module
 */
import { NotSerializableError } from "./error.ts";
import { isPlainObject } from "./type_check.ts";
import { showValue, typeName } from "./type_name.ts";

/** Deepest nesting that is copied: the codecs recurse, and nothing real goes further. */
const maxDepth = 1000;

/** What keeps a value from being copied. */
export interface Obstacle {
  /** Where in the value it is, such as `[0].callback`; empty for the value itself. */
  path: string;
  /** What stands there, such as `function`. */
  typeName: string;
}

/** What else may be copied. */
export interface CopyableOptions {
  /**
   * Accept instances of classes, although their copies are plain objects.
   *
   * @default {false}
   */
  classInstances?: boolean;
  /**
   * Accept only what comes back from a copy equal in every way: no class of errors of one's own, no
   * memory that is shared, nothing in a property that copies leave out.
   *
   * @default {false}
   */
  exact?: boolean;
}

/**
 * Finds the first part of a value of which there is no copy, or undefined if all of it can be copied.
 *
 * Copyable are primitive values but symbols, arrays, plain objects, dates, regular expressions,
 * maps, sets, buffers and views of them, and errors; also in cycles.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(findObstacle({ rows: [1, new Date()] }), undefined);
 * assertEquals(findObstacle([{ callback() {} }]), { path: "[0].callback", typeName: "function" });
 * ```
 */
export function findObstacle(value: unknown, options: CopyableOptions = {}): Obstacle | undefined {
  return find(value, options, new Set(), 0);
}

/**
 * Throws if a value cannot be copied.
 *
 * @param subject What it is, for the message, such as `packet "out"`.
 * @throws {NotSerializableError} If a part of it cannot be copied; the part is named.
 */
export function assertCopyable(
  value: unknown,
  subject: string,
  options: CopyableOptions = {},
): void {
  const obstacle = findObstacle(value, options);
  if (obstacle) throw new NotSerializableError(subject, obstacle.path, obstacle.typeName);
}

function find(
  value: unknown,
  options: CopyableOptions,
  seen: Set<object>,
  depth: number,
): Obstacle | undefined {
  if (typeof value === "symbol" || typeof value === "function") {
    return { path: "", typeName: typeof value };
  }
  if (typeof value !== "object" || value === null || seen.has(value)) return undefined;
  if (depth > maxDepth) return { path: "", typeName: `nesting deeper than ${maxDepth}` };
  seen.add(value);
  const inside = (part: unknown) => find(part, options, seen, depth + 1);
  const inexact = options.exact ? findInexact(value) : undefined;
  if (inexact) return { path: "", typeName: inexact };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const obstacle = inside(value[i]);
      if (obstacle) return at(`[${i}]`, obstacle);
    }
    return undefined;
  }
  if (isPlainObject(value)) return findInMembers(value, inside);
  const tag = tagOf(value);
  if (leafTags.has(tag) || ArrayBuffer.isView(value)) return undefined;
  if (tag === "Map") return findInMap(value as Map<unknown, unknown>, inside);
  if (tag === "Set") {
    for (const member of value as Set<unknown>) {
      const obstacle = inside(member);
      if (obstacle) return at(".element", obstacle);
    }
    return undefined;
  }
  if (tag === "Error") {
    const { cause, errors } = value as { cause?: unknown; errors?: unknown };
    const obstacle = inside(cause);
    if (obstacle) return at(".cause", obstacle);
    const nested = value instanceof AggregateError ? inside(errors) : undefined;
    return nested && at(".errors", nested);
  }
  if (tag === "Object" && options.classInstances) return findInMembers(value, inside);
  return { path: "", typeName: typeName(value) };
}

/** What of an object its copy would not have, by name; undefined if nothing. */
function findInexact(value: object): string | undefined {
  if (Object.getOwnPropertySymbols(value).length > 0) return "object with symbol keys";
  if (Array.isArray(value)) {
    // Indices come first among the keys.
    const last = Object.keys(value).at(-1);
    return last === undefined || /^\d+$/.test(last) ? undefined : "array with named properties";
  }
  if (value instanceof Error) {
    const known = errorClasses.has(value.constructor) && value.constructor.name === value.name;
    const keys = Object.getOwnPropertyNames(value)
      .filter((key) => !["message", "stack", "cause"].includes(key));
    return known && keys.length === 0 ? undefined : typeName(value);
  }
  if (ArrayBuffer.isView(value)) {
    return value.buffer instanceof ArrayBuffer ? undefined : "view of shared memory";
  }
  if (isPlainObject(value)) {
    const hidden = Object.getOwnPropertyNames(value).length > Object.keys(value).length;
    return hidden ? "object with hidden properties" : undefined;
  }
  const tag = tagOf(value);
  return tag === "SharedArrayBuffer" ? tag : undefined;
}

const errorClasses: ReadonlySet<unknown> = new Set([
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
]);

function findInMembers(
  object: object,
  inside: (part: unknown) => Obstacle | undefined,
): Obstacle | undefined {
  for (const key of Object.keys(object)) {
    const obstacle = inside((object as Record<string, unknown>)[key]);
    if (obstacle) return at(keyStep(key), obstacle);
  }
  return undefined;
}

function findInMap(
  map: Map<unknown, unknown>,
  inside: (part: unknown) => Obstacle | undefined,
): Obstacle | undefined {
  for (const [key, member] of map) {
    const inKey = inside(key);
    if (inKey) return at(".key()", inKey);
    const inMember = inside(member);
    if (inMember) return at(`.get(${showValue(key)})`, inMember);
  }
  return undefined;
}

/** Objects without parts that could stand in the way. */
const leafTags: ReadonlySet<string> = new Set([
  "Date",
  "RegExp",
  "ArrayBuffer",
  "SharedArrayBuffer",
]);

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

function at(step: string, obstacle: Obstacle): Obstacle {
  return { ...obstacle, path: step + obstacle.path };
}

function keyStep(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
