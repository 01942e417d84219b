/**
 * Data on its way into a text: Maps, lists and scalars that the format can hold.
 *
 * @module
 */
import { ConfigSchemaError } from "../error.ts";
import type { ConfigIssue, ConfigPath } from "../issue.ts";
import type { NetTextFormat } from "./net_text.ts";
import { MAX_DEPTH } from "./text_problems.ts";

/** Keys under which everything is the user's own, so that a null there means something. */
const FREE_FORM = new Set(["extra", "factory_args", "pickling_args"]);

/** How nulls, which TOML does not have, are told of. */
export interface TextDataOptions {
  /** Told of every null that is dropped. */
  warn?: ((issue: ConfigIssue) => void) | undefined;
  /** Also tell of nulls where null and absent mean the same. */
  everyNull?: boolean | undefined;
}

/**
 * A copy of `data` as Maps, lists and scalars, without what cannot be written.
 *
 * Members that are undefined are left out, in TOML also those that are null.
 *
 * @throws {ConfigSchemaError} `not_serializable` with every value that the format cannot hold, or
 * `too_deep`, which data that contains itself also is.
 */
export function toTextData(
  data: unknown,
  format: NetTextFormat,
  options: TextDataOptions = {},
): unknown {
  const copy = new TextDataCopy(format, options);
  const result = copy.value(data);
  if (format === "toml" && !(result instanceof Map)) {
    copy.refuse(`TOML text is always a table, got ${describe(data)}`);
  }
  if (copy.errors.length > 0) throw new ConfigSchemaError(copy.errors);
  return result;
}

class TextDataCopy {
  readonly errors: ConfigIssue[] = [];
  readonly #format: NetTextFormat;
  readonly #options: TextDataOptions;
  readonly #path: ConfigPath = [];

  constructor(format: NetTextFormat, options: TextDataOptions) {
    this.#format = format;
    this.#options = options;
  }

  value(value: unknown): unknown {
    switch (typeof value) {
      case "string":
        this.#checkString(value);
        return value;
      case "number":
        if (!Number.isFinite(value)) this.refuse(`${value} is not a finite number`);
        return value;
      case "boolean":
      case "bigint":
        return value;
    }
    if (value === null) {
      if (this.#format === "toml") {
        this.refuse("TOML has no null, and an item of a list cannot be left out");
      }
      return null;
    }
    if (Array.isArray(value)) return this.#list(value);
    if (value instanceof Map) return this.#members(value);
    if (isPlainObject(value)) return this.#members(Object.entries(value));
    this.refuse(`${describe(value)} cannot be written as text; only plain data can`);
    return null;
  }

  refuse(message: string, code = "not_serializable"): void {
    this.errors.push({ code, path: [...this.#path], message, severity: "error" });
  }

  #list(list: readonly unknown[]): unknown[] {
    if (this.#tooDeep()) return [];
    return Array.from(list, (item, i) => {
      this.#path.push(i);
      const copy = this.value(item);
      this.#path.pop();
      return copy;
    });
  }

  #members(members: Iterable<[unknown, unknown]>): Map<string, unknown> {
    const copy = new Map<string, unknown>();
    if (this.#tooDeep()) return copy;
    for (const [key, value] of members) {
      if (value === undefined) continue;
      this.#path.push(String(key));
      this.#checkString(String(key));
      if (value === null && this.#format === "toml") this.#dropNull();
      else copy.set(String(key), this.value(value));
      this.#path.pop();
    }
    return copy;
  }

  #dropNull(): void {
    const { warn, everyNull } = this.#options;
    const path = [...this.#path];
    if (!everyNull && !path.some((step) => FREE_FORM.has(String(step)))) return;
    const message = "TOML has no null: the key is left out";
    warn?.({ code: "null_dropped", path, message, severity: "warning" });
  }

  #checkString(text: string): void {
    if (this.#format === "toml" && !text.isWellFormed()) {
      this.refuse("half of a surrogate pair, which TOML cannot hold");
    }
  }

  #tooDeep(): boolean {
    if (this.#path.length < MAX_DEPTH) return false;
    this.#path.length = 8;
    this.refuse(`nested deeper than ${MAX_DEPTH} levels, or contains itself`, "too_deep");
    throw new ConfigSchemaError(this.errors.slice(-1));
  }
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  if (typeof value === "function") return `the function ${value.name || "without a name"}`;
  if (Array.isArray(value)) return "a list";
  if (typeof value !== "object" || value === null) return `${typeof value} ${String(value)}`;
  return `a ${value.constructor?.name ?? "object"}`;
}

/** A number so that it reads back as the same number, in JSON and in TOML. */
export function formatNumber(number: number | bigint): string {
  if (Object.is(number, -0)) return "-0.0";
  // Written as an integer it would be read as a bigint.
  if (typeof number === "number" && Number.isInteger(number) && !Number.isSafeInteger(number)) {
    return number.toExponential();
  }
  return String(number);
}
