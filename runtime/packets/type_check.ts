/**
 * Checks of a value against a type, made of smaller checks.
 *
 * @module
 */
import { MAX_TYPE_DEPTH, type PrimitiveName } from "../modules/type_shape.ts";
import { showValue, typeName } from "./type_name.ts";

/** The place in a value at which it parts from a type. */
export interface TypeMismatch {
  /** Where in the value, such as `[3].id`; empty for the value itself. */
  readonly path: string;
  /** The type that was asked for there. */
  readonly expected: string;
  /** What stands there. */
  readonly actual: string;
  /** What to do about it, where there is more to say. */
  readonly hint?: string;
}

/** Checks values against one type. */
export interface TypeCheck {
  /** The type, as messages show it. */
  readonly name: string;
  /** The type is one of members: no primitive value can fit. */
  readonly hasMembers?: boolean;
  /**
   * Where `value` parts from the type, or undefined if it fits.
   *
   * @param depth How many levels up the whole value begins; beyond a limit everything fits.
   */
  check(value: unknown, depth: number): TypeMismatch | undefined;
}

/** A check by one question. */
export function simple(
  name: string,
  fits: (value: unknown) => boolean,
  hint?: (value: unknown) => string | undefined,
): TypeCheck {
  return {
    name,
    check: (value) => fits(value) ? undefined : mismatch(name, value, hint?.(value)),
  };
}

/** Every value fits. */
export const anything: TypeCheck = { name: "any", check: () => undefined };

/** No value fits. */
export const never: TypeCheck = simple("never", () => false);

/** Numbers without a fraction. */
export const integer: TypeCheck = simple(
  "int",
  Number.isInteger,
  (value) =>
    typeof value === "number"
      ? `${value} is not an integer`
      : typeof value === "bigint"
      ? "for big integers the type is bigint"
      : undefined,
);

/** Objects that are no instances of a class. */
export const plainObject: TypeCheck = simple("dict", isPlainObject);

/** Everything but primitive values. */
export const nonPrimitive: TypeCheck = simple("object", isObject);

/** Functions and classes. */
export const functionType: TypeCheck = simple("function", (value) => typeof value === "function");

const primitives: Readonly<Record<PrimitiveName, (value: unknown) => boolean>> = {
  string: (value) => typeof value === "string",
  number: (value) => typeof value === "number",
  boolean: (value) => typeof value === "boolean",
  bigint: (value) => typeof value === "bigint",
  symbol: (value) => typeof value === "symbol",
  null: (value) => value === null,
  undefined: (value) => value === undefined,
};

/** Values of one primitive type, shown under a name of the writer's choice. */
export function primitive(type: PrimitiveName, name: string = type): TypeCheck {
  return simple(name, primitives[type]);
}

/** One value. Of numbers, 0 and -0 are the same. */
export function literal(expected: string | number | boolean | bigint): TypeCheck {
  const name = showValue(expected);
  return {
    name,
    check: (value) =>
      value === expected || (value !== value && expected !== expected) ? undefined : {
        path: "",
        expected: name,
        actual: isObject(value) ? typeName(value) : showValue(value),
      },
  };
}

/** Arrays of which every element fits. */
export function arrayOf(element: TypeCheck, name?: string): TypeCheck {
  const shown = name ?? `${/[|&\s]/.test(element.name) ? `(${element.name})` : element.name}[]`;
  return {
    name: shown,
    check(value, depth) {
      if (!Array.isArray(value)) return mismatch(shown, value);
      if (element === anything || depth >= MAX_TYPE_DEPTH) return undefined;
      for (let i = 0; i < value.length; i++) {
        const problem = element.check(value[i], depth + 1);
        if (problem) return within(`[${i}]`, problem);
      }
      return undefined;
    },
  };
}

/** One place of a tuple. */
export interface TupleElement {
  readonly check: TypeCheck;
  readonly optional?: boolean | undefined;
  /** Takes any number of elements. */
  readonly rest?: boolean | undefined;
}

/** Arrays with a type for each place. At most one of them is `rest`. */
export function tupleOf(elements: readonly TupleElement[]): TypeCheck {
  const name = `[${
    elements.map(({ check, optional, rest }) =>
      rest ? `...${check.name}[]` : `${check.name}${optional ? "?" : ""}`
    ).join(", ")
  }]`;
  const restAt = elements.findIndex(({ rest }) => rest);
  const afterRest = restAt < 0 ? 0 : elements.length - restAt - 1;
  const least = elements.filter(({ optional, rest }) => !optional && !rest).length;
  const most = restAt < 0 ? elements.length : Infinity;
  return {
    name,
    check(value, depth) {
      if (!Array.isArray(value)) return mismatch(name, value);
      if (value.length < least || value.length > most) {
        return mismatch(name, value, `it has ${value.length} elements`);
      }
      if (depth >= MAX_TYPE_DEPTH) return undefined;
      for (let i = 0; i < value.length; i++) {
        const { check, optional } = elements[placeOf(i, value.length)]!;
        if (optional && value[i] === undefined) continue;
        const problem = check.check(value[i], depth + 1);
        if (problem) return within(`[${i}]`, problem);
      }
      return undefined;
    },
  };

  function placeOf(index: number, length: number): number {
    if (restAt < 0 || index < restAt) return index;
    return index >= length - afterRest ? elements.length - (length - index) : restAt;
  }
}

/** A member of an object. */
export interface ObjectMember {
  readonly name: string;
  readonly check: TypeCheck;
  readonly optional?: boolean | undefined;
}

/** Objects and functions that have the members; other members must fit `index`, if it is given. */
export function objectOf(members: readonly ObjectMember[], index?: TypeCheck): TypeCheck {
  const parts = members.map(({ name, check, optional }) =>
    `${name}${optional ? "?" : ""}: ${check.name}`
  );
  if (index) parts.push(`[key: string]: ${index.name}`);
  const name = parts.length > 0 ? `{ ${parts.join("; ")} }` : "object";
  const named = new Set(members.map((member) => member.name));
  return {
    name,
    hasMembers: true,
    check(value, depth) {
      if (!isObject(value)) return mismatch(name, value);
      if (depth >= MAX_TYPE_DEPTH) return undefined;
      for (const { name: key, check, optional } of members) {
        const member = (value as Record<string, unknown>)[key];
        if (member === undefined) {
          if (optional) continue;
          if (!(key in value)) {
            return { path: memberPath(key), expected: check.name, actual: "nothing" };
          }
        }
        const problem = check.check(member, depth + 1);
        if (problem) return within(memberPath(key), problem);
      }
      return index && checkEntries(value, named, index, depth);
    },
  };
}

/** Objects whose keys and values fit. Keys that look like numbers may fit as numbers. */
export function recordOf(key: TypeCheck, value: TypeCheck, plain = false): TypeCheck {
  const name = plain ? `dict[${key.name}, ${value.name}]` : `Record<${key.name}, ${value.name}>`;
  const fitsObject = plain ? isPlainObject : (value: unknown) => isObject(value);
  return {
    name,
    check(object, depth) {
      if (!fitsObject(object)) return mismatch(name, object);
      for (const property of Object.keys(object as object)) {
        const asNumber = Number(property);
        const problem = key.check(property, depth);
        if (!problem || (String(asNumber) === property && !key.check(asNumber, depth))) continue;
        return {
          path: memberPath(property),
          expected: `a key of type ${key.name}`,
          actual: showValue(property),
        };
      }
      return depth >= MAX_TYPE_DEPTH
        ? undefined
        : checkEntries(object as object, new Set(), value, depth);
    },
  };
}

/** Maps whose keys and values fit. */
export function mapOf(key: TypeCheck, value: TypeCheck): TypeCheck {
  const name = `Map<${key.name}, ${value.name}>`;
  return {
    name,
    check(map, depth) {
      if (!isTagged(map, "Map")) return mismatch(name, map);
      if (depth >= MAX_TYPE_DEPTH) return undefined;
      for (const [k, v] of map as Map<unknown, unknown>) {
        const problem = key.check(k, depth + 1);
        if (problem) return within(`.key(${showValue(k)})`, problem);
        const valueProblem = value.check(v, depth + 1);
        if (valueProblem) return within(`.get(${showValue(k)})`, valueProblem);
      }
      return undefined;
    },
  };
}

/** Sets of which every element fits. */
export function setOf(element: TypeCheck): TypeCheck {
  const name = `Set<${element.name}>`;
  return {
    name,
    check(set, depth) {
      if (!isTagged(set, "Set")) return mismatch(name, set);
      if (depth >= MAX_TYPE_DEPTH) return undefined;
      for (const item of set as Set<unknown>) {
        const problem = element.check(item, depth + 1);
        if (problem) return within(".element", problem);
      }
      return undefined;
    },
  };
}

/** Values that fit at least one option. */
export function union(options: readonly TypeCheck[]): TypeCheck {
  if (options.length === 1) return options[0]!;
  if (options.includes(anything)) return anything;
  const name = options.map((option) => option.name).join(" | ");
  return {
    name,
    check(value, depth) {
      const inside: TypeMismatch[] = [];
      for (const option of options) {
        const problem = option.check(value, depth);
        if (!problem) return undefined;
        if (problem.path) inside.push(problem);
      }
      // If only one option got as far as the inside of the value, that is the one meant.
      return inside.length === 1 ? inside[0] : mismatch(name, value);
    },
  };
}

/**
 * Values that fit every part. Of primitive values, parts with members are a brand that leaves no
 * trace, as in `string & { __brand: "Id" }`.
 */
export function intersection(parts: readonly TypeCheck[]): TypeCheck {
  const name = parts.map((part) => part.name).join(" & ");
  return {
    name,
    check(value, depth) {
      let fits = false;
      for (const part of parts) {
        if (part.hasMembers && !isObject(value)) continue;
        const problem = part.check(value, depth);
        if (problem) return problem;
        fits = true;
      }
      return fits ? undefined : mismatch(name, value);
    },
  };
}

/**
 * A type known by a name, whose check is made when it is first needed: it may refer to itself.
 *
 * A type that is nothing but itself accepts everything.
 */
export function named(name: string, define: () => TypeCheck): TypeCheck {
  let target: TypeCheck | undefined;
  let busyValue: unknown;
  let busyDepth = -1;
  let asked = false;
  return {
    name,
    get hasMembers() {
      if (asked) return false;
      asked = true;
      const answer = (target ??= define()).hasMembers ?? false;
      asked = false;
      return answer;
    },
    check(value, depth) {
      if (depth === busyDepth && value === busyValue) return undefined;
      const outer: [unknown, number] = [busyValue, busyDepth];
      [busyValue, busyDepth] = [value, depth];
      try {
        return (target ??= define()).check(value, depth);
      } finally {
        [busyValue, busyDepth] = outer;
      }
    },
  };
}

/** The mismatch of a whole value. */
export function mismatch(expected: string, value: unknown, hint?: string): TypeMismatch {
  const actual = typeName(value);
  return hint === undefined ? { path: "", expected, actual } : { path: "", expected, actual, hint };
}

/** A mismatch seen from one level further up. */
export function within(step: string, problem: TypeMismatch): TypeMismatch {
  return { ...problem, path: step + problem.path };
}

/** Whether a value is an object of the platform's class `tag`, of whatever realm. */
export function isTagged(value: unknown, tag: string): boolean {
  return Object.prototype.toString.call(value) === `[object ${tag}]`;
}

/** Whether a value is an object or a function. */
export function isObject(value: unknown): value is object {
  return typeof value === "function" || (typeof value === "object" && value !== null);
}

/** Whether a value is an object without a class, of whatever realm. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype ||
    (Object.getPrototypeOf(prototype) === null && prototype.constructor?.name === "Object");
}

function checkEntries(
  object: object,
  skipped: ReadonlySet<string>,
  check: TypeCheck,
  depth: number,
): TypeMismatch | undefined {
  for (const [key, value] of Object.entries(object)) {
    if (skipped.has(key)) continue;
    const problem = check.check(value, depth + 1);
    if (problem) return within(memberPath(key), problem);
  }
  return undefined;
}

function memberPath(key: string): string {
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
    ? `.${key}`
    : `[${JSON.stringify(key)}]`;
}
