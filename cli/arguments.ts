/**
 * Reading the arguments of a call.
 *
 * @module
 */
import { parseArgs } from "@std/cli";
import { nearestName } from "../runtime/schema/nearest_name.ts";
import {
  type Command,
  type CommandCall,
  globalOptions,
  type Option,
  type Positional,
  UsageError,
} from "./command.ts";
import type { Io } from "./io.ts";

/** Values of the options that were given, by name; a flag has none. */
export type GivenOptions = ReadonlyMap<string, readonly string[]>;

/**
 * Reads options and the words between them.
 *
 * @param args The arguments.
 * @param options The options that there are.
 * @param untilWord Stop at the first word; it and all that follows are left as `words`.
 * @throws {UsageError} On an unknown option, a missing or a wrong value.
 */
export function readOptions(
  args: readonly string[],
  options: readonly Option[],
  untilWord = false,
): { words: string[]; given: Map<string, string[]> } {
  const named = (withValue: boolean) =>
    options.filter(({ value }) => (value !== undefined) === withValue).map(({ name }) => name);
  const parsed: Record<string, unknown> & { _: (string | number)[] } = parseArgs(
    joinValues(args, options, untilWord),
    {
      string: ["_", ...named(true)],
      collect: named(true),
      boolean: named(false),
      alias: Object.fromEntries(options.flatMap(({ name, short }) => short ? [[name, short]] : [])),
      stopEarly: untilWord,
      unknown: (argument, key) => {
        if (key !== undefined) throw unknownOption(argument.split("=", 1)[0]!, options);
      },
    },
  );
  const given = new Map<string, string[]>();
  for (const option of options) {
    const found = parsed[option.name];
    if (option.value === undefined) {
      refuseValue(args, option);
      if (found === true) given.set(option.name, []);
    } else {
      for (const value of found as string[]) addValue(given, option, value);
    }
  }
  return { words: parsed._.map(String), given };
}

/** The parser takes any value of a flag for true. */
function refuseValue(args: readonly string[], { name }: Option): void {
  const written = args.find((arg) => arg.startsWith(`--${name}=`));
  if (written === undefined) return;
  throw new UsageError(`--${name} takes no value, got ${written.slice(name.length + 3)}`);
}

/**
 * `--position -3,2` and `-o -` as one word each: the parser takes only values for values that do not
 * begin with a dash.
 */
function joinValues(
  args: readonly string[],
  options: readonly Option[],
  untilWord: boolean,
): string[] {
  const withValue = new Map<string, string>();
  const known = new Set<string>();
  for (const { name, short, value } of options) {
    for (const written of [`--${name}`, ...short === undefined ? [] : [`-${short}`]]) {
      known.add(written);
      if (value !== undefined) withValue.set(written, name);
    }
  }
  const joined: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!;
    if (arg === "--" || (untilWord && !arg.startsWith("-"))) return [...joined, ...args.slice(i)];
    const name = withValue.get(arg);
    const next = args[i + 1];
    const isForgotten = next === undefined || next === "" || known.has(next.split("=", 1)[0]!);
    if (name === undefined || isForgotten) joined.push(arg);
    else {
      joined.push(`--${name}=${next}`);
      i++;
    }
  }
  return joined;
}

function unknownOption(written: string, options: readonly Option[]): UsageError {
  const near = nearestName(written.replace(/^-+/, ""), options.map(({ name }) => name));
  return new UsageError(
    `Unknown option ${written}${near === undefined ? "" : `: did you mean --${near}?`}`,
  );
}

function addValue(given: Map<string, string[]>, option: Option, value: string): void {
  const { name, choices } = option;
  if (value === "") throw new UsageError(`--${name} needs a value: ${option.value}`);
  if (choices && !choices.includes(value)) {
    const near = nearestName(value, choices);
    throw new UsageError(
      `--${name} is one of ${choices.join(", ")}, got ${value}` +
        (near === undefined ? "" : `: did you mean ${near}?`),
    );
  }
  const values = given.get(name);
  if (values && option.many) values.push(value);
  else given.set(name, [value]);
}

/**
 * Checks the arguments of a call against its command.
 *
 * @param name Name of the command, for messages.
 * @param before The global options that stood before the name.
 * @throws {UsageError} If they do not fit.
 */
export function readCall(
  name: string,
  command: Command,
  args: readonly string[],
  before: GivenOptions,
  io: Io,
): CommandCall {
  const options = [...command.options ?? [], ...globalOptions];
  const { words, given } = readOptions(args, options);
  const all = new Map<string, readonly string[]>([...before, ...given]);
  if (!all.has("help")) checkWords(name, command.positionals ?? [], words);
  return {
    io,
    argv: [...name.split(" "), ...written(before), ...args],
    positionals: words,
    flag: (option) => all.has(option),
    value: (option) => all.get(option)?.at(-1),
    values: (option) => all.get(option) ?? [],
  };
}

/** Options as they are written. */
function written(options: GivenOptions): string[] {
  return [...options].flatMap(([name, values]) =>
    values.length === 0 ? [`--${name}`] : values.map((value) => `--${name}=${value}`)
  );
}

function checkWords(
  name: string,
  positionals: readonly Positional[],
  words: readonly string[],
): void {
  const missing = positionals.find(({ required }, i) => required && words[i] === undefined);
  if (missing) throw new UsageError(`netrun ${name} needs ${missing.name}: ${missing.help}`);
  if (words.length > positionals.length && !positionals.at(-1)?.many) {
    throw new UsageError(`netrun ${name}: surplus argument ${words[positionals.length]}`);
  }
}

/**
 * The value of an option as a number of at least `min`.
 *
 * @throws {UsageError} If it is none.
 */
export function numberOption(
  call: CommandCall,
  name: string,
  { min = 0, what = "a number" }: { min?: number; what?: string } = {},
): number | undefined {
  const text = call.value(name);
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value) && value >= min) return value;
  throw new UsageError(`--${name} is ${what} of ${min} or more, got ${text}`);
}
