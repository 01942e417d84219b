/**
 * Values of variables as text.
 *
 * @module
 */
import { writeJson } from "../../runtime/schema/text/write_json.ts";

/** The types that variables have. */
export const VARIABLE_TYPES: readonly string[] = ["str", "int", "float", "bool", "json"];

/** A value as it is shown; nothing for one that is not there. */
export function variableText(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "string" ? value : writeJson(value, "").trimEnd();
}

/**
 * The value that a text means; else what is wrong with it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(readVariable("Yes", "bool"), { value: true });
 * assertEquals(readVariable("many", "int"), { message: "“many” is no int" });
 * ```
 */
export function readVariable(
  text: string,
  type: string,
): { readonly value: unknown } | { readonly message: string } {
  const refused = { message: `“${text}” is no ${type}` };
  switch (type) {
    case "int":
      return /^\s*[+-]?\d+\s*$/.test(text) ? { value: Number(text) } : refused;
    case "float": {
      const value = Number(text);
      return text.trim() === "" || !Number.isFinite(value) ? refused : { value };
    }
    case "bool":
      if (/^\s*(?:true|1|yes)\s*$/i.test(text)) return { value: true };
      return /^\s*(?:false|0|no)\s*$/i.test(text) ? { value: false } : refused;
    default:
      return { value: text };
  }
}

/** A value as its type means it: files may also write numbers and booleans as text. */
export function converted(value: unknown, type: string): unknown {
  if (value === undefined || value === null || type === "json" || type === "str") return value;
  const reading = readVariable(variableText(value), type);
  return "value" in reading ? reading.value : value;
}
