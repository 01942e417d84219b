/**
 * From the problems that zod finds to those that we report.
 *
 * @module
 */
import * as z from "zod";
import { isRecord, isReferenceLike } from "./field.ts";
import { Hints } from "./hints.ts";
import type { ConfigPath } from "./issue.ts";
import { CONTROL_TYPES, SIGNAL_TYPES } from "./signal.ts";

/** A problem before it has a place in a file. */
export interface Problem {
  /** Stable code. */
  code: string;
  /** Where, from the value that was checked. */
  path: ConfigPath;
  /** What is wrong. */
  message: string;
}

/** What checking a value gives: the parsed value, or what is wrong with it. */
export type Checked = { ok: true; value: unknown } | { ok: false; problems: Problem[] };

/** Checks a value against a schema. */
export function check(schema: z.core.$ZodType, value: unknown): Checked {
  const result = z.core.safeParse(schema, value, { reportInput: true });
  if (result.success) return { ok: true, value: result.data };
  const hints = new Hints();
  return { ok: false, problems: result.error.issues.flatMap((issue) => toProblems(issue, hints)) };
}

function toProblems(issue: z.core.$ZodIssue, hints: Hints): Problem[] {
  if (issue.code !== "unrecognized_keys") return [toProblem(issue, hints)];
  return issue.keys.map((key) => ({
    path: [...issue.path as ConfigPath, key],
    code: "unknown_key",
    message: `unknown key ${JSON.stringify(key)}`,
  }));
}

function toProblem(issue: z.core.$ZodIssue, hints: Hints): Problem {
  const path = issue.path as ConfigPath;
  const { input } = issue;
  if (issue.code === "custom") {
    const code = issue.params?.code;
    return { path, code: typeof code === "string" ? code : "type", message: issue.message };
  }
  if (issue.code === "invalid_union") return tagProblem(issue, path.slice(0, -1), hints);
  if (input === undefined) {
    return { path, code: "missing", message: "is required" };
  }
  const isSecret = SECRET.test(String(path.findLast((step) => step !== "default")));
  const got = isSecret ? "" : `, got ${show(input)}${tooLarge(input)}`;
  switch (issue.code) {
    case "invalid_value": {
      if (typeof input !== "string") {
        return { path, code: "type", message: `must be a string${got}` };
      }
      const known = issue.values.map(String);
      return {
        path,
        code: enumCode(known),
        message: `must be ${oneOfNames(known)}${got}${hints.suffix(input, known)}`,
      };
    }
    case "too_small":
    case "too_big":
      return Array.isArray(input)
        ? { path, code: "type", message: `must be a pair of a node and a port${got}` }
        : { path, code: "range", message: `must be ${limitOf(issue)}${got}` };
    case "invalid_type":
      return { path, code: "type", message: `${wanted(issue)}${got}${noReference(input)}` };
    default:
      return { path, code: "type", message: issue.message };
  }
}

/** Why an integer is no number here. */
function tooLarge(input: unknown): string {
  return typeof input === "bigint" ? ", which is beyond 2^53: write it as a string" : "";
}

/** Why a reference does not help here. */
function noReference(input: unknown): string {
  return isReferenceLike(input)
    ? ": a reference can stand for the whole of a field that takes one, and not here"
    : "";
}

/** Unknown names of some enumerations have a code of their own. */
function enumCode(known: readonly string[]): string {
  if (known[0] === SIGNAL_TYPES[0]) return "unknown_signal";
  return known[0] === CONTROL_TYPES[0] ? "unknown_control" : "enum";
}

/** Keys whose values no message shows. */
const SECRET = /^(password|access_key|secret_key|session_token|key_passphrase|token)$/;

/** The object has no tag, or one that does not exist. */
function tagProblem(
  issue: z.core.$ZodIssueInvalidUnion,
  path: ConfigPath,
  hints: Hints,
): Problem {
  const { discriminator, options, input } = issue as unknown as {
    discriminator: string;
    options: string[];
    input: unknown;
  };
  const tag = isRecord(input) ? input[discriminator] : undefined;
  const known = (options ?? []).map(String);
  const message = tag === undefined
    ? `must have the key "${discriminator}", which is ${oneOfNames(known)}`
    : `has an unknown ${discriminator} ${show(tag)}: must be ${oneOfNames(known)}${
      typeof tag === "string" ? hints.suffix(tag, known) : ""
    }`;
  return { path, code: "discriminator", message };
}

function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  if (issue.code === "too_small") {
    return issue.inclusive === false ? `above ${issue.minimum}` : `${issue.minimum} or more`;
  }
  return issue.inclusive === false ? `below ${issue.maximum}` : `${issue.maximum} or less`;
}

const TYPE_NAMES: Readonly<Record<string, string>> = {
  string: "a string",
  number: "a finite number",
  int: "an integer",
  boolean: "true or false",
  array: "a list",
  tuple: "a pair of a node and a port",
  map: "an object",
  object: "an object",
  record: "an object",
};

/** What a value must be: in the words of its schema, if that has some, else by its type. */
function wanted({ message, expected }: z.core.$ZodIssueInvalidType): string {
  return message.startsWith("must be ") ? message : `must be ${TYPE_NAMES[expected] ?? expected}`;
}

function oneOfNames(names: readonly string[]): string {
  const quoted = names.map((name) => JSON.stringify(name));
  return quoted.length < 2 ? quoted.join() : `one of ${quoted.join(", ")}`;
}

/** A value as messages show it: short, and by its kind where the value says little. */
export function show(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  if (typeof value === "object") return "an object";
  if (typeof value === "function") return "a function";
  if (typeof value !== "string") return String(value);
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value);
}
