/**
 * From a parsed configuration to data that can be written.
 *
 * @module
 */
import { ConfigSchemaError } from "./error.ts";
import { isRecord, isReference } from "./field.ts";
import type { ConfigIssue, ConfigPath } from "./issue.ts";
import { madeKeys, resolvedKeys } from "./memory_keys.ts";
import { NO_SOURCE, Place } from "./place.ts";
import type { FieldPlan, ObjectPlan, Plan } from "./plan.ts";

/** Options of {@linkcode dump}. */
export interface DumpOptions {
  /**
   * Write every field, also where it has its default.
   *
   * @default {false}
   */
  full?: boolean;
}

/**
 * A copy of the data as it is written: without fields that have their default (unless `full`),
 * always with tags, required and unknown keys; maps stay `Map`s.
 *
 * @param plan The plan of the data's schema.
 * @param data Parsed data.
 * @param options `isResolved`: the data is that of a resolved net, with what resolving adds.
 * @throws {ConfigSchemaError} `not_serializable`, for every function, class or schema in it.
 */
export function dump(
  plan: Plan,
  data: unknown,
  options: DumpOptions & { isResolved?: boolean } = {},
): unknown {
  const dumper = new Dumper(options.full ?? false, options.isResolved ?? false);
  const dumped = dumper.value(plan, data, []);
  if (dumper.issues.length > 0) throw new ConfigSchemaError(dumper.issues);
  return dumped;
}

class Dumper {
  readonly issues: ConfigIssue[] = [];
  readonly #isFull: boolean;
  readonly #isResolved: boolean;

  constructor(isFull: boolean, isResolved: boolean) {
    this.#isFull = isFull;
    this.#isResolved = isResolved;
  }

  value(plan: Plan, data: unknown, path: ConfigPath): unknown {
    switch (plan.kind) {
      case "choice":
        return this.value(plan.pick(data), data, path);
      case "list": {
        if (!Array.isArray(data)) return data;
        const item = plan.item();
        return data.map((member, i) => this.value(item, member, [...path, i]));
      }
      case "map": {
        if (!(data instanceof Map)) return data;
        const value = plan.value();
        return new Map(
          [...data].map(([name, member]) => [name, this.value(value, member, [...path, name])]),
        );
      }
      case "object":
        return isRecord(data) ? this.#object(plan, data, path) : data;
      case "free":
        return data;
      case "leaf":
        return this.#leaf(data, path);
    }
  }

  #object(plan: ObjectPlan, data: Record<string, unknown>, path: ConfigPath): unknown {
    const dumped: Record<string, unknown> = {};
    for (const [key, field] of plan.fields) {
      const value = data[key];
      if (value === undefined || (!this.#isFull && isDefault(field, value))) continue;
      dumped[key] = isReference(value) && field.literal !== undefined
        ? { ...value }
        : this.value(field.plan, value, [...path, key]);
    }
    for (const [key, value] of Object.entries(data)) {
      if (plan.fields.has(key) || madeKeys(plan).has(key)) continue;
      if (!this.#isResolved || !resolvedKeys(plan).has(key)) dumped[key] = value;
    }
    return dumped;
  }

  #leaf(data: unknown, path: ConfigPath): unknown {
    const isCode = typeof data === "function" || (isRecord(data) && !isDataRecord(data));
    if (!isCode) return data;
    const message = "is code that has no reference and cannot be written: " +
      "export it from a module and name it as ./module.ts::name";
    this.issues.push(Place.top(NO_SOURCE).at(...path).issue("not_serializable", message));
    return undefined;
  }
}

function isDefault(field: FieldPlan, value: unknown): boolean {
  if (field.makeDefault === undefined || field.isTag) return false;
  return isEqual(field.makeDefault(), value);
}

/** Equality of defaults: scalars, and small lists and objects of them. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b) || a === b) return true;
  if (a instanceof Map) return b instanceof Map && a.size === 0 && b.size === 0;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => isEqual(item, b[i]));
  }
  if (!isRecord(a) || !isRecord(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isEqual(a[key], b[key]));
}

/** Whether an object that the schemas leave alone is data, not a module or a schema. */
function isDataRecord(value: Record<string, unknown>): boolean {
  return !Object.values(value).some((member) => typeof member === "function");
}
