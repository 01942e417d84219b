/**
 * What is allowed in a configuration, but hardly meant.
 *
 * @module
 */
import { isRecord } from "./field.ts";
import type { SubgraphConfig } from "./graph.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NetConfigData } from "./net.ts";
import type { NodeConfig } from "./node.ts";
import type { Place } from "./place.ts";
import { type Plan, planOf } from "./plan.ts";
import { poolConfigSchema } from "./pool.ts";
import { nodeStorageConfigSchema, storageConfigSchema } from "./storage.ts";

/** Warnings about the data of a net. */
export function remarksOnNet(net: NetConfigData, place: Place): ConfigIssue[] {
  const remarks: ConfigIssue[] = [];
  for (const [name, pool] of net.pools ?? []) {
    remarkOnSecrets(planOf(poolConfigSchema), pool, place.at("pools", name), remarks);
  }
  remarkOnSecrets(planOf(storageConfigSchema), net.storage, place.at("storage"), remarks);
  remarkOnMembers(net.graph.nodes, place.at("graph"), remarks);
  return remarks;
}

/** Warnings about the members of a graph that stands at `place`. */
export function remarkOnMembers(
  members: readonly (NodeConfig | SubgraphConfig)[],
  place: Place,
  remarks: ConfigIssue[],
): void {
  members.forEach((member, i) => {
    const isPlain = member.type === "node" && member.in_ports.size + member.out_ports.size === 0 &&
      member.execution_config === null;
    if (isPlain) return;
    const at = place.at("nodes", i);
    if (member.type === "node") remarkOnNode(member, at, remarks);
    else remarkOnSubgraph(member, at, remarks);
  });
}

function remarkOnSubgraph(subgraph: SubgraphConfig, place: Place, remarks: ConfigIssue[]): void {
  if (subgraph.nodes !== null) return remarkOnMembers(subgraph.nodes, place, remarks);
  if (subgraph.edges.length === 0) return;
  const message = `edges of subgraph "${subgraph.name}" are ignored: its graph is in ` +
    `${subgraph.path}, and its edges are too`;
  remarks.push(place.at("edges").issue("subgraph_source", message, "warning"));
}

function remarkOnNode(node: NodeConfig, place: Place, remarks: ConfigIssue[]): void {
  for (const side of ["in_ports", "out_ports"] as const) {
    for (const [name, { slots_spec, gather }] of node[side]) {
      if (side === "out_ports" && gather !== null) {
        const message = `has no effect: port "${name}" of node "${node.name}" is an output port, ` +
          "and only input ports gather";
        remarks.push(place.at(side, name, "gather").issue("unknown_key", message, "warning"));
      }
      if (slots_spec.type !== "finite" || slots_spec.capacity !== 0) continue;
      const message = `port "${name}" of node "${node.name}" can hold nothing, so no packet passes`;
      remarks.push(
        place.at(side, name, "slots_spec", "capacity").issue("range", message, "warning"),
      );
    }
  }
  const execution = node.execution_config;
  if (execution === null) return;
  const at = place.at("execution_config");
  if (execution.defer_net_actions === false) {
    const message = "has no effect: actions of a node always wait for the end of its epoch";
    remarks.push(at.at("defer_net_actions").issue("range", message, "warning"));
  }
  remarkOnSecrets(planOf(nodeStorageConfigSchema), execution.storage, at.at("storage"), remarks);
}

/** Warns of credentials that are written in the file, and of endpoints that carry them openly. */
function remarkOnSecrets(plan: Plan, data: unknown, place: Place, remarks: ConfigIssue[]): void {
  if (plan.kind === "choice") return remarkOnSecrets(plan.pick(data), data, place, remarks);
  if (plan.kind === "map" && data instanceof Map) {
    for (const [name, value] of data) {
      remarkOnSecrets(plan.value(), value, place.at(name), remarks);
    }
  }
  if (plan.kind !== "object" || !isRecord(data)) return;
  for (const [key, field] of plan.fields) {
    const value = data[key];
    if (field.isSecret && typeof value === "string") {
      const message = `is written in the file, where others can read it: use { "$env" = "NAME" }`;
      remarks.push(place.at(key).issue("literal_secret", message, "warning"));
    } else if (key === "endpoint_url" && typeof value === "string" && isOpenEndpoint(value)) {
      const message = `sends credentials and data unencrypted to ${value}: use https:`;
      remarks.push(place.at(key).issue("insecure_endpoint", message, "warning"));
    } else {
      remarkOnSecrets(field.plan, value, place.at(key), remarks);
    }
  }
}

function isOpenEndpoint(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hostname } = new URL(url);
  return protocol === "http:" && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}
