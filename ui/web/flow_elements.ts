/**
 * The graph as the canvas library takes it.
 *
 * @module
 */
import { type Edge as FlowEdge, MarkerType, type Node as FlowNode, Position } from "@xyflow/react";
import { asObject, valueAt } from "../../runtime/tools/raw_net.ts";
import { type Cascade, upstreamCascade } from "../model/dependency_cascade.ts";
import type { DrawnNode, GraphView } from "../model/graph_view.ts";
import { GROUP_HANDLE } from "../model/port_rows.ts";
import { rowY } from "../model/node_geometry.ts";
import { factoryFailure } from "./factory_ports.ts";
import type { Tab } from "./studio.ts";

export function flowNodes(
  view: GraphView,
  tab: Tab,
  drags: ReadonlyMap<string, { x: number; y: number }>,
): FlowNode[] {
  const problems = new Map<string, string>();
  for (const problem of tab.problems) {
    if (problem.severity !== "error") continue;
    for (const path of problem.nodePaths) problems.set(path.join("/"), problem.message);
  }
  const asked = new Set(cascadeOf(view, tab).nodes);
  return [
    ...view.decorations.map((decoration): FlowNode => ({
      id: decoration.id,
      type: "decoration",
      position: drags.get(decoration.id) ?? { x: decoration.x, y: decoration.y },
      width: decoration.width,
      height: decoration.height,
      zIndex: decoration.zIndex,
      selected: tab.selection.has(decoration.id),
      draggable: decoration.data.get("locked") !== true,
      data: { decoration },
      ariaLabel: `Decoration ${decoration.data.get("text") ?? ""}`,
    })),
    ...view.nodes.map((node): FlowNode => ({
      id: node.id,
      type: "net",
      position: drags.get(node.id) ?? { x: node.x, y: node.y },
      width: node.width,
      height: node.height,
      zIndex: node.zIndex,
      handles: handlesFor(node),
      ...(node.parent === undefined ? {} : { parentId: node.parent }),
      ...(asked.has(node.id) ? { className: "asked" } : {}),
      selected: tab.selection.has(node.id),
      draggable: !node.view.isLocked,
      data: { node, problem: problems.get(node.path.join("/")) ?? factoryFailure(tab, node.path) },
      ariaLabel: `${node.view.kind} ${node.view.name}`,
    })),
  ];
}

/** Where the handles of a node are, so that nothing has to be measured. */
function handlesFor(node: DrawnNode): NonNullable<FlowNode["handles"]> {
  const side = (rows: DrawnNode["inRows"], type: "source" | "target") =>
    rows.flatMap((row, i) => {
      if (row.kind === "group" && row.isOpen) return [];
      return [{
        id: row.kind === "port" ? row.port.name : GROUP_HANDLE + row.path,
        type,
        position: type === "target" ? Position.Left : Position.Right,
        x: type === "target" ? -HANDLE / 2 : node.width - HANDLE / 2,
        y: rowY(node, i) - HANDLE / 2,
        width: HANDLE,
        height: HANDLE,
      }];
    });
  return [...side(node.inRows, "target"), ...side(node.outRows, "source")];
}

const HANDLE = 11;

/** What a request along the selected dependency edge reaches. */
function cascadeOf(view: GraphView, { selection }: Tab): Cascade {
  const [id] = selection;
  const edge = selection.size === 1 ? view.edges.find((edge) => edge.id === id) : undefined;
  return edge?.isDependency ? upstreamCascade(view.edges, edge) : { edges: [], nodes: [] };
}

export function flowEdges(view: GraphView, tab: Tab): FlowEdge[] {
  const ui = asObject(valueAt(tab.history.data, "graph", "extra", "ui"));
  const style = `${ui?.get("edgeStyle") ?? "smoothstep"}`;
  const markers = `${ui?.get("edgeMarkers") ?? "arrow-end"}`;
  const marker = { type: MarkerType.ArrowClosed, width: 16, height: 16 };
  const cascade = new Set(cascadeOf(view, tab).edges);
  return view.edges.map((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    sourceHandle: edge.sourceHandle,
    targetHandle: edge.targetHandle,
    type: style === "default" ? "default" : style === "straight" ? "straight" : style,
    selected: tab.selection.has(edge.id),
    className: [
      edge.isDependency ? "dependency" : "",
      edge.paths.length > 1 ? "bundle" : "",
      cascade.has(edge.id) ? "cascade" : "",
    ].join(" "),
    ...(edge.paths.length > 1 ? { label: `${edge.paths.length}` } : {}),
    ...(/end|both/.test(markers) ? { markerEnd: marker } : {}),
    ...(/start|both/.test(markers) ? { markerStart: marker } : {}),
    ariaLabel:
      `Edge from ${edge.source} ${edge.sourceHandle} to ${edge.target} ${edge.targetHandle}`,
  }));
}
