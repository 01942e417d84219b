/**
 * From data as a text or a program holds it to data that the schemas check.
 *
 * Objects become plain objects, maps become `Map`s (which keep the order of names like `"10"`), free
 * data becomes plain, old keys get their names of today, and keys that mean nothing are found.
 * Nothing given is changed.
 *
 * @module
 */
import { isRecord, isReferenceLike, unknownReferenceKeys } from "./field.ts";
import { Hints, listNames } from "./hints.ts";
import type { ConfigIssue, ConfigPath } from "./issue.ts";
import { upgradeKeys } from "./legacy_keys.ts";
import { madeKeys } from "./memory_keys.ts";
import type { Place } from "./place.ts";
import type { ObjectPlan, Plan } from "./plan.ts";

/** How many objects may stand inside of each other, which bounds terms and subgraphs. */
export const MAX_NESTING = 256;
/** The objects around the outermost term or subgraph. */
const NESTING_ABOVE = 8;
/** How many objects and lists may stand inside of each other. */
const MAX_DEPTH = 1024;

/** Options of {@linkcode normalize}. */
export interface NormalizeOptions {
  /** Unknown keys are errors everywhere. */
  strict: boolean;
  /** The data was made by a factory: keys that exist in memory only are allowed. */
  isMade?: boolean;
}

/**
 * Brings data into the form that a schema checks.
 *
 * @param plan The plan of the schema.
 * @param data Objects as `Map`s or plain objects, lists, scalars; anything else is left to the schema.
 * @param place Where the data is written.
 * @param issues Gets unknown keys, and a `too_deep` error, upon which the result is undefined.
 */
export function normalize(
  plan: Plan,
  data: unknown,
  place: Place,
  issues: ConfigIssue[],
  options: NormalizeOptions,
): unknown {
  const deep = findTooDeep(data);
  if (deep !== undefined) {
    const limit = `more than ${MAX_NESTING} objects stand inside of each other; nest less`;
    issues.push(place.at(...deep.slice(0, 6)).issue("too_deep", limit));
    return undefined;
  }
  return new Normalizer(place, issues, options).value(plan, data);
}

/** The path of something that is nested too deeply. */
function findTooDeep(data: unknown): ConfigPath | undefined {
  const path: ConfigPath = [];
  const visit = (value: unknown, objects: number): boolean => {
    if (typeof value !== "object" || value === null) return false;
    const isList = Array.isArray(value);
    const inside = isList ? objects : objects + 1;
    if (inside > MAX_NESTING + NESTING_ABOVE || path.length > MAX_DEPTH) return true;
    if (isList) return value.some((item, i) => visitAt(i, item, inside));
    if (value instanceof Map) {
      for (const [key, member] of value) if (visitAt(String(key), member, inside)) return true;
      return false;
    }
    if (!isPlain(value)) return false;
    for (const key of Object.keys(value)) {
      if (visitAt(key, (value as Record<string, unknown>)[key], inside)) return true;
    }
    return false;
  };
  const visitAt = (step: string | number, value: unknown, objects: number): boolean => {
    path.push(step);
    const found = visit(value, objects);
    if (!found) path.pop();
    return found;
  };
  return visit(data, 0) ? path : undefined;
}

/** Whether the object was written with braces: classes, schemas and modules are not walked. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  const isBare = prototype === null || Object.getPrototypeOf(prototype) === null;
  return isBare && !(Symbol.toStringTag in value);
}

class Normalizer {
  readonly #place: Place;
  readonly #issues: ConfigIssue[];
  readonly #options: NormalizeOptions;
  readonly #hints = new Hints();
  /** Where the walk is. */
  readonly #path: ConfigPath = [];

  constructor(place: Place, issues: ConfigIssue[], options: NormalizeOptions) {
    this.#place = place;
    this.#issues = issues;
    this.#options = options;
  }

  value(plan: Plan, data: unknown): unknown {
    switch (plan.kind) {
      case "leaf":
        return data;
      case "free":
        return toPlain(data);
      case "list": {
        if (!Array.isArray(data)) return data;
        const item = plan.item();
        return item.kind === "leaf" ? data : data.map((member, i) => this.#at(i, item, member));
      }
      case "map":
        return this.#map(plan.value(), data);
      case "choice": {
        const object = toObject(data);
        return this.value(plan.pick(object), object);
      }
      case "object": {
        const object = toObject(data);
        return isRecord(object) && isPlain(object) ? this.#object(plan, object) : data;
      }
    }
  }

  #at(step: string | number, plan: Plan, data: unknown): unknown {
    this.#path.push(step);
    const value = this.value(plan, data);
    this.#path.pop();
    return value;
  }

  #map(plan: Plan, data: unknown): unknown {
    const isMap = data instanceof Map;
    if (!isMap && !isRecord(data)) return data;
    const map = new Map<string, unknown>();
    for (const [name, value] of isMap ? data : Object.entries(data)) {
      map.set(name, this.#at(name, plan, value));
    }
    return map;
  }

  #object(plan: ObjectPlan, data: Record<string, unknown>): unknown {
    const object: Record<string, unknown> = {};
    const upgraded = upgradeKeys(plan, data, (key, code, message, severity) => {
      this.#issues.push(this.#place.at(...this.#path, key).issue(code, message, severity));
    });
    for (const key of Object.keys(upgraded)) {
      const value = upgraded[key];
      const field = plan.fields.get(key);
      if (field === undefined) {
        this.#unknownKey(plan, object, key, value);
        continue;
      }
      if (field.literal !== undefined && typeof value === "object" && value !== null) {
        const reference = toObject(value);
        if (isReferenceLike(reference)) {
          for (const unknown of unknownReferenceKeys(reference)) {
            this.#report(plan, [key, unknown], ["$env", "$var", "default"]);
          }
          object[key] = toPlain(reference);
          continue;
        }
      }
      object[key] = field.plan.kind === "leaf" ? value : this.#at(key, field.plan, value);
    }
    return object;
  }

  #unknownKey(
    plan: ObjectPlan,
    object: Record<string, unknown>,
    key: string,
    value: unknown,
  ): void {
    if (key === "$schema" && this.#path.length === 0) {
      object[key] = toPlain(value);
      return;
    }
    const isMemoryKey = madeKeys(plan).has(key);
    if (isMemoryKey && this.#options.isMade) {
      object[key] = value;
      return;
    }
    this.#report(plan, [key], [...plan.fields.keys()]);
    // What exists in memory only would take effect; `__proto__` cannot be held.
    if (!isMemoryKey && key !== "__proto__") object[key] = toPlain(value);
  }

  /** Reports an unknown key at a path from where the walk is. */
  #report(plan: ObjectPlan, steps: string[], known: readonly string[]): void {
    const key = steps.at(-1)!;
    const isError = plan.closed || this.#options.strict;
    const near = this.#hints.near(key, known);
    const hint = near !== undefined
      ? `did you mean "${near}"?`
      : isError
      ? `there are ${listNames(known)}`
      : "it has no effect";
    this.#issues.push(
      this.#place.at(...this.#path, ...steps).issue(
        "unknown_key",
        `unknown key ${JSON.stringify(key)}; ${hint}`,
        isError ? "error" : "warning",
      ),
    );
  }
}

/** A `Map` as an object, shallowly; anything else as it is. */
function toObject(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** Free data with plain objects in place of `Map`s. */
export function toPlain(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(toPlain);
  if (value instanceof Map) {
    return Object.fromEntries([...value].map(([key, member]) => [key, toPlain(member)]));
  }
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, toPlain(member)]));
}
