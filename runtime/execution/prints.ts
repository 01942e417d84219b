/**
 * What node functions print and log: entries, and their text.
 *
 * @module
 */
import type { LogLevel } from "./node_execution_context.ts";

/** One `print` of a node function. */
export interface PrintEntry {
  /** When it was printed, in ms UTC. */
  timestamp: number;
  /** What was printed, with its line end. */
  text: string;
}

/** One structured `log` of a node function. */
export interface NodeLogEntry {
  /** When it was logged, in ms UTC. */
  timestamp: number;
  /** The message, if one was given. */
  message?: string;
  /** The fields; empty if none were given. */
  fields: Record<string, unknown>;
  /** Severity. */
  level: LogLevel;
}

/** How the arguments of a print become one text. */
export interface PrintOptions {
  /**
   * What stands between two arguments.
   *
   * @default {" "}
   */
  sep?: string;
  /**
   * What follows the last one.
   *
   * @default {"\n"}
   */
  end?: string;
}

/**
 * The text of a print: strings as they are, everything else as `console.log` shows it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatPrint(["got", 1, { a: "b" }]), 'got 1 { a: "b" }\n');
 * assertEquals(formatPrint(["a", "b"], { sep: "-", end: "" }), "a-b");
 * ```
 */
export function formatPrint(args: readonly unknown[], options: PrintOptions = {}): string {
  const { sep = " ", end = "\n" } = options;
  return args.map(formatValue).join(sep) + end;
}

/**
 * The print line of a structured log entry: `message | key=value key=value`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatLog("step", { n: 1, kind: "a" }), "step | n=1 kind=a\n");
 * assertEquals(formatLog(undefined, { n: 1 }), "n=1\n");
 * ```
 */
export function formatLog(message?: string, fields: Record<string, unknown> = {}): string {
  const pairs = formatFields(fields);
  const head = message ?? "";
  return `${head}${head && pairs && " | "}${pairs}\n`;
}

/** Fields as `key=value`, separated by blanks, all on one line. */
export function formatFields(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([key, value]) => `${key}=${formatValue(value).replace(/\s*\n\s*/g, " ")}`)
    .join(" ");
}

/** A value as text. Nothing that a value does while it is shown can break the print. */
function formatValue(value: unknown): string {
  if (typeof value === "string") return value;
  try {
    return Deno.inspect(value);
  } catch (error) {
    return `[not printable: ${error instanceof Error ? error.message : String(error)}]`;
  }
}

/**
 * The time of day, in UTC, as log lines show it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(formatTime(Date.UTC(2026, 0, 2, 3, 4, 5, 6)), "03:04:05.006");
 * ```
 */
export function formatTime(timestampMs: number): string {
  return new Date(timestampMs).toISOString().slice(11, 23);
}

/**
 * The line in which a print is echoed: `[HH:MM:SS.mmm] [node] text`, without the final line end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const entry = { timestamp: 0, text: "hello\n" };
 * assertEquals(formatEcho("greet", entry), "[00:00:00.000] [greet] hello");
 * ```
 */
export function formatEcho(nodeName: string, entry: PrintEntry): string {
  return `[${formatTime(entry.timestamp)}] [${nodeName}] ${entry.text.replace(/\r?\n$/, "")}`;
}
