/**
 * Keys that objects have in memory and never in files.
 *
 * @module
 */
import { netConfigSchema } from "./net.ts";
import { nodeConfigSchema } from "./node.ts";
import { type ObjectPlan, planOf } from "./plan.ts";
import { portConfigSchema, portTypeSpecSchema } from "./port.ts";
import { salvoConditionConfigSchema } from "./salvo_condition.ts";

const NONE: ReadonlySet<string> = new Set();

/** Set by factories. */
const made = new Map<unknown, ReadonlySet<string>>([
  [planOf(portConfigSchema), new Set(["optional"])],
  [planOf(portTypeSpecSchema), new Set(["unchecked", "type", "schema"])],
  [planOf(salvoConditionConfigSchema), new Set(["generated", "manual"])],
]);

/** Set by resolving. */
const resolved = new Map<unknown, ReadonlySet<string>>([
  [planOf(netConfigSchema), new Set(["vars"])],
  [planOf(nodeConfigSchema), new Set(["vars", "unexpanded", "streams"])],
]);

/** Keys of an object that factories set. */
export function madeKeys(plan: ObjectPlan): ReadonlySet<string> {
  return made.get(plan) ?? NONE;
}

/** Keys of an object that resolving sets. */
export function resolvedKeys(plan: ObjectPlan): ReadonlySet<string> {
  return resolved.get(plan) ?? NONE;
}
