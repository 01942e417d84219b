/**
 * Which nodes a run starts by itself.
 *
 * @module
 */
import { evaluateTerm } from "../../sim/condition.ts";
import type { Net } from "../../runtime/net/net.ts";
import type { ResolvedNodeConfig } from "../../runtime/schema/resolved.ts";
import { isControlPortName } from "../../runtime/schema/signal.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { CommandError } from "../command.ts";

/** A node that is started, and the condition that its epoch counts as formed by. */
export interface Source {
  readonly node: string;
  readonly condition: string;
}

/** Name of the condition where a node has none of its own. */
const NO_CONDITION = "__executed__";

/**
 * The source nodes of a net: nothing can reach them, and nothing else makes them run.
 *
 * @param isWanted Leaves out those that a run to targets has no use for.
 * @throws {CommandError} If a node that yields packets as it goes is to run at init.
 */
export function sourcesOf(net: Net, isWanted: (node: string) => boolean): Source[] {
  const asked = askedFor(net);
  const sources: Source[] = [];
  for (const { name } of net.graph.nodes) {
    const config = net.getNodeConfig(name);
    const { run_on_init, controls } = config.execution_config;
    if (run_on_init && config.streams) {
      throw new CommandError(
        `Node "${name}" has \`run_on_init\`, but what it yields can only flow while the net runs: ` +
          "remove `run_on_init`; a source node is started by itself",
      );
    }
    if (run_on_init || asked.has(name) || !isWanted(name) || !hasFunction(config)) continue;
    if (dataPorts(config).length > 0) continue;
    const condition = emptyCondition(net, name);
    if (condition !== undefined) sources.push({ node: name, condition });
    else if (ownConditions(config).length === 0 && !controls.includes("start_epoch")) {
      sources.push({ node: name, condition: NO_CONDITION });
    }
  }
  return sources;
}

/**
 * The nodes that `--start` names.
 *
 * @throws {CommandError} If one does not exist, or needs packets to run.
 */
export function namedSources(net: Net, names: readonly string[]): Source[] {
  return names.filter((name) => name !== "none").map((name) => {
    const node = net.graph.node(name);
    if (!node) {
      const near = nearestName(name, net.graph.nodes.map((node) => node.name));
      throw new CommandError(
        `--start ${name}: no such node${near === undefined ? "" : `; did you mean ${near}?`}`,
      );
    }
    const config = net.getNodeConfig(name);
    const condition = emptyCondition(net, name) ??
      (dataPorts(config).length === 0 ? NO_CONDITION : undefined);
    if (condition !== undefined) return { node: name, condition };
    throw new CommandError(
      `--start ${name}: the node needs packets to run; give them by --input ${name}.PORT=JSON`,
    );
  });
}

/** Nodes that a node with `dependency_request` asks for when it needs them. */
function askedFor(net: Net): ReadonlySet<string> {
  return new Set(
    net.graph.nodes.filter(({ name }) => net.getNodeConfig(name).dependency_request !== null)
      .flatMap(({ name }) => net.graph.sourcesOf(name)),
  );
}

function dataPorts({ in_ports }: ResolvedNodeConfig): string[] {
  return [...in_ports.keys()].filter((port) => !isControlPortName(port));
}

function ownConditions({ in_salvo_conditions }: ResolvedNodeConfig): string[] {
  return [...in_salvo_conditions.keys()].filter((name) => !isControlPortName(name));
}

function hasFunction({ factory, execution_config }: ResolvedNodeConfig): boolean {
  return factory !== null || execution_config.exec_node_func !== null;
}

/** The first condition that holds without any packet. */
function emptyCondition(net: Net, node: string): string | undefined {
  const { inSalvoConditions } = net.graph.node(node)!;
  return inSalvoConditions.find(({ name, term }) =>
    !isControlPortName(name) && evaluateTerm(term, () => 0, () => ({ type: "infinite" }))
  )?.name;
}
