/**
 * From a document to the graph that is simulated, with nothing but the document: no file is read and
 * no code is run. Factories are nodes with the ports that they are known to make.
 *
 * @module
 */
import type { GraphSpec } from "../../sim/graph.ts";
import { effectiveExecution } from "../../runtime/schema/effective.ts";
import { flattenEdges, PortMapping } from "../../runtime/schema/flatten.ts";
import { completeNode } from "../../runtime/schema/generated_parts.ts";
import { nodesOf, outlineGraph } from "../../runtime/schema/graph_tree.ts";
import { type NetConfigData, netConfigSchema } from "../../runtime/schema/net.ts";
import { Place } from "../../runtime/schema/place.ts";
import { readConfig } from "../../runtime/schema/read_config.ts";
import type { ResolvedNodeConfig } from "../../runtime/schema/resolved.ts";
import { toGraphSpec } from "../../runtime/schema/to_graph.ts";
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import { asObject, objectsIn, type RawObject } from "../../runtime/tools/raw_net.ts";
import { editData } from "./document.ts";
import type { FactoryLookup } from "./graph_view.ts";

/**
 * The graph of a document.
 *
 * @param made The ports that factories make; of others those that edges use.
 * @throws {Error} With the first thing that is wrong with the document.
 */
export function simulationGraph(data: RawObject, made: FactoryLookup = () => undefined): GraphSpec {
  const plain = editData(data, (draft) => {
    const graph = asObject(draft.get("graph"));
    if (graph) settleNodes(graph, made);
  });
  const place = Place.top({});
  const { data: read, errors } = readConfig<NetConfigData>(netConfigSchema, plain, place, {
    strict: false,
  });
  if (read === undefined || errors.length > 0) {
    throw new Error(errors[0]?.message ?? "The document is no net");
  }
  // References stand in settings that a simulation does not look at.
  const net = read as NetConfigData<never>;
  const root = outlineGraph({
    nodes: net.graph.nodes,
    edges: net.graph.edges,
    place: place.at("graph"),
  });
  const nodes = [...nodesOf(root)].map(({ config, flatName }): ResolvedNodeConfig => {
    const execution = effectiveExecution(config.execution_config as never, net);
    return {
      ...config as ResolvedNodeConfig,
      ...completeNode(config as never, execution),
      name: flatName,
      execution_config: execution,
      vars: {},
    };
  });
  const ports = new Map(nodes.map((node) => [node.name, node]));
  const edges = flattenEdges(root, new PortMapping(root)).map(({ config }) => config)
    .filter((edge) =>
      ports.get(edge.source_node)?.out_ports.has(edge.source_port) &&
      ports.get(edge.target_node)?.in_ports.has(edge.target_port)
    );
  return toGraphSpec({ ...net.graph, nodes, edges });
}

/** Gives factories and subgraphs in files the ports that are known, in place of what makes them. */
function settleNodes(graph: RawObject, made: FactoryLookup): void {
  const edges = objectsIn(graph.get("edges")).map(edgeEnds);
  for (const node of objectsIn(graph.get("nodes"))) {
    if (Array.isArray(node.get("nodes"))) {
      settleNodes(node, made);
      continue;
    }
    const isFile = typeof node.get("path") === "string";
    if (typeof node.get("factory") !== "string" && !isFile) continue;
    const name = node.get("name");
    const known = made(node);
    const used = {
      in: edges.flatMap(({ targetNode, targetPort = "" }) => targetNode === name ? targetPort : []),
      out: edges.flatMap((
        { sourceNode, sourcePort = "" },
      ) => (sourceNode === name ? sourcePort : [])),
    };
    for (const side of ["in", "out"] as const) {
      const key = `${side}_ports`;
      const exposed = asObject(node.get(`exposed_${key}`))?.keys() ?? [];
      const views = known?.[`${side}Ports`].map(({ name }) => name) ?? used[side];
      const own = asObject(node.get(key)) ?? new Map<string, unknown>();
      for (const port of [...exposed, ...views]) {
        if (!own.has(port) && !port.startsWith("__")) own.set(port, new Map());
      }
      node.set(key, own);
      node.delete(`exposed_${key}`);
    }
    for (const key of ["factory", "factory_args", "path", "type"]) node.delete(key);
  }
}
