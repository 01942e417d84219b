/**
 * A graph as it is drawn: nodes with sizes, edges between handles, decorations.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import {
  asObject,
  objectAt,
  objectsIn,
  type RawObject,
  valueAt,
} from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, valueAtPath } from "./document.ts";
import {
  type FactoryPorts,
  type NetDefaults,
  netDefaults,
  type NodeView,
  nodeView,
} from "./node_view.ts";
import { layeredLayout, type LayoutNode } from "./layout.ts";
import {
  descriptionHeight,
  FRAME_PADDING,
  HEADER_HEIGHT,
  numberAt,
  ROW_HEIGHT,
  sizeOf,
} from "./node_size.ts";
import { GROUP_HANDLE, type GroupRow, handlesOf, type PortRow, portRows } from "./port_rows.ts";

/** A place, or a way. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** A node with all that drawing it takes. */
export interface DrawnNode {
  /** Names it on the canvas: its dotted name, with a number where two are called the same. */
  readonly id: string;
  /** Where it stands in the document. */
  readonly path: ConfigPath;
  readonly view: NodeView;
  readonly inRows: readonly (PortRow | GroupRow)[];
  readonly outRows: readonly (PortRow | GroupRow)[];
  /** Id of the expanded subgraph around it. */
  readonly parent: string | undefined;
  /** From the upper left corner of the parent, or of the canvas. */
  readonly x: number;
  readonly y: number;
  /** How far that is from where the document says: a frame fits what stands in it. */
  readonly shift: Point;
  readonly width: number;
  readonly height: number;
  readonly zIndex: number;
}

/** One edge, or all edges between two closed groups. */
export interface DrawnEdge {
  readonly id: string;
  /** Where the edges stand in the document. */
  readonly paths: readonly ConfigPath[];
  readonly source: string;
  readonly target: string;
  readonly sourceHandle: string;
  readonly targetHandle: string;
  readonly isDependency: boolean;
}

/** A drawing that means nothing to the net. */
export interface Decoration {
  readonly id: string;
  readonly path: ConfigPath;
  readonly data: RawObject;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly zIndex: number;
}

/** A graph as it is drawn. */
export interface GraphView {
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  readonly decorations: readonly Decoration[];
  /** Whether no node of the outermost graph says where it stands, so that they are arranged. */
  readonly isArranged: boolean;
}

/** What a factory makes of arguments, if that is known. */
export type FactoryLookup = (node: RawObject) => FactoryPorts | undefined;

/**
 * The graph at a path of the document.
 *
 * @param made The ports that factories make.
 */
export function graphView(
  net: RawObject,
  graphPath: ConfigPath,
  made: FactoryLookup = () => undefined,
): GraphView {
  const graph = asObject(valueAtPath(net, graphPath));
  const builder = new GraphViewBuilder(netDefaults(net), made);
  if (graph) builder.addGraph(graph, graphPath, undefined, "");
  const isArranged = objectsIn(graph?.get("nodes")).every((node) => !hasPosition(node));
  return {
    nodes: isArranged ? arranged(builder.nodes, builder.edges) : builder.nodes,
    edges: builder.edges,
    decorations: decorationsOf(graph, graphPath),
    isArranged,
  };
}

/** The nodes in layers: what someone wrote by hand is shown as if it had been laid out. */
function arranged(nodes: readonly DrawnNode[], edges: readonly DrawnEdge[]): DrawnNode[] {
  const outer = nodes.filter(({ parent }) => parent === undefined);
  const { positions } = layeredLayout(
    outer.map((node) => layoutNode(node)),
    edges.map(({ source, sourceHandle, target, targetHandle }) => ({
      source,
      sourcePort: sourceHandle,
      target,
      targetPort: targetHandle,
    })),
  );
  return nodes.map((node) => {
    const place = node.parent === undefined ? positions.get(node.id) : undefined;
    return place ? { ...node, x: place.x, y: place.y + 100 } : node;
  });
}

/** A node as the layout takes it. */
export function layoutNode({ id, width, height, inRows, outRows }: DrawnNode): LayoutNode {
  const ports = (rows: readonly (PortRow | GroupRow)[]) =>
    rows.map((row) => row.kind === "port" ? row.port.name : GROUP_HANDLE + row.path);
  return { id, width, height, inPorts: ports(inRows), outPorts: ports(outRows) };
}

/**
 * Writes where nodes stand that were arranged for show, as soon as an edit has placed one of them:
 * else the others would jump.
 */
export function pinPositions(draft: RawObject, view: GraphView): void {
  if (!view.isArranged || view.nodes.length === 0) return;
  const graph = asObject(valueAtPath(draft, view.nodes[0]!.path.slice(0, -2)));
  const nodes = objectsIn(graph?.get("nodes"));
  if (!nodes.some(hasPosition)) return;
  const places = new Map(view.nodes.map(({ view: { name }, x, y }) => [name, { x, y }]));
  for (const node of nodes) {
    const place = places.get(String(node.get("name") ?? ""));
    if (!place || hasPosition(node)) continue;
    objectAt(node, "extra", "ui").set("position", new Map([["x", place.x], ["y", place.y]]));
  }
}

function hasPosition(node: RawObject): boolean {
  return numberAt(node, ["extra", "ui", "position", "x"]) !== undefined;
}

const NO_SHIFT: Point = { x: 0, y: 0 };

/** What the document says of a place on the canvas at which a node is drawn. */
export function writtenPlace({ shift }: DrawnNode, { x, y }: Point): Point {
  return { x: x - shift.x, y: y - shift.y };
}

class GraphViewBuilder {
  readonly nodes: DrawnNode[] = [];
  readonly edges: DrawnEdge[] = [];
  readonly #ids = new Set<string>();

  constructor(private readonly defaults: NetDefaults, private readonly made: FactoryLookup) {}

  /** Adds the nodes and edges of a graph. */
  addGraph(graph: RawObject, path: ConfigPath, parent: string | undefined, prefix: string): void {
    const used = usedPorts(graph);
    const byName = new Map<string, DrawnNode>();
    const nodes = graph.get("nodes");
    for (const [i, item] of Array.isArray(nodes) ? nodes.entries() : []) {
      const node = asObject(item);
      if (!node) continue;
      const drawn = this.#addNode(node, [...path, "nodes", i], i, parent, prefix, used);
      if (!byName.has(drawn.view.name)) byName.set(drawn.view.name, drawn);
    }
    this.#addEdges(graph, path, byName);
  }

  #addNode(
    node: RawObject,
    path: ConfigPath,
    index: number,
    parent: string | undefined,
    prefix: string,
    used: ReadonlyMap<string, UsedPorts>,
  ): DrawnNode {
    const name = String(node.get("name") ?? "");
    const view = nodeView(node, this.defaults, this.made(node), used.get(name));
    let id = prefix + name;
    for (let i = 2; this.#ids.has(id); i++) id = `${prefix}${name}#${i}`;
    this.#ids.add(id);
    const inRows = portRows(view.inPorts, "in", view.portGroups);
    const outRows = portRows(view.outPorts, "out", view.portGroups);
    const position = positionOf(node, index);
    const at = this.nodes.length;
    const size = sizeOf(node, view, inRows, outRows);
    const drawn = {
      id,
      path,
      view,
      inRows,
      outRows,
      parent,
      x: position.x,
      y: position.y,
      shift: NO_SHIFT,
      ...size,
      zIndex: numberAt(node, ["extra", "ui", "zIndex"]) ?? 0,
    };
    this.nodes.push(drawn);
    if (!view.isExpanded) return drawn;
    // Parents come before their children.
    this.addGraph(node, path, id, `${id}.`);
    const inner = this.#fitInto(drawn, at + 1);
    const frame = {
      ...drawn,
      width: Math.max(size.width, inner.width + FRAME_PADDING),
      height: Math.max(size.height, inner.height + FRAME_PADDING),
    };
    this.nodes[at] = frame;
    return frame;
  }

  /**
   * Moves the children of an expanded subgraph to the left border, below its ports.
   *
   * @returns How far they reach from its upper left corner.
   */
  #fitInto(
    { id, view, width, inRows, outRows }: DrawnNode,
    from: number,
  ): { width: number; height: number } {
    const children = this.nodes.slice(from).filter(({ parent }) => parent === id);
    const rows = Math.max(inRows.length, outRows.length);
    const top = HEADER_HEIGHT + descriptionHeight(view, width) + rows * ROW_HEIGHT + FRAME_PADDING;
    const shift = {
      x: FRAME_PADDING - Math.min(...children.map(({ x }) => x)),
      y: top - Math.min(...children.map(({ y }) => y)),
    };
    const reach = { width: 0, height: top };
    for (let i = from; i < this.nodes.length; i++) {
      const child = this.nodes[i]!;
      if (child.parent !== id) continue;
      const [x, y] = [child.x + shift.x, child.y + shift.y];
      this.nodes[i] = { ...child, x, y, shift };
      reach.width = Math.max(reach.width, x + child.width);
      reach.height = Math.max(reach.height, y + child.height);
    }
    return reach;
  }

  #addEdges(graph: RawObject, path: ConfigPath, nodes: ReadonlyMap<string, DrawnNode>): void {
    const bundles = new Map<
      string,
      { edge: Omit<DrawnEdge, "paths" | "id">; paths: ConfigPath[] }
    >();
    const handles = new Map<DrawnNode, { in: Map<string, string>; out: Map<string, string> }>();
    const handle = (node: DrawnNode, side: "in" | "out", port: string): string => {
      let known = handles.get(node);
      if (!known) {
        known = { in: handlesOf(node.inRows), out: handlesOf(node.outRows) };
        handles.set(node, known);
      }
      return known[side].get(port) ?? port;
    };
    const edges = graph.get("edges");
    for (const [i, edge] of Array.isArray(edges) ? edges.entries() : []) {
      const { sourceNode = "", sourcePort = "", targetNode = "", targetPort = "" } = edgeEnds(edge);
      const [source, target] = [nodes.get(sourceNode), nodes.get(targetNode)];
      if (!source || !target) continue;
      const drawn = {
        source: source.id,
        target: target.id,
        sourceHandle: handle(source, "out", sourcePort),
        targetHandle: handle(target, "in", targetPort),
        isDependency: asObject(edge)?.get("dependency") === true,
      };
      const isBundle = drawn.sourceHandle.startsWith(GROUP_HANDLE) &&
        drawn.targetHandle.startsWith(GROUP_HANDLE);
      const ends = [drawn.source, drawn.sourceHandle, drawn.target, drawn.targetHandle];
      const key = isBundle ? JSON.stringify(ends) : JSON.stringify([...path, "edges", i]);
      const bundle = bundles.get(key);
      if (bundle) bundle.paths.push([...path, "edges", i]);
      else bundles.set(key, { edge: drawn, paths: [[...path, "edges", i]] });
    }
    for (const [id, { edge, paths }] of bundles) this.edges.push({ id, paths, ...edge });
  }
}

interface UsedPorts {
  in: string[];
  out: string[];
}

/** The ports of each node that edges name. */
function usedPorts(graph: RawObject): Map<string, UsedPorts> {
  const used = new Map<string, UsedPorts>();
  const of = (name: string): UsedPorts => {
    let ports = used.get(name);
    if (!ports) used.set(name, ports = { in: [], out: [] });
    return ports;
  };
  for (const edge of objectsIn(graph.get("edges"))) {
    const { sourceNode, sourcePort, targetNode, targetPort } = edgeEnds(edge);
    if (sourceNode !== undefined && sourcePort !== undefined) of(sourceNode).out.push(sourcePort);
    if (targetNode !== undefined && targetPort !== undefined) of(targetNode).in.push(targetPort);
  }
  return used;
}

/** Where a node or decoration is drawn; nodes that say nothing stand in a row. */
export function positionOf(object: RawObject, index: number): { x: number; y: number } {
  const x = numberAt(object, ["extra", "ui", "position", "x"]);
  const y = numberAt(object, ["extra", "ui", "position", "y"]);
  return { x: x ?? 200 * index, y: y ?? 100 };
}

function decorationsOf(graph: RawObject | undefined, path: ConfigPath): Decoration[] {
  const list = valueAt(graph, "extra", "decorations");
  return (Array.isArray(list) ? list : []).flatMap((item, i) => {
    const data = asObject(item);
    if (!data) return [];
    return [{
      id: `decoration ${data.get("id") ?? i}`,
      path: [...path, "extra", "decorations", i],
      data,
      x: numberAt(data, ["position", "x"]) ?? 0,
      y: numberAt(data, ["position", "y"]) ?? 0,
      width: numberAt(data, ["width"]) ?? 200,
      height: numberAt(data, ["height"]) ?? 120,
      zIndex: numberAt(data, ["zIndex"]) ?? -1,
    }];
  });
}
