/**
 * Taking what code writes to the console, with the time at which it does.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import process from "node:process";

/** Something that was written to standard output or standard error. */
export interface OutputEntry {
  /** When it was written, in ms UTC. */
  timestamp: number;
  /** Whether it went to standard output. */
  isStdout: boolean;
  /** What was written, with its line end. */
  text: string;
}

/** Takes what the code of a job writes to the console; false if the job is over, so that it does not. */
export type ConsoleSink = (entry: OutputEntry) => boolean;

const sinks = new AsyncLocalStorage<ConsoleSink>();

const methods = [
  ["log", true],
  ["info", true],
  ["debug", true],
  ["warn", false],
  ["error", false],
] as const;

/** What these write is composed by Node's console, which takes its time to load. */
const seldomUsed = [
  "assert",
  "count",
  "countReset",
  "dir",
  "dirxml",
  "group",
  "groupCollapsed",
  "groupEnd",
  "table",
  "time",
  "timeEnd",
  "timeLog",
  "trace",
] as const;

let captures = 0;

/** Whether the console of this thread is taken over. */
export function isConsoleCaptured(): boolean {
  return captures > 0;
}

/** Runs code whose console output, also of what it starts, goes to `sink`. */
export function withConsoleSink<T>(sink: ConsoleSink, run: () => T): T {
  return captures > 0 ? sinks.run(sink, run) : run();
}

/**
 * Takes over the console of this thread, until what it returns is disposed.
 *
 * @param outside Gets what is written outside of any job, or after its end; the console itself does
 * if left out.
 */
export function captureConsole(outside?: (entry: OutputEntry) => void): Disposable {
  captures++;
  const original = { ...console };
  const take = (isStdout: boolean, text: string) => {
    const entry = { timestamp: Date.now(), isStdout, text };
    if (sinks.getStore()?.(entry)) return;
    if (outside) return outside(entry);
    original[isStdout ? "log" : "error"](text.replace(/\n$/, ""));
  };
  for (const [name, isStdout] of methods) {
    console[name] = (...args: unknown[]) => {
      if (!sinks.getStore() && !outside) return original[name](...args);
      take(isStdout, consoleText(args));
    };
  }
  let composer: typeof console | undefined;
  for (const name of seldomUsed) {
    console[name] = (...args: unknown[]) => {
      if (!sinks.getStore() && !outside) return original[name](...args as []);
      composer ??= composeConsole(take);
      composer[name](...args as []);
    };
  }
  return {
    [Symbol.dispose]() {
      captures--;
      Object.assign(console, original);
    },
  };
}

function composeConsole(write: (isStdout: boolean, text: string) => void): typeof console {
  const { Console } = process.getBuiltinModule("node:console");
  const { Writable } = process.getBuiltinModule("node:stream");
  const stream = (isStdout: boolean) =>
    new Writable({
      write(chunk, _encoding, written) {
        write(isStdout, String(chunk));
        written();
      },
    });
  return new Console({ stdout: stream(true), stderr: stream(false) });
}

function consoleText(args: readonly unknown[]): string {
  const [first] = args;
  if (args.length > 1 && typeof first === "string" && first.includes("%")) {
    return process.getBuiltinModule("node:util").format(...args) + "\n";
  }
  return args.map((arg) => typeof arg === "string" ? arg : Deno.inspect(arg)).join(" ") + "\n";
}
