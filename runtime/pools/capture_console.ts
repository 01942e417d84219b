/**
 * Taking what code writes to the console, with the time at which it does.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";

/** Something that was written to standard output or standard error. */
export interface OutputEntry {
  /** When it was written, in ms UTC. */
  timestamp: number;
  /** Whether it went to standard output. */
  isStdout: boolean;
  /** What was written, with its line end. */
  text: string;
}

/** Takes what the code of a job writes to the console; true if it did. */
export type ConsoleSink = (entry: OutputEntry) => void;

const sinks = new AsyncLocalStorage<ConsoleSink>();
const methods:
  readonly (readonly [name: "log" | "info" | "debug" | "warn" | "error", out: boolean])[] = [
    ["log", true],
    ["info", true],
    ["debug", true],
    ["warn", false],
    ["error", false],
  ];
let isCapturing = false;

/** Runs code whose console output, also of what it starts, goes to `sink`. */
export function withConsoleSink<T>(sink: ConsoleSink, run: () => T): T {
  return isCapturing ? sinks.run(sink, run) : run();
}

/**
 * Takes over the console of this Worker.
 *
 * @param outside Gets what is written outside of any job; the console itself does if left out.
 */
export function captureConsole(outside?: ConsoleSink): void {
  if (isCapturing) return;
  isCapturing = true;
  for (const [name, isStdout] of methods) {
    const write = console[name].bind(console);
    console[name] = (...args: unknown[]) => {
      const sink = sinks.getStore() ?? outside;
      if (!sink) return write(...args);
      sink({ timestamp: Date.now(), isStdout, text: consoleText(args) });
    };
  }
}

function consoleText(args: readonly unknown[]): string {
  return args.map((arg) => typeof arg === "string" ? arg : Deno.inspect(arg)).join(" ") + "\n";
}
