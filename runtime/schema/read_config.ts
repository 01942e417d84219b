/**
 * Checking data against a schema and reporting everything that is wrong with it at once.
 *
 * @module
 */
import type * as z from "zod";
import type { ConfigIssue } from "./issue.ts";
import { normalize, type NormalizeOptions } from "./normalize.ts";
import type { Place } from "./place.ts";
import { planOf } from "./plan.ts";
import { check } from "./zod_issue.ts";

/** Options of {@linkcode readConfig}. */
export interface ReadConfigOptions extends NormalizeOptions {
  /** Changes the data in place before the schema checks it. */
  prepare?: (data: unknown) => void;
}

/** What reading gives. */
export interface ReadConfig<T> {
  /** The parsed data; undefined if there are errors. */
  data: T | undefined;
  /** Every problem that keeps the data from being used. */
  errors: ConfigIssue[];
  /** Every remark. */
  warnings: ConfigIssue[];
}

/**
 * Reads data as a configuration object: renames old keys, finds unknown ones, checks the rest.
 *
 * @param schema The schema of the object.
 * @param raw Objects as `Map`s or plain objects.
 * @param place Where it is written.
 */
export function readConfig<T>(
  schema: z.ZodType<T>,
  raw: unknown,
  place: Place,
  options: ReadConfigOptions,
): ReadConfig<T> {
  const issues: ConfigIssue[] = [];
  const normalized = normalize(planOf(schema), raw, place, issues, options);
  if (issues.some(({ code }) => code === "too_deep")) {
    return { data: undefined, errors: issues, warnings: [] };
  }
  options.prepare?.(normalized);
  const checked = check(schema, normalized);
  if (!checked.ok) {
    for (const { path, code, message } of checked.problems) {
      // Those are found above, with what was meant.
      if (code !== "unknown_key") issues.push(place.at(...path).issue(code, message));
    }
  }
  const errors = issues.filter(({ severity }) => severity === "error");
  return {
    data: checked.ok && errors.length === 0 ? checked.value as T : undefined,
    errors,
    warnings: issues.filter(({ severity }) => severity === "warning"),
  };
}
