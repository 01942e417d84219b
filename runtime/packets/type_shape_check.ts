/**
 * Checks for types that were read from source.
 *
 * @module
 */
import type { TypeDescription, TypeShape } from "../modules/type_shape.ts";
import {
  anything,
  arrayOf,
  functionType,
  intersection,
  isTagged,
  literal,
  mapOf,
  named,
  never,
  nonPrimitive,
  objectOf,
  primitive,
  recordOf,
  setOf,
  simple,
  tupleOf,
  type TypeCheck,
  union,
} from "./type_check.ts";
import { classNames } from "./type_name.ts";

/**
 * The check that a type's description asks for.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const check = describedCheck({
 *   shape: { kind: "array", element: { kind: "primitive", name: "string" } },
 * });
 * assertEquals(check.check(["a", 1], 0), { path: "[1]", expected: "string", actual: "number" });
 * ```
 */
export function describedCheck({ shape, definitions = {} }: TypeDescription): TypeCheck {
  const references = new Map<string, TypeCheck>();
  return checkOf(shape);

  function checkOf(shape: TypeShape): TypeCheck {
    switch (shape.kind) {
      case "any":
      case "unchecked":
        return anything;
      case "never":
        return never;
      case "primitive":
        return primitive(shape.name);
      case "literal":
        return literal(shape.value);
      case "bigintLiteral":
        return literal(BigInt(shape.digits));
      case "nonPrimitive":
        return nonPrimitive;
      case "function":
        return functionType;
      case "array":
        return arrayOf(checkOf(shape.element));
      case "tuple":
        return tupleOf(
          shape.elements.map(({ shape, optional, rest }) => ({
            check: checkOf(shape),
            optional,
            rest,
          })),
        );
      case "object":
        return objectOf(
          shape.members.map(({ name, shape, optional }) => ({
            name,
            check: checkOf(shape),
            optional,
          })),
          shape.index && checkOf(shape.index),
        );
      case "record":
        return recordOf(checkOf(shape.key), checkOf(shape.value));
      case "map":
        return mapOf(checkOf(shape.key), checkOf(shape.value));
      case "set":
        return setOf(checkOf(shape.element));
      case "union":
        return union(shape.options.map(checkOf));
      case "intersection":
        return intersection(shape.parts.map(checkOf));
      case "instance":
        return instanceOfGlobal(shape.name);
      case "class":
        return instanceOfNamed(shape.name);
      case "reference":
        return referenceTo(shape.name);
    }
  }

  function referenceTo(name: string): TypeCheck {
    let check = references.get(name);
    if (check === undefined) {
      const definition = Object.hasOwn(definitions, name) ? definitions[name] : undefined;
      check = definition === undefined ? anything : named(name, () => checkOf(definition));
      references.set(name, check);
    }
    return check;
  }
}

/** Instances of a class that the platform has as a global, of whatever realm. */
function instanceOfGlobal(name: string): TypeCheck {
  return simple(name, (value) => isTagged(value, name) || hasClass(value, name));
}

/** Values with a class of this name on their prototype chain. */
export function instanceOfNamed(name: string): TypeCheck {
  return simple(name, (value) => hasClass(value, name), lostClass);
}

/** What to say of a plain object where an instance of a class is expected. */
export function lostClass(value: unknown): string | undefined {
  return isTagged(value, "Object") && !hasOwnClass(value)
    ? "an instance becomes a plain object when it is sent to a worker"
    : undefined;
}

function hasOwnClass(value: unknown): boolean {
  for (const name of classNames(value)) return name !== "Object";
  return false;
}

function hasClass(value: unknown, name: string): boolean {
  if (typeof value !== "object" && typeof value !== "function") return false;
  for (const found of classNames(value)) if (found === name) return true;
  return false;
}
