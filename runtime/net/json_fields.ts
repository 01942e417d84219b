/**
 * Reading the fields of a logged record.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";

/** Fields of a JSON object, read with a check of their type. */
export class JSONFields {
  readonly #data: Record<string, unknown>;
  readonly #what: string;

  /**
   * Opens `data` for reading.
   *
   * @param what What is being read, for messages, such as `epoch log`.
   * @throws {InvalidArgumentError} If it is no object.
   */
  constructor(data: unknown, what: string) {
    if (typeof data !== "object" || data === null || Array.isArray(data)) {
      throw new InvalidArgumentError(`Cannot read ${what}: expected an object, got ${show(data)}`);
    }
    this.#data = data as Record<string, unknown>;
    this.#what = what;
  }

  /** A text. */
  string(key: string): string {
    return this.optionalString(key) ?? this.#missing(key, "a text");
  }

  /** A text, or `undefined` if the field is absent or null. */
  optionalString(key: string): string | undefined {
    return this.#read(key, "a text", (value) => typeof value === "string" ? value : undefined);
  }

  /** A number, `otherwise` if the field is absent or null. */
  number(key: string, otherwise: number): number {
    return this.optionalNumber(key) ?? otherwise;
  }

  /** A number, or `undefined` if the field is absent or null. */
  optionalNumber(key: string): number | undefined {
    return this.#read(key, "a number", (value) => typeof value === "number" ? value : undefined);
  }

  /** A time in ms UTC. */
  time(key: string): number {
    return this.optionalTime(key) ?? this.#missing(key, "a time");
  }

  /** A time in ms UTC, or `undefined` if the field is absent or null. */
  optionalTime(key: string): number | undefined {
    return this.#read(key, "a time (ISO 8601)", (value) => {
      if (typeof value === "number") return value;
      const ms = typeof value === "string" ? Date.parse(value) : NaN;
      return Number.isNaN(ms) ? undefined : ms;
    });
  }

  /** A list; empty if the field is absent or null. */
  list(key: string): unknown[] {
    return this.optionalList(key) ?? [];
  }

  /** A list, or `undefined` if the field is absent or null. */
  optionalList(key: string): unknown[] | undefined {
    return this.#read(key, "a list", (value) => Array.isArray(value) ? value : undefined);
  }

  /** A JSON object; empty if the field is absent or null. */
  object(key: string): Record<string, unknown> {
    const value = this.#read(
      key,
      "an object",
      (value) => typeof value === "object" && !Array.isArray(value) ? value : undefined,
    );
    return (value ?? {}) as Record<string, unknown>;
  }

  #read<T>(key: string, expected: string, read: (value: unknown) => T | undefined): T | undefined {
    const value = this.#data[key];
    if (value === undefined || value === null) return undefined;
    return read(value) ?? this.#missing(key, expected);
  }

  #missing(key: string, expected: string): never {
    throw new InvalidArgumentError(
      `Cannot read ${this.#what}: \`${key}\` must be ${expected}, got ${show(this.#data[key])}`,
    );
  }
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

/** A time in ms UTC as JSON has it; null if there is none. */
export function toISO(timestampMs: number): string;
export function toISO(timestampMs: number | undefined): string | null;
export function toISO(timestampMs: number | undefined): string | null {
  return timestampMs === undefined ? null : new Date(timestampMs).toISOString();
}
