/**
 * What a net consists of, as the inspecting commands and the studio show it: JSON in snake_case.
 *
 * @module
 */
import type { NetConfig, ResolvedNetConfig } from "../config/net_config.ts";
import type { EdgeConfig, SubgraphConfig } from "../schema/graph.ts";
import type { NodeConfig } from "../schema/node.ts";
import type { PortConfig } from "../schema/port.ts";
import { ConfigError } from "../schema/error.ts";
import { countProjectActions, resolveProjectRoot } from "./actions.ts";
import { portTypeText } from "./port_type_text.ts";

/** JSON, as a record whose order is shown. */
export type Description = Record<string, unknown>;

/** A net as far as it could be resolved. */
export interface ShownNet {
  /** The net as written. */
  readonly written: NetConfig;
  /** The net as resolved, if it can be. */
  readonly resolved?: ResolvedNetConfig | undefined;
}

/** A node or subgraph of a graph. */
export type GraphMember = NodeConfig | SubgraphConfig;

/** The members and edges that are shown: the resolved ones, else those as written. */
export function shownGraph(net: ShownNet): { nodes: readonly GraphMember[]; edges: EdgeConfig[] } {
  return (net.resolved ?? net.written).data.graph;
}

/** What `netrun info` prints. */
export function describeNet(net: ShownNet): Description {
  const { written, resolved } = net;
  const { nodes, edges } = shownGraph(net);
  const subgraphs = nodes.filter(isSubgraph).length;
  const pools = (resolved ?? written).data.pools;
  const factories = factoriesOf(net);
  return {
    file: written.filePath ?? null,
    project_root: projectRootOf(resolved ?? written),
    nodes: nodes.length - subgraphs,
    edges: edges.length,
    ...subgraphs === 0 ? {} : { subgraphs },
    ...pools === null
      ? {}
      : { pools: Object.fromEntries([...pools].map(([name, { spec }]) => [name, spec.type])) },
    ...factories.length === 0 ? {} : { factories },
    actions: countProjectActions(written.data.graph.extra, written.data.extra),
    recipes: Object.keys(written.data.recipes ?? {}).length,
  };
}

/** The project root; the folder of the file where a reference to it has no value. */
function projectRootOf(config: NetConfig): string | null {
  try {
    return config.projectRootPath;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return resolveProjectRoot(null, config.filePath);
  }
}

/** Names of the factories in use, in the order of their first use. */
function factoriesOf(net: ShownNet): string[] {
  const names = new Set<string>();
  const collect = (members: readonly GraphMember[]): void => {
    for (const member of members) {
      if (isSubgraph(member)) collect(member.nodes ?? []);
      else if (typeof member.factory === "string") names.add(member.factory);
    }
  };
  collect(net.written.data.graph.nodes);
  collect(net.resolved?.data.graph.nodes ?? []);
  return [...names];
}

/** What `netrun structure` prints. */
export function describeStructure(net: ShownNet): Description {
  const { nodes, edges } = shownGraph(net);
  return {
    nodes: nodes.map((node) =>
      isSubgraph(node) ? describeSubgraph(node) : {
        name: node.name,
        in_ports: portTypes(node.in_ports),
        out_ports: portTypes(node.out_ports),
        ...describeConditions(node),
        ...describeFactory(node),
      }
    ),
    edges: edges.map((edge) => ({
      source: `${edge.source_node}.${edge.source_port}`,
      target: `${edge.target_node}.${edge.target_port}`,
    })),
  };
}

/** What `netrun nodes` prints. */
export function describeNodes(net: ShownNet): Description[] {
  return shownGraph(net).nodes.map((node) =>
    isSubgraph(node) ? describeSubgraph(node) : {
      name: node.name,
      in_ports: [...node.in_ports.keys()],
      out_ports: [...node.out_ports.keys()],
      ...node.factory === null ? {} : { factory: node.factory },
    }
  );
}

/**
 * What `netrun node NAME` prints.
 *
 * @param withEdges Also list the edges at the node.
 * @returns The description; undefined if there is no node of that name.
 */
export function describeNode(
  net: ShownNet,
  name: string,
  { withEdges = false }: { withEdges?: boolean } = {},
): Description | undefined {
  const { nodes, edges } = shownGraph(net);
  const node = nodes.find((node) => node.name === name);
  if (node === undefined || isSubgraph(node)) return undefined;
  const written = net.resolved ? writtenNode(net, node) : node;
  return {
    name,
    in_ports: portObjects(node.in_ports),
    out_ports: portObjects(node.out_ports),
    ...describeConditions(node),
    ...describeFactory(node),
    ...describeExecution(node, written, net.resolved !== undefined),
    ...Object.keys(node.extra).length === 0 ? {} : { extra: node.extra },
    ...withEdges ? { edges: edgesAt(edges, name) } : {},
  };
}

/** The node as it is written, which says which of its settings are its own. */
function writtenNode({ written, resolved }: ShownNet, node: NodeConfig): NodeConfig | undefined {
  const graphs: [prefix: string, members: readonly GraphMember[]][] = [
    ["", written.data.graph.nodes],
    ...(resolved?.subgraphs ?? []).map((
      { name, config },
    ): [string, readonly GraphMember[]] => [`${name}.`, config.nodes ?? []]),
  ];
  const candidates = graphs.filter(([prefix]) => node.name.startsWith(prefix))
    .flatMap(([prefix, members]) =>
      members.filter((member) => !isSubgraph(member)).map((member) => ({ prefix, member }))
    );
  return candidates.find(({ prefix, member }) => prefix + member.name === node.name)?.member ??
    candidates.find(({ member }) => !member.name && member.factory === node.factory)?.member;
}

function describeExecution(
  node: NodeConfig,
  written: NodeConfig | undefined,
  isResolved: boolean,
): Description {
  const own = written?.execution_config ?? null;
  if (own === null && (node.factory === null || !isResolved)) return {};
  return {
    execution_config: {
      pools: node.execution_config?.pools ?? null,
      type_checking_enabled: own?.type_checking_enabled ?? null,
      retries: own?.retries ?? null,
      timeout: own?.timeout ?? null,
    },
  };
}

function edgesAt(edges: readonly EdgeConfig[], name: string): Description {
  return {
    incoming: edges.filter(({ target_node }) => target_node === name)
      .map((edge) => ({
        source: `${edge.source_node}.${edge.source_port}`,
        port: edge.target_port,
      })),
    outgoing: edges.filter(({ source_node }) => source_node === name)
      .map((edge) => ({
        port: edge.source_port,
        target: `${edge.target_node}.${edge.target_port}`,
      })),
  };
}

function describeSubgraph({ name }: SubgraphConfig): Description {
  return { name, type: "subgraph" };
}

function describeConditions(node: NodeConfig): Description {
  return Object.fromEntries(
    (["in_salvo_conditions", "out_salvo_conditions"] as const)
      .map((key): [string, string[]] => [key, [...node[key]?.keys() ?? []]])
      .filter(([, names]) => names.length > 0),
  );
}

function describeFactory(node: NodeConfig): Description {
  return {
    ...node.factory === null ? {} : { factory: node.factory },
    ...Object.keys(node.factory_args).length === 0 ? {} : { factory_args: node.factory_args },
  };
}

function portTypes(ports: ReadonlyMap<string, PortConfig>): ReadonlyMap<string, unknown> {
  return new Map([...ports].map(([name, port]) => [name, portTypeText(port.port_type)]));
}

function portObjects(ports: ReadonlyMap<string, PortConfig>): ReadonlyMap<string, unknown> {
  return new Map(
    [...ports].map(([name, port]) => [name, { type: portTypeText(port.port_type) }]),
  );
}

/** Whether a member of a graph is a subgraph. */
export function isSubgraph(member: GraphMember): member is SubgraphConfig {
  return member.type === "subgraph";
}
