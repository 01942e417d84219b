/**
 * Stands in for `@std/cli` where the registry cannot be reached.
 *
 * @module
 */
// @ts-types="npm:@types/minimist@^1"
import minimist from "npm:minimist@^1";

type Names = string | undefined;
type Aliases = Readonly<Record<string, string | readonly string[]>>;

/** Options of {@linkcode parseArgs}. */
export interface ParseOptions<
  TBooleans extends Names = Names,
  TStrings extends Names = Names,
  TCollectable extends Names = Names,
  TNegatable extends Names = Names,
  TDefaults extends Record<string, unknown> | undefined = Record<string, unknown> | undefined,
  TDoubleDash extends boolean | undefined = boolean | undefined,
> {
  /** Whether what follows `--` goes into `"--"` instead of `_`. @default {false} */
  "--"?: TDoubleDash;
  /** Other names of options. */
  alias?: Aliases;
  /** Options without a value; `true`: all that have no `=`. */
  boolean?: boolean | TBooleans | ReadonlyArray<Extract<TBooleans, string>>;
  /** Values of options that are not given. */
  default?: TDefaults;
  /** Whether all after the first positional argument is positional. @default {false} */
  stopEarly?: boolean;
  /** Options whose value is a string even if it looks like a number. */
  string?: TStrings | ReadonlyArray<Extract<TStrings, string>>;
  /** Options that may be given several times; their value is an array. */
  collect?: TCollectable | ReadonlyArray<Extract<TCollectable, string>>;
  /** Options that `--no-NAME` sets to false. */
  negatable?: TNegatable | ReadonlyArray<Extract<TNegatable, string>>;
  /** Told of each option that is not named above, and of each positional; false drops it. */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

type OptionValues<TBooleans, TStrings, TCollectable, TNegatable> =
  & { [K in Extract<Exclude<TBooleans, TCollectable>, string>]: boolean }
  & { [K in Extract<Extract<TBooleans, TCollectable>, string>]: boolean[] }
  & {
    [K in Extract<Exclude<TStrings, TCollectable>, string>]?: K extends TNegatable ? string | false
      : string;
  }
  & {
    [K in Extract<Extract<TStrings, TCollectable>, string>]: K extends TNegatable ? string[] | false
      : string[];
  }
  & { [K in Extract<Exclude<TCollectable, TBooleans | TStrings>, string>]: unknown[] };

type WithDefaults<TValues, TDefaults> = undefined extends TDefaults ? TValues
  :
    & Omit<TValues, keyof TDefaults>
    & {
      [K in keyof TDefaults]: K extends keyof TValues ? TDefaults[K] | NonNullable<TValues[K]>
        : unknown;
    };

type Flat<T> = { [K in keyof T]: T[K] };

/** What {@linkcode parseArgs} returns. */
export type Args<
  // deno-lint-ignore no-explicit-any -- as in the genuine package: untyped without options
  TArgs extends Record<string, unknown> = Record<string, any>,
  TDoubleDash extends boolean | undefined = undefined,
> = Flat<
  & TArgs
  & { /** The positional arguments. */ _: Array<string | number> }
  & (true extends TDoubleDash ? { /** What follows `--`. */ "--": string[] } : unknown)
>;

type Values<TBooleans, TStrings, TCollectable, TNegatable, TDefaults> =
  [TBooleans | TStrings | TCollectable] extends [undefined]
    // deno-lint-ignore no-explicit-any -- as in the genuine package: untyped without options
    ? Record<string, any>
    :
      & Record<string, unknown>
      & WithDefaults<OptionValues<TBooleans, TStrings, TCollectable, TNegatable>, TDefaults>;

// minimist takes every `--no-x` as a negation. Those that are none are hidden from it by a mark.
const MARK = "\uE000";

/** Reads command line arguments. */
export function parseArgs<
  TDoubleDash extends boolean | undefined = undefined,
  const TBooleans extends Names = undefined,
  const TStrings extends Names = undefined,
  const TCollectable extends Names = undefined,
  const TNegatable extends Names = undefined,
  TDefaults extends Record<string, unknown> | undefined = undefined,
>(
  args: string[],
  options: ParseOptions<
    TBooleans,
    TStrings,
    TCollectable,
    TNegatable,
    TDefaults,
    TDoubleDash
  > = {},
): Args<Values<TBooleans, TStrings, TCollectable, TNegatable, TDefaults>, TDoubleDash> {
  const aliases = Object.entries(options.alias ?? {}).map((
    [name, other],
  ) => [name, ...list(other)]);
  const withAliases = (names: string[]) =>
    names.flatMap((name) => [name, ...aliases.filter((group) => group.includes(name)).flat()]);
  const collect = withAliases(list(options.collect));
  const negatable = withAliases(list(options.negatable));
  const strings = list(options.string);
  const booleans = typeof options.boolean === "boolean" ? [] : list(options.boolean);
  const end = args.includes("--") ? args.indexOf("--") : args.length;
  const marked = args.map((arg, i) => {
    if (i >= end || !arg.startsWith("--")) return arg;
    if (arg.startsWith("--no-") && !negatable.includes(arg.slice("--no-".length))) {
      return `--${MARK}${arg.slice(2)}`;
    }
    // A lone `-` and an empty argument are no values of a long option.
    const next = args[i + 1];
    return (next === "" || next === "-") && strings.includes(arg.slice(2)) ? `${arg}=` : arg;
  });
  const mark = (name: string) => name.startsWith("no-") ? `${MARK}${name}` : name;
  const parsed = minimist(marked, {
    boolean: options.boolean === true ? true : booleans.map(mark),
    string: strings.map(mark),
    alias: Object.fromEntries(aliases.map(([name, ...others]) => [name, others])),
    default: options.default ?? {},
    stopEarly: options.stopEarly ?? false,
    "--": options["--"] ?? false,
    ...(options.unknown ? { unknown: reporter(options.unknown) } : {}),
  });
  const result: Record<string, unknown> = { _: parsed._.map(unmark) };
  for (const [name, value] of Object.entries(parsed)) {
    if (name === "_") continue;
    result[unmark(name) as string] = name === "--"
      ? value
      : collect.includes(name)
      ? [value === false ? [] : value].flat().map(unmark)
      // What is not collected keeps the last value.
      : unmark(Array.isArray(value) ? value.at(-1) : value);
  }
  for (const name of collect) result[name] ??= options.default?.[name] ?? [];
  return result as Args<
    Values<TBooleans, TStrings, TCollectable, TNegatable, TDefaults>,
    TDoubleDash
  >;
}

function list(value: string | readonly string[] | undefined): string[] {
  return value === undefined ? [] : typeof value === "string" ? [value] : [...value];
}

function unmark(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll(MARK, "") : value;
}

function reporter(unknown: NonNullable<ParseOptions["unknown"]>): (arg: string) => boolean {
  return (arg) => {
    const text = unmark(arg) as string;
    const option = /^--?([^=]+)(?:=([\s\S]*))?$/.exec(text);
    return (option ? unknown(text, option[1], option[2] ?? true) : unknown(text)) !== false;
  };
}
