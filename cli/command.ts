/**
 * What a command of the program is: data for help, completion and documentation, and a function.
 *
 * @module
 */
import type { Io } from "./io.ts";

/** A command cannot do what it was asked to. Ends with status 1. */
export class CommandError extends Error {
  override readonly name: string = "CommandError";
}

/** The call itself is wrong: unknown option, missing argument. Ends with status 2. */
export class UsageError extends CommandError {
  override readonly name = "UsageError";
}

/** One option of a command. */
export interface Option {
  /** Long name, without dashes. */
  readonly name: string;
  /** One letter, if it has a short form. */
  readonly short?: string;
  /** Name of the value in the help text; an option without is a flag. */
  readonly value?: string;
  /** The values that are allowed, if only some are. */
  readonly choices?: readonly string[];
  /** It may be given several times. */
  readonly many?: true;
  /** What it does, for the help text. */
  readonly help: string;
}

/** One positional argument of a command. */
export interface Positional {
  /** Its name in the help text. */
  readonly name: string;
  /** The command needs it. */
  readonly required?: true;
  /** It takes all that are left; only for the last one. */
  readonly many?: true;
  /** The words that are allowed, if only some are. */
  readonly choices?: readonly string[];
  /** What it is, for the help text. */
  readonly help: string;
}

/** One command, in a module of its own that is loaded only when it is called. */
export interface Command {
  /** What it does, in one or two sentences. */
  readonly description: string;
  /** Its positional arguments, in order. */
  readonly positionals?: readonly Positional[];
  /** Its options, beside the global ones. */
  readonly options?: readonly Option[];
  /** Calls worth copying, each with a word on what it does. */
  readonly examples: readonly (readonly [call: string, what: string])[];
  /** Does it and returns the exit status. */
  run(call: CommandCall): number | Promise<number>;
}

/** The arguments of one call, checked against the command. */
export interface CommandCall {
  /** The surroundings. */
  readonly io: Io;
  /** The whole call, as the program would be given it again. */
  readonly argv: readonly string[];
  /** Positional arguments, in order. */
  readonly positionals: readonly string[];
  /** Whether a flag was given. */
  flag(name: string): boolean;
  /** The value of an option, or undefined. */
  value(name: string): string | undefined;
  /** All values of an option that may be given several times. */
  values(name: string): readonly string[];
}

/** Options that every command takes, before or after its name. */
export const globalOptions: readonly Option[] = [
  { name: "config", short: "c", value: "FILE", help: "the net file" },
  { name: "compact", help: "print JSON on one line" },
  { name: "pretty", help: "print JSON with indentation (default)" },
  {
    name: "color",
    value: "WHEN",
    choices: ["auto", "always", "never"],
    help: "colours in messages; auto: on a terminal, unless NO_COLOR is set",
  },
  { name: "debug", help: "show the stack of an error" },
  { name: "help", short: "h", help: "show this help" },
];

/** Options of commands that resolve a net, which may load code of the project. */
export const resolveOptions: readonly Option[] = [
  { name: "strict", help: "warnings, or that the net cannot be resolved, are errors" },
  { name: "no-import", help: "load no code of the project" },
  {
    name: "allow-module",
    value: "PREFIX",
    many: true,
    help: "code outside the project that may be loaded: a beginning of URLs, or a folder",
  },
];
