/**
 * A factory of subgraphs: a chain of stages, each of which adds a number.
 *
 * @module
 */
import type { SubgraphConfigInput } from "@netrun/netrun/config";
import * as z from "zod";

/** The arguments of the factory. */
export const argsSchema = z.strictObject({
  steps: z.array(z.number()).min(1).describe("What each stage adds"),
});

/** Help for those who use it. */
export const factoryDesc = "A chain of stages, each of which adds a number to what it gets.";

/** The chain. */
export function getNodeConfig(
  _netConfig: unknown,
  { steps }: z.output<typeof argsSchema>,
): SubgraphConfigInput {
  const name = (i: number) => `stage_${i + 1}`;
  return {
    type: "subgraph",
    name: "stages",
    nodes: steps.map((step, i) => ({
      name: name(i),
      factory: "netrun:function",
      factory_args: { func: (value: number) => value + step },
    })),
    edges: steps.slice(1).map((_, i) => ({
      source_node: name(i),
      source_port: "out",
      target_node: name(i + 1),
      target_port: "value",
    })),
    exposed_in_ports: { in: { internal_node: name(0), internal_port: "value" } },
    exposed_out_ports: { out: { internal_node: name(steps.length - 1), internal_port: "out" } },
  };
}
