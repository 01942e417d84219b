/**
 * A graph with its subgraphs opened: read from their files, made by their factories.
 *
 * @module
 */
import type { EdgeConfig, SubgraphConfig } from "./graph.ts";
import type { ConfigIssue } from "./issue.ts";
import type { NodeConfig } from "./node.ts";
import type { Place } from "./place.ts";

/** How many subgraphs may be inside of each other, over files and factories. */
const MAX_NESTING = 256;

/** How many nodes and subgraphs a graph may have in all. */
export const MAX_NODES = 1_000_000;

/** A node of the tree. */
export interface TreeNode {
  kind: "node";
  /** Name among its siblings. */
  name: string;
  /** Name in the flat graph. */
  flatName: string;
  /** The node, as its factory made it and it states itself. */
  config: NodeConfig;
  /** The node as written. */
  written: NodeConfig;
  /** Where it is written. */
  place: Place;
  /** The factory was not called because that would have needed an import. */
  isUnexpanded: boolean;
  /** What it yields goes on its way before its epoch ends. */
  streams: boolean;
}

/** An edge with its place. */
export interface TreeEdge {
  config: EdgeConfig;
  place: Place;
}

/** A graph of the tree: the outermost one or a subgraph. */
export interface TreeGraph {
  kind: "graph";
  /** Name among its siblings; empty for the outermost. */
  name: string;
  /** Name in the flat graph; empty for the outermost. */
  flatName: string;
  /** Its members in order. */
  members: (TreeNode | TreeGraph)[];
  /** The first member of each name. */
  byName: Map<string, TreeNode | TreeGraph>;
  /** Its own edges. */
  edges: TreeEdge[];
  /** The subgraph as written, read or made; undefined for the outermost. */
  config: SubgraphConfig | undefined;
  /** Where it is written. */
  place: Place;
  /** Absolute path of the file that its nodes are in, if it has one of its own. */
  file: string | null;
  /** Its file was not read: what is in it is not known. */
  isUnopened: boolean;
}

/** Nodes and edges, and where they are written. */
export interface GraphContent {
  nodes: readonly (NodeConfig | SubgraphConfig)[];
  edges: readonly EdgeConfig[];
  /** Where the object with both is written. */
  place: Place;
}

/** A graph read from a file. */
export interface GraphFile extends GraphContent {
  /** Absolute real path, by which a file that contains itself is found. */
  file: string;
}

/** What opening a node's factory gives. */
export type OpenedFactory =
  | { kind: "node"; node: NodeConfig; streams: boolean }
  | { kind: "subgraph"; subgraph: SubgraphConfig; chain: readonly string[] }
  | { kind: "unexpanded" };

/** How graphs in files and factories are opened; both report problems and then give undefined. */
export interface GraphOpener {
  /** Reads the file of a subgraph; `from` are the files that led there, outermost first. */
  readFile(
    path: string,
    from: readonly string[],
    place: Place,
  ): Promise<GraphFile | undefined>;
  /** Calls the factory of a node; `chain` are the factories that led there. */
  callFactory(
    node: NodeConfig,
    chain: readonly string[],
    place: Place,
  ): Promise<OpenedFactory | undefined>;
}

/** What leads to a graph. */
interface Trail {
  files: readonly string[];
  chain: readonly string[];
  /** Number of subgraphs around it. */
  depth: number;
}

/**
 * Opens a graph and everything in it, depth first, in the order of the file.
 *
 * @param content The outermost graph.
 * @param files The file it is in, if there is one.
 * @param opener How files and factories are opened.
 * @param issues Gets what is wrong; the tree then lacks these parts.
 */
export async function openGraph(
  content: GraphContent,
  files: readonly string[],
  opener: GraphOpener,
  issues: ConfigIssue[],
): Promise<TreeGraph> {
  const root = emptyGraph("", "", undefined, content.place);
  const builder = new TreeBuilder(opener, issues);
  await builder.fill(root, content, { files, chain: [], depth: 0 });
  return root;
}

/** A graph with the subgraphs that are written in place; files and factories stay closed. */
export function outlineGraph(content: GraphContent): TreeGraph {
  const root = emptyGraph("", "", undefined, content.place);
  fillOutline(root, content);
  return root;
}

function fillOutline(graph: TreeGraph, content: GraphContent): void {
  addEdges(graph, content);
  const prefix = prefixOf(graph);
  content.nodes.forEach((config, i) => {
    const place = content.place.at("nodes", i);
    if (config.type === "node") {
      const node = treeNode(prefix, config, config, place);
      node.isUnexpanded = config.factory !== null;
      return addMember(graph, node);
    }
    const inner = emptyGraph(config.name, prefix + config.name, config, place);
    addMember(graph, inner);
    if (config.nodes === null) inner.isUnopened = true;
    else fillOutline(inner, { nodes: config.nodes, edges: config.edges, place });
  });
}

function addEdges(graph: TreeGraph, { edges, place }: GraphContent): void {
  edges.forEach((config, i) => graph.edges.push({ config, place: place.at("edges", i) }));
}

/** What stands before the names of a graph's members in the flat graph. */
function prefixOf(graph: TreeGraph): string {
  return graph.flatName === "" ? "" : `${graph.flatName}.`;
}

class TreeBuilder {
  readonly #opener: GraphOpener;
  readonly #issues: ConfigIssue[];
  #count = 0;

  constructor(opener: GraphOpener, issues: ConfigIssue[]) {
    this.#opener = opener;
    this.#issues = issues;
  }

  async fill(graph: TreeGraph, content: GraphContent, trail: Trail): Promise<void> {
    addEdges(graph, content);
    const prefix = prefixOf(graph);
    for (const [i, config] of content.nodes.entries()) {
      if (++this.#count > MAX_NODES) {
        if (this.#count === MAX_NODES + 1) {
          this.#issues.push(graph.place.issue(
            "too_large",
            `the graph has more than ${MAX_NODES} nodes once its subgraphs are opened`,
          ));
        }
        return;
      }
      const place = content.place.at("nodes", i);
      if (config.type === "subgraph") {
        await this.#addSubgraph(graph, prefix, config, place, trail);
      } else if (config.factory === null) {
        addMember(graph, treeNode(prefix, config, config, place));
      } else {
        await this.#addMade(graph, prefix, config, place, trail);
      }
    }
  }

  async #addMade(
    graph: TreeGraph,
    prefix: string,
    written: NodeConfig,
    place: Place,
    trail: Trail,
  ): Promise<void> {
    const opened = await this.#opener.callFactory(written, trail.chain, place);
    if (opened === undefined) return;
    switch (opened.kind) {
      case "node": {
        const node = treeNode(prefix, opened.node, written, place);
        node.streams = opened.streams;
        return addMember(graph, node);
      }
      case "unexpanded": {
        const node = treeNode(prefix, written, written, place);
        node.isUnexpanded = true;
        return addMember(graph, node);
      }
      case "subgraph": {
        const { subgraph, chain } = opened;
        const made = place.at("factory").closed();
        return await this.#addSubgraph(graph, prefix, subgraph, made, { ...trail, chain });
      }
    }
  }

  async #addSubgraph(
    parent: TreeGraph,
    prefix: string,
    config: SubgraphConfig,
    place: Place,
    trail: Trail,
  ): Promise<void> {
    if (trail.depth === MAX_NESTING) {
      const message = `more than ${MAX_NESTING} subgraphs are inside of each other: nest less`;
      this.#issues.push(place.issue("too_deep", message));
      return;
    }
    const graph = emptyGraph(config.name, prefix + config.name, config, place);
    addMember(parent, graph);
    const inside = { ...trail, depth: trail.depth + 1 };
    if (config.path === null) {
      const content = { nodes: config.nodes ?? [], edges: config.edges, place };
      return await this.fill(graph, content, inside);
    }
    const content = await this.#opener.readFile(config.path, trail.files, place.at("path"));
    if (content === undefined) return;
    graph.file = content.file;
    graph.config = {
      ...config,
      nodes: [...content.nodes],
      edges: [...content.edges],
    };
    await this.fill(graph, content, { ...inside, files: [...trail.files, content.file] });
  }
}

function treeNode(prefix: string, config: NodeConfig, written: NodeConfig, place: Place): TreeNode {
  const { name } = config;
  const flatName = prefix + name;
  return {
    kind: "node",
    name,
    flatName,
    config,
    written,
    place,
    isUnexpanded: false,
    streams: false,
  };
}

function emptyGraph(
  name: string,
  flatName: string,
  config: SubgraphConfig | undefined,
  place: Place,
): TreeGraph {
  return {
    kind: "graph",
    name,
    flatName,
    members: [],
    byName: new Map(),
    edges: [],
    config,
    place,
    file: null,
    isUnopened: false,
  };
}

function addMember(graph: TreeGraph, member: TreeNode | TreeGraph): void {
  graph.members.push(member);
  if (!graph.byName.has(member.name)) graph.byName.set(member.name, member);
}

/** All nodes of a graph, depth first, in order. */
export function* nodesOf(graph: TreeGraph): Generator<TreeNode> {
  for (const member of graph.members) {
    if (member.kind === "node") yield member;
    else yield* nodesOf(member);
  }
}

/** All subgraphs of a graph, depth first, in order. */
export function* subgraphsOf(graph: TreeGraph): Generator<TreeGraph> {
  for (const member of graph.members) {
    if (member.kind === "node") continue;
    yield member;
    yield* subgraphsOf(member);
  }
}
