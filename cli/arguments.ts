/**
 * Reading the arguments of a call.
 *
 * @module
 */
import { parseArgs } from "node:util";
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
  const known = new Map(options.map((option) => [option.name, option]));
  const { tokens } = parseArgs({
    args: [...args],
    options: Object.fromEntries(options.map(({ name, short, value }) => [name, {
      type: value === undefined ? "boolean" as const : "string" as const,
      ...(short === undefined ? {} : { short }),
    }])),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const words: string[] = [];
  const given = new Map<string, string[]>();
  for (const token of tokens) {
    if (token.kind === "positional") {
      if (untilWord) return { words: args.slice(token.index), given };
      words.push(token.value);
    } else if (token.kind === "option") {
      const option = known.get(token.name);
      if (!option) throw unknownOption(token.rawName, options);
      addValue(given, option, token.value);
    }
  }
  return { words, given };
}

function unknownOption(written: string, options: readonly Option[]): UsageError {
  const near = nearestName(written.replace(/^-+/, ""), options.map(({ name }) => name));
  return new UsageError(
    `Unknown option ${written}${near === undefined ? "" : `: did you mean --${near}?`}`,
  );
}

function addValue(given: Map<string, string[]>, option: Option, value: string | undefined): void {
  const { name, choices } = option;
  if (option.value === undefined) {
    if (value !== undefined) throw new UsageError(`--${name} takes no value, got ${value}`);
    given.set(name, []);
    return;
  }
  if (value === undefined || value === "") {
    throw new UsageError(`--${name} needs a value: ${option.value}`);
  }
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
