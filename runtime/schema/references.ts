/**
 * Putting values in place of references.
 *
 * @module
 */
import type * as z from "zod";
import { ConfigResolveError } from "./error.ts";
import { isRecord, isReference } from "./field.ts";
import type { ConfigIssue, ConfigPath } from "./issue.ts";
import { NO_SOURCE, Place } from "./place.ts";
import { type FieldPlan, type Plan, planOf } from "./plan.ts";
import type { EnvRef, VarRef } from "./reference.ts";
import type { SecretSources } from "./secrets.ts";
import { check, type Checked, show } from "./zod_issue.ts";

/** Where the values of references come from; a kind that is left out stays as it is. */
export interface ReferenceValues {
  /** The value of an environment variable; undefined if it is not set. */
  env?: (name: string) => string | undefined;
  /** Converted node variables. */
  vars?: Readonly<Record<string, unknown>>;
  /** Variables whose values no message shows, besides those of fields for credentials. */
  secrets?: SecretSources;
  /** Makes a path of a field that holds one absolute. */
  absolutePath?: (path: string) => string;
}

/**
 * A copy of the data with values in place of references and paths made absolute.
 *
 * What holds no reference is shared with the original.
 *
 * @param plan The plan of the data's schema.
 * @param data Parsed data.
 * @param values Where values come from.
 * @param place Where the data is written.
 * @param issues Gets what is wrong; the reference then stays.
 */
export function replaceReferences<T>(
  plan: Plan,
  data: T,
  values: ReferenceValues,
  place: Place,
  issues: ConfigIssue[],
): T {
  return new Replacer(values, place, issues).value(plan, data, []) as T;
}

/**
 * Resolves every reference in an object that a schema with such fields describes.
 *
 * @param schema The schema, for example {@linkcode netConfigSchema}.
 * @param data Data that the schema has parsed.
 * @param values Environment variables by name, and converted node variables.
 * @returns A copy without references.
 * @throws {ConfigResolveError} With everything that is missing or does not fit its field.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { poolConfigSchema } from "@netrun/netrun/config";
 *
 * const pool = poolConfigSchema.parse({
 *   spec: { type: "thread", num_workers: { $env: "WORKERS" } },
 * });
 * const resolved = resolveReferences(poolConfigSchema, pool, { env: { WORKERS: "4" } });
 * assertEquals(resolved.spec.type === "thread" && resolved.spec.num_workers, 4);
 * ```
 */
export function resolveReferences<T>(
  schema: z.ZodType<T>,
  data: T,
  values: { env?: Record<string, string>; vars?: Readonly<Record<string, unknown>> },
): T {
  const { env = {}, vars = {} } = values;
  const issues: ConfigIssue[] = [];
  const resolved = replaceReferences(
    planOf(schema),
    data,
    {
      env: (name) => Object.hasOwn(env, name) ? env[name] : undefined,
      vars,
    },
    Place.top(NO_SOURCE),
    issues,
  );
  if (issues.length > 0) throw new ConfigResolveError(issues);
  return resolved;
}

class Replacer {
  readonly #values: ReferenceValues;
  readonly #place: Place;
  readonly #issues: ConfigIssue[];

  constructor(values: ReferenceValues, place: Place, issues: ConfigIssue[]) {
    this.#values = values;
    this.#place = place;
    this.#issues = issues;
  }

  value(plan: Plan, data: unknown, path: ConfigPath): unknown {
    switch (plan.kind) {
      case "choice":
        return this.value(plan.pick(data), data, path);
      case "list":
        return Array.isArray(data) ? this.#list(plan.item(), data, path) : data;
      case "map":
        return data instanceof Map ? this.#map(plan.value(), data, path) : data;
      case "object":
        return isRecord(data) ? this.#object(plan.fields, data, path) : data;
      default:
        return data;
    }
  }

  #list(plan: Plan, list: unknown[], path: ConfigPath): unknown[] {
    if (plan.kind === "leaf") return list;
    let copy: unknown[] | undefined;
    list.forEach((item, i) => {
      path.push(i);
      const value = this.value(plan, item, path);
      path.pop();
      if (value !== item) (copy ??= [...list])[i] = value;
    });
    return copy ?? list;
  }

  #map(plan: Plan, map: Map<string, unknown>, path: ConfigPath): Map<string, unknown> {
    let copy: Map<string, unknown> | undefined;
    for (const [name, member] of map) {
      path.push(name);
      const value = this.value(plan, member, path);
      path.pop();
      if (value !== member) (copy ??= new Map(map)).set(name, value);
    }
    return copy ?? map;
  }

  #object(
    fields: ReadonlyMap<string, FieldPlan>,
    object: Record<string, unknown>,
    path: ConfigPath,
  ): Record<string, unknown> {
    let copy: Record<string, unknown> | undefined;
    for (const [key, field] of fields) {
      const member = object[key];
      if (member === null || member === undefined) continue;
      if (field.literal === undefined && field.plan.kind === "leaf" && !field.isPath) continue;
      path.push(key);
      const value = this.#field(field, member, path);
      path.pop();
      if (value !== member) (copy ??= { ...object })[key] = value;
    }
    return copy ?? object;
  }

  #field(field: FieldPlan, member: unknown, path: ConfigPath): unknown {
    let value = member;
    if (field.literal !== undefined && isReference(member)) {
      value = this.#reference(field, field.literal, member, path);
      if (isReference(value) && value === member) return member;
    } else {
      value = this.value(field.plan, member, path);
    }
    const { absolutePath } = this.#values;
    return field.isPath && absolutePath !== undefined && typeof value === "string"
      ? absolutePath(value)
      : value;
  }

  #reference(
    field: FieldPlan,
    literal: z.core.$ZodType,
    reference: VarRef,
    path: ConfigPath,
  ): unknown {
    const found = "$env" in reference ? this.#environment(reference) : this.#variable(reference);
    if (found === undefined) return reference;
    if ("missing" in found) {
      if (reference.default !== undefined) return reference.default;
      this.#refuse(path, found.code, found.missing);
      return reference;
    }
    const { value, name } = found;
    const converted = typeof value === "string" ? fromText(literal, value) : { value };
    const checked = converted === undefined ? NO_JSON : check(literal, converted.value);
    if (checked.ok) return checked.value;
    for (const problem of checked.problems) {
      const isText = typeof value === "string" && problem.path.length === 0 &&
        (problem.code === "type" || problem.code === "enum");
      const wrong = field.isSecret || this.#isSecret(reference)
        ? `holds a credential, which ${problem.message.replace(/, got [^]*/, "")}`
        : `holds ${show(value)}, but the value ${
          problem.message.replace(`, got ${show(value)}`, () => "")
        }`;
      this.#refuse(
        [...path, ...problem.path],
        isText ? "cast_failed" : problem.code,
        `${name} ${wrong}`,
      );
    }
    return reference;
  }

  #isSecret(reference: VarRef): boolean {
    const { secrets } = this.#values;
    return "$env" in reference
      ? secrets?.env.has(reference.$env) === true
      : secrets?.vars.has(reference.$var) === true;
  }

  #environment(reference: EnvRef): Found | undefined {
    const { env } = this.#values;
    if (env === undefined) return undefined;
    const name = `environment variable ${reference.$env}`;
    let value: string | undefined;
    try {
      value = env(reference.$env);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return { code: "env_missing", missing: `${name} must not be read: ${reason}` };
    }
    return value === undefined
      ? {
        code: "env_missing",
        missing: `${name} is not set: set it or give the reference a default`,
      }
      : { value, name };
  }

  #variable(reference: { $var: string }): Found | undefined {
    const { vars } = this.#values;
    if (vars === undefined) return undefined;
    const name = `variable "${reference.$var}"`;
    return Object.hasOwn(vars, reference.$var) ? { value: vars[reference.$var], name } : {
      code: "var_missing",
      missing:
        `${name} is not declared: declare it in \`node_vars\` or give the reference a default`,
    };
  }

  #refuse(path: ConfigPath, code: string, message: string): void {
    this.#issues.push(this.#place.at(...path).issue(code, message));
  }
}

/** Text that is no JSON, in a field that holds lists or objects. */
const NO_JSON: Checked = {
  ok: false,
  problems: [{ code: "type", path: [], message: "must be JSON" }],
};

type Found = { value: unknown; name: string } | { code: string; missing: string };

/** The value that a text stands for in a field: JSON where the field holds lists or objects. */
function fromText(literal: z.core.$ZodType, text: string): { value: unknown } | undefined {
  const { kind } = planOf(literal);
  if (kind !== "list" && kind !== "map" && kind !== "free" && kind !== "object") {
    return { value: text };
  }
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
