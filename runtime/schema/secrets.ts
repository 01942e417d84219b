/**
 * Taking credentials out of a configuration.
 *
 * @module
 */
import { isRecord } from "./field.ts";
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
