/**
 * Stands in for `@std/toml` where the registry cannot be reached, with what is peculiar about it:
 * dates are plain `Date`s, integers are numbers, errors are `SyntaxError`s, and `stringify()` writes
 * null as an empty table and leaves out what TOML has no word for.
 *
 * @module
 */
import * as npm from "npm:smol-toml@^1";

/** Options of {@linkcode stringify}. */
export interface StringifyOptions {
  /** Whether to align the `=` of all keys. @default {false} */
  keyAlignment?: boolean;
}

/** Reads a TOML text. */
export function parse(tomlString: string): Record<string, unknown> {
  try {
    // Integers come as bigints because smol-toml refuses to make unsafe numbers of them.
    return plain(npm.parse(tomlString, { integersAsBigInt: true })) as Record<string, unknown>;
  } catch (error) {
    if (!(error instanceof npm.TomlError)) throw error;
    throw new SyntaxError(
      `Parse error on line ${error.line}, column ${error.column}: ${error.message}`,
    );
  }
}

function plain(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (value instanceof npm.TomlDate) return date(value);
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Local dates are read as UTC, local date-times in the machine's zone, local times stay text. */
function date(value: npm.TomlDate): Date | string {
  const text = value.toISOString();
  return value.isTime() ? text.replace(".000", "") : new Date(text);
}

/** Writes `srcObj` as a TOML text: what fits on one line first, then the tables. */
export function stringify(srcObj: Record<string, unknown>, options?: StringifyOptions): string {
  const lines = tableLines(srcObj, []);
  const keyOf = /^("(?:[^"\\]|\\.)*"|[A-Za-z0-9_-]+) = /;
  const width = Math.max(0, ...lines.map((line) => keyOf.exec(line)?.[1]?.length ?? 0));
  return lines
    .filter((line, i) => line !== "" || lines[i + 1] !== "")
    .map((line) =>
      options?.keyAlignment ? line.replace(keyOf, (_, key) => `${key.padEnd(width)} = `) : line
    )
    .join("\n");
}

function tableLines(table: Record<string, unknown>, path: string[]): string[] {
  const entries = Object.entries(table);
  const lines = entries
    .filter(([, value]) => isInline(value))
    .map(([name, value]) => `${key(name)} = ${inlineText(value)}`);
  for (const [name, value] of entries.filter(([, value]) => !isInline(value))) {
    const at = [...path, key(name)];
    if (Array.isArray(value)) {
      for (const item of value) {
        lines.push("", `[[${at.join(".")}]]`, ...tableLines(item ?? {}, at));
      }
    } else if (typeof value === "object") {
      const inner = tableLines((value ?? {}) as Record<string, unknown>, at);
      const onlyTables = inner[0] === "" && inner[1]?.startsWith(`[${at.join(".")}.`);
      lines.push("", ...(onlyTables ? [] : [`[${at.join(".")}]`]), ...inner);
    }
  }
  return [...lines, ""];
}

/** Whether `value` fits after `key =`: all but tables, arrays of tables and what is not TOML. */
function isInline(value: unknown): boolean {
  if (!Array.isArray(value)) return isScalar(value);
  return value.length === 0 || value.some((item) => isScalar(item) || Array.isArray(item));
}

function isScalar(value: unknown): boolean {
  return value instanceof Date || value instanceof RegExp ||
    typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function inlineText(value: unknown, nested = false): string {
  if (value instanceof Date) {
    const text = value.toISOString().slice(0, -1);
    return nested ? `"${text}"` : text;
  }
  if (typeof value === "string" || value instanceof RegExp) return JSON.stringify(String(value));
  if (value === Infinity) return "inf";
  if (value === -Infinity) return "-inf";
  if (Array.isArray(value)) return `[${value.map((item) => inlineText(item, true)).join(",")}]`;
  if (typeof value !== "object") return String(value);
  if (value === null) throw new Error("should never reach");
  return `{${
    Object.entries(value).map(([name, item]) => `${key(name)} = ${inlineText(item, true)}`).join(
      ",",
    )
  }}`;
}

function key(name: string): string {
  return /^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name);
}
