/**
 * How `netrun:broadcast` copies a value for each of its outputs.
 *
 * @module
 */

/** How a value is copied: not at all, its outermost object, or all of it. */
export type CopyMode = "none" | "shallow" | "deep";

/** The modes in the order in which help texts list them. */
export const COPY_MODES: readonly CopyMode[] = ["none", "shallow", "deep"];

/**
 * A copy of `value`.
 *
 * `shallow` makes a new array, plain object, `Map`, `Set` or `Date` with the same members, and an
 * instance of a class by its prototype; other values stay what they are. `deep` is
 * `structuredClone`.
 *
 * @throws {DOMException} In mode `deep`, if the value holds something that cannot be cloned.
 */
export function copyValue(value: unknown, mode: CopyMode): unknown {
  if (mode === "deep") return structuredClone(value);
  return mode === "shallow" && typeof value === "object" && value !== null
    ? copyShallow(value)
    : value;
}

/** A new outermost object with the members of `value`. */
function copyShallow(value: object): unknown {
  if (Array.isArray(value)) return value.slice();
  if (value instanceof Map) return new Map(value);
  if (value instanceof Set) return new Set(value);
  if (value instanceof Date) return new Date(value);
  // What keeps its state in internal slots would be an empty shell under another identity.
  if (Object.prototype.toString.call(value) !== "[object Object]") return value;
  return Object.create(Object.getPrototypeOf(value), Object.getOwnPropertyDescriptors(value));
}

/**
 * Where in `value` something stands that `structuredClone` refuses, as `orders[2].total`; the empty
 * text means the value itself.
 */
export function findUncloneable(value: unknown): string {
  const seen = new Set<unknown>();
  let path = "";
  let current = value;
  for (;;) {
    if (typeof current !== "object" || current === null || seen.has(current)) return path;
    seen.add(current);
    const culprit = membersOf(current).find(([, member]) => !isCloneable(member));
    if (culprit === undefined) return path;
    path += path === "" && culprit[0].startsWith(".") ? culprit[0].slice(1) : culprit[0];
    current = culprit[1];
  }
}

/** The members of an object, each with its step as a path shows it. */
function membersOf(value: object): [step: string, member: unknown][] {
  if (Array.isArray(value)) return value.map((member, i) => [`[${i}]`, member]);
  if (value instanceof Set) return [...value].map((member, i) => [`<item ${i}>`, member]);
  if (value instanceof Map) {
    return [...value].flatMap(([key, member], i): [string, unknown][] => [
      [`<key ${i}>`, key],
      [`.get(${typeof key === "string" ? JSON.stringify(key) : `<key ${i}>`})`, member],
    ]);
  }
  return Object.entries(value).map(([key, member]) => [
    /^[\w$]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`,
    member,
  ]);
}

/** Whether `structuredClone` takes the value. */
function isCloneable(value: unknown): boolean {
  try {
    structuredClone(value);
    return true;
  } catch {
    return false;
  }
}
