/**
 * Credentials in a configuration: where they come from, and a copy without them.
 *
 * @module
 */
import { isRecord, isReference } from "./field.ts";
import { type NetConfigData, netConfigSchema } from "./net.ts";
import { type Plan, planOf } from "./plan.ts";

/**
 * A copy without passwords, keys and tokens: null stands in their place.
 *
 * What holds none is shared with the original.
 */
export function withoutSecrets<T extends NetConfigData>(data: T): T {
  return strip(planOf(netConfigSchema), data) as T;
}

/** Names of the variables that credentials come from: their values are in no message. */
export interface SecretSources {
  /** Names in the environment. */
  env: ReadonlySet<string>;
  /** Names of node variables. */
  vars: ReadonlySet<string>;
}

/** The variables that credentials of the net come from, also by way of a node variable. */
export function secretSources({ graph: _, ...fields }: NetConfigData): SecretSources {
  const env = new Set<string>();
  const vars = new Set<string>();
  collect(planOf(netConfigSchema), fields, { env, vars });
  const declared = [...fields.node_vars ?? []];
  for (const [name, { value }] of declared) {
    if (vars.has(name) && isReference(value)) env.add(value.$env);
  }
  for (const [name, { value }] of declared) {
    if (isReference(value) && env.has(value.$env)) vars.add(name);
  }
  return { env, vars };
}

function collect(plan: Plan, data: unknown, found: { env: Set<string>; vars: Set<string> }): void {
  if (plan.kind === "choice") collect(plan.pick(data), data, found);
  else if (plan.kind === "map" && data instanceof Map) {
    for (const value of data.values()) collect(plan.value(), value, found);
  } else if (plan.kind === "object" && isRecord(data)) {
    for (const [key, field] of plan.fields) {
      const value = data[key];
      if (!field.isSecret || !isReference(value)) collect(field.plan, value, found);
      else if ("$env" in value) found.env.add(value.$env);
      else found.vars.add(value.$var);
    }
  }
}

function strip(plan: Plan, data: unknown): unknown {
  switch (plan.kind) {
    case "choice":
      return strip(plan.pick(data), data);
    case "list": {
      if (!Array.isArray(data) || plan.item().kind === "leaf") return data;
      const copy = data.map((item) => strip(plan.item(), item));
      return copy.some((item, i) => item !== data[i]) ? copy : data;
    }
    case "map": {
      if (!(data instanceof Map)) return data;
      const copy = new Map([...data].map(([name, item]) => [name, strip(plan.value(), item)]));
      return [...copy].some(([name, item]) => item !== data.get(name)) ? copy : data;
    }
    case "object": {
      if (!isRecord(data)) return data;
      let copy: Record<string, unknown> | undefined;
      for (const [key, field] of plan.fields) {
        const value = field.isSecret ? null : strip(field.plan, data[key]);
        if (value !== data[key] && data[key] !== undefined) (copy ??= { ...data })[key] = value;
      }
      return copy ?? data;
    }
    default:
      return data;
  }
}
