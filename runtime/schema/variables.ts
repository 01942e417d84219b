/**
 * Converting node variables and taking those of the net and of a node together.
 *
 * @module
 */
import { ConfigResolveError } from "./error.ts";
import { isReference, toNumber } from "./field.ts";
import type { ConfigIssue } from "./issue.ts";
import { Place } from "./place.ts";
import type { SecretSources } from "./secrets.ts";
import type { NodeVariable } from "./variable.ts";
import { show } from "./zod_issue.ts";

/** Converted variables: a record without prototype, so that every name is free. */
export type VariableValues = Readonly<Record<string, unknown>>;

/** What converting gives: the value, or a code, what is wrong, and with which value. */
type Converted = { value: unknown } | { code: string; message: string; got?: unknown };

/**
 * The value of a variable.
 *
 * @param variable The declaration; its value must not be a reference any more.
 * @returns The converted value, null for an optional variable without one.
 * @throws {ConfigResolveError} `var_placeholder`, `cast_failed`, `var_option`, or `env_missing` for a
 * reference.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const declaration = { options: null, inherit: false, optional: false };
 * assertEquals(resolveNodeVariable({ value: " 12 ", type: "int", ...declaration }), 12);
 * assertEquals(resolveNodeVariable({ value: "[1]", type: "json", ...declaration }), [1]);
 * ```
 */
export function resolveNodeVariable(variable: NodeVariable): unknown {
  const converted = convert(variable);
  if ("value" in converted) return converted.value;
  const message = `variable ${describe(converted, false)}`;
  throw new ConfigResolveError([Place.top({}).issue(converted.code, message)]);
}

/**
 * Converts the variables of the net.
 *
 * @param declared The declarations.
 * @param place Where they are written.
 * @param issues Gets what is wrong.
 * @param secrets The variables whose values no message shows.
 */
export function convertNetVariables(
  declared: ReadonlyMap<string, NodeVariable> | null,
  place: Place,
  issues: ConfigIssue[],
  secrets?: SecretSources,
): VariableValues {
  const values: Record<string, unknown> = Object.create(null);
  const adder: Adder = { values, place, issues, secrets };
  for (const [name, variable] of declared ?? []) {
    if (variable.inherit) {
      issues.push(
        place.at(name).issue(
          "var_inherit_at_net",
          `variable "${name}" has \`inherit\`, which only variables of nodes can have: ` +
            "there is nothing above the net to inherit from",
        ),
      );
      continue;
    }
    add(adder, name, convert(variable), `variable "${name}"`);
  }
  return Object.freeze(values);
}

/**
 * Converts the variables of a node and merges them over those of the net.
 *
 * @param declared The declarations of the node.
 * @param net Declarations and values of the net.
 * @param nodeName The node, for messages.
 * @param place Where the node's variables are written.
 * @param issues Gets what is wrong.
 * @param secrets The variables whose values no message shows.
 */
export function convertNodeVariables(
  declared: ReadonlyMap<string, NodeVariable> | null,
  net: { declared: ReadonlyMap<string, NodeVariable> | null; values: VariableValues },
  nodeName: string,
  place: Place,
  issues: ConfigIssue[],
  secrets?: SecretSources,
): VariableValues {
  if (declared === null || declared.size === 0) return net.values;
  const values: Record<string, unknown> = Object.assign(Object.create(null), net.values);
  const adder: Adder = { values, place, issues, secrets };
  for (const [name, variable] of declared) {
    const what = `variable "${name}" of node "${nodeName}"`;
    const inherited = variable.inherit ? net.declared?.get(name) : undefined;
    if (variable.inherit && inherited === undefined) {
      issues.push(
        place.at(name).issue(
          "var_inherit_missing",
          `${what} inherits, but the net has no variable of that name: ` +
            "declare it in `node_vars` of the net or remove `inherit`",
        ),
      );
      continue;
    }
    const full = inherited === undefined
      ? variable
      : { ...inherited, value: variable.value ?? inherited.value };
    add(adder, name, convert(full), what);
  }
  return Object.freeze(values);
}

interface Adder {
  values: Record<string, unknown>;
  place: Place;
  issues: ConfigIssue[];
  secrets: SecretSources | undefined;
}

function add(
  { values, place, issues, secrets }: Adder,
  name: string,
  converted: Converted,
  what: string,
): void {
  if ("value" in converted) {
    values[name] = converted.value;
    return;
  }
  const message = `${what} ${describe(converted, secrets?.vars.has(name) === true)}`;
  issues.push(place.at(name).issue(converted.code, message));
}

function describe(
  problem: Exclude<Converted, { value: unknown }>,
  isSecret: boolean,
): string {
  return isSecret || !("got" in problem)
    ? problem.message
    : `${problem.message}, got ${show(problem.got)}`;
}

function convert({ value, type, options, optional }: NodeVariable): Converted {
  if (value === null) {
    return optional ? { value: null } : {
      code: "var_placeholder",
      message: "has no value: give it one in the file or on loading, or make it `optional`",
    };
  }
  if (isReference(value)) {
    return { code: "env_missing", message: `refers to ${JSON.stringify(value)}: resolve it first` };
  }
  const converted = CONVERSIONS[type](value);
  if (converted === undefined) {
    return { code: "cast_failed", message: `must be ${WANTED[type]}`, got: value };
  }
  if (options === null || options.some((option) => option === converted)) {
    return { value: converted };
  }
  const allowed = options.map(show).join(", ");
  return { code: "var_option", message: `must be one of ${allowed}`, got: converted };
}

const WANTED = {
  str: "a string",
  int: "a whole number",
  float: "a number",
  bool: "true or false",
  json: "JSON text",
} as const;

/** Each gives undefined where it cannot convert. */
const CONVERSIONS: Readonly<
  Record<NodeVariable["type"], (value: string | number | boolean) => unknown>
> = {
  str: String,
  int(value) {
    if (typeof value === "boolean") return undefined;
    const number = typeof value === "number"
      ? Math.trunc(value)
      : /^[+-]?\d+$/.test(value.trim())
      ? Number(value)
      : NaN;
    return Number.isSafeInteger(number) ? number + 0 : undefined;
  },
  float(value) {
    const number = toNumber(value);
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
  },
  bool(value) {
    if (typeof value !== "string") return value !== 0 && value !== false;
    const word = value.trim().toLowerCase();
    if (["true", "1", "yes"].includes(word)) return true;
    return ["false", "0", "no"].includes(word) ? false : undefined;
  },
  json(value) {
    if (typeof value !== "string") return value;
    try {
      return JSON.parse(value);
    } catch {
      return undefined;
    }
  },
};
