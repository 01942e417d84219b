/**
 * Checks of values against the type of a port.
 *
 * @module
 */
import type { PrimitiveName, TypeDescription, TypeShape } from "../modules/type_shape.ts";
import type { PortType, PortTypeClass, PortTypeParser, PortTypeSpec } from "../schema/port.ts";
import {
  anything,
  isObject,
  primitive,
  simple,
  type TypeCheck,
  type TypeMismatch,
} from "./type_check.ts";
import { className, typeName } from "./type_name.ts";
import { describedCheck, instanceOfNamed, lostClass } from "./type_shape_check.ts";
import { parseType, type TypeNames } from "./type_text.ts";

/** A value does not have the type of its port. */
export interface PortTypeMismatch {
  /** Tag. */
  readonly kind: "mismatch";
  /** The type of the port. */
  readonly expected: string;
  /** The type of the value. */
  readonly actual: string;
  /** Where in the value they part, or what to do about it; may be empty. */
  readonly hint: string;
}

/** A value fits, and another one takes its place: what the port's schema made of it. */
export interface ParsedPortValue {
  /** Tag. */
  readonly kind: "parsed";
  /** The value to pass on. */
  readonly value: unknown;
}

/** Checks one value; undefined means that it fits as it is. */
export type PortTypeCheck = (value: unknown) => PortTypeMismatch | ParsedPortValue | undefined;

/** Options of {@linkcode compilePortType}. */
export interface CompilePortTypeOptions {
  /**
   * Looks up what a reference to code, such as `./t.ts::Shape`, has led to: a class or a schema.
   * Undefined if it could not be loaded; then values are compared by the name of their class.
   */
  resolve?: (reference: string) => unknown;
}

/**
 * Compiles the type of a port into a check; undefined if the port takes every value.
 *
 * A type is one of
 * - a name or an expression, in Python's words (`int`, `list[int]`, `str | None`) or TypeScript's
 *   (`number[]`, `Record<string, number>`, `{ id: string }`). Any other name is that of a class, and
 *   an expression that says nothing about values at run time is not checked;
 * - `{name, isinstance_check}`: also instances of classes that extend the named one;
 * - `{name, type}`: a type that was read from source, as data;
 * - a class: instances of it;
 * - a schema of zod or one like it: what the schema makes of the value takes its place.
 *
 * @example A name
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const check = compilePortType("list[int]")!;
 * assertEquals(check([1, 2]), undefined);
 * assertEquals(check([1, 2.5]), {
 *   kind: "mismatch",
 *   expected: "list[int]",
 *   actual: "array",
 *   hint: "at [1]: expected int, got number: 2.5 is not an integer",
 * });
 * ```
 *
 * @example A schema
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const check = compilePortType(z.object({ id: z.coerce.number() }))!;
 * assertEquals(check({ id: "7" }), { kind: "parsed", value: { id: 7 } });
 * ```
 */
export function compilePortType(
  portType: PortType | null,
  options: CompilePortTypeOptions = {},
): PortTypeCheck | undefined {
  if (portType === null) return undefined;
  if (typeof portType === "string") return compileText(portType, false, options);
  if (typeof portType === "function") return wholeCheck(instanceOf(portType));
  if (isParser(portType)) return schemaCheck(portType, "the port's schema");
  const { name, isinstance_check = false, unchecked = false, type, schema } = portType;
  if (unchecked) return undefined;
  if (isParser(type)) return schemaCheck(type, name);
  if (typeof type === "function") return wholeCheck(instanceOf(type as PortTypeClass), name);
  if (isDescription(type)) return wholeCheck(describedCheck(type), name);
  // The schema itself stays with the function that declared it, which applies it.
  if (schema !== undefined) return undefined;
  return compileText(name, isinstance_check, options);
}

/**
 * The references to code in a port's type, which have to be loaded before it is compiled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(portTypeReferences("list[./t.ts::Shape]"), ["./t.ts::Shape"]);
 * ```
 */
export function portTypeReferences(portType: PortType | null): string[] {
  const text = typeof portType === "string" ? portType : plainName(portType);
  const references: string[] = [];
  if (text?.includes("::")) {
    parseType(text, {
      named: instanceOfNamed,
      reference(reference) {
        references.push(reference);
        return instanceOfNamed(reference);
      },
    });
  }
  return references;
}

/** The name of a type that is nothing but a name. */
function plainName(portType: PortType | null): string | undefined {
  if (!isObject(portType) || typeof portType === "function" || isParser(portType)) return undefined;
  const { name, type, unchecked, schema } = portType as PortTypeSpec;
  return type === undefined && schema === undefined && !unchecked ? name : undefined;
}

function compileText(
  text: string,
  withSubclasses: boolean,
  { resolve }: CompilePortTypeOptions,
): PortTypeCheck | undefined {
  const named = withSubclasses ? instanceOfNamed : ofClassNamed;
  let parser: PortTypeParser | undefined;
  const names: TypeNames = {
    named,
    reference(reference) {
      const loaded = resolve?.(reference);
      const name = reference.slice(reference.lastIndexOf("::") + 2);
      if (isParser(loaded)) {
        if (reference === text.trim()) parser = loaded;
        return parsedBy(loaded, name);
      }
      return typeof loaded === "function" ? instanceOf(loaded as PortTypeClass) : named(name);
    },
  };
  const check = parseType(text, names);
  if (parser !== undefined) return schemaCheck(parser, text);
  return check && wholeCheck(check, text);
}

/** Values whose class has this very name. */
function ofClassNamed(name: string): TypeCheck {
  return simple(name, (value) => className(value) === name, lostClass);
}

/** Classes of the language whose values are mostly not objects. */
const primitiveClasses: ReadonlyMap<unknown, PrimitiveName> = new Map<unknown, PrimitiveName>([
  [String, "string"],
  [Number, "number"],
  [Boolean, "boolean"],
  [BigInt, "bigint"],
  [Symbol, "symbol"],
]);

function instanceOf(type: PortTypeClass): TypeCheck {
  const primitiveName = primitiveClasses.get(type);
  if (primitiveName !== undefined) return primitive(primitiveName);
  return simple(type.name || "a class", (value) => value instanceof type, lostClass);
}

/** A schema as part of a larger type: it checks, but what it makes of a value is not used. */
function parsedBy(parser: PortTypeParser, name: string): TypeCheck {
  return {
    name,
    check(value) {
      const result = applySchema(parser, value);
      return "value" in result
        ? undefined
        : { path: "", expected: name, actual: typeName(value), hint: result.problem };
    },
  };
}

function schemaCheck(parser: PortTypeParser, name: string): PortTypeCheck {
  return (value) => {
    const result = applySchema(parser, value);
    if (!("value" in result)) {
      return {
        kind: "mismatch",
        expected: name,
        actual: typeName(value),
        hint: result.problem,
      };
    }
    return Object.is(result.value, value) ? undefined : { kind: "parsed", value: result.value };
  };
}

interface ParseResult {
  success?: unknown;
  data?: unknown;
  error?: { issues?: { path?: readonly PropertyKey[]; message?: string }[] };
}

/** The longest list of issues that a message shows. */
const maxIssues = 5;

function applySchema(
  parser: PortTypeParser,
  value: unknown,
): { value: unknown } | { problem: string } {
  let result: ParseResult;
  try {
    result = parser.safeParse(value) as ParseResult;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problem: `the schema threw: ${message}` };
  }
  if (result.success) return { value: result.data };
  const issues = result.error?.issues ?? [];
  const lines = issues.slice(0, maxIssues).map(({ path = [], message = "does not fit" }) =>
    path.length > 0 ? `at ${formatPath(path)}: ${message}` : message
  );
  if (issues.length > maxIssues) lines.push(`${issues.length - maxIssues} more`);
  return { problem: lines.join("; ") || "the schema refuses it" };
}

function formatPath(path: readonly PropertyKey[]): string {
  return path.map((key) => typeof key === "number" ? `[${key}]` : `.${String(key)}`).join("")
    .replace(/^\./, "");
}

/** A check of whole values, under the name that the port's type has. */
function wholeCheck(check: TypeCheck, name: string = check.name): PortTypeCheck | undefined {
  if (check === anything) return undefined;
  return (value) => {
    const problem = check.check(value, 0);
    return problem && toPortMismatch(problem, name, value);
  };
}

function toPortMismatch(
  problem: TypeMismatch,
  expected: string,
  value: unknown,
): PortTypeMismatch {
  const { path, hint = "" } = problem;
  if (path === "") return { kind: "mismatch", expected, actual: problem.actual, hint };
  const where = `at ${
    path.replace(/^\./, "")
  }: expected ${problem.expected}, got ${problem.actual}`;
  return {
    kind: "mismatch",
    expected,
    actual: typeName(value),
    hint: hint ? `${where}: ${hint}` : where,
  };
}

function isParser(value: unknown): value is PortTypeParser {
  return isObject(value) && typeof (value as { safeParse?: unknown }).safeParse === "function";
}

function isDescription(type: unknown): type is TypeDescription {
  const shape = isObject(type) ? (type as { shape?: unknown }).shape : undefined;
  return isObject(shape) && typeof (shape as TypeShape).kind === "string";
}
