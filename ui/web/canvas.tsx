/**
 * The canvas: nodes, edges and decorations of the graph that is shown.
 *
 * @module
 */
import {
  Background,
  type Connection,
  Controls,
  type Edge as FlowEdge,
  MarkerType,
  MiniMap,
  type Node as FlowNode,
  type NodeChange,
  Position,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  useStore,
} from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect, useMemo, useRef, useState } from "react";
import { asObject, valueAt } from "../../runtime/tools/raw_net.ts";
import { connect, connectByBroadcast, PortTaken, toggleDependency } from "../model/edit_edges.ts";
import { addNode, EditRefused, moveNodes, restack } from "../model/edit_nodes.ts";
import { setExpanded } from "../model/edit_subgraphs.ts";
import type { DrawnEdge, DrawnNode, GraphView } from "../model/graph_view.ts";
import { GROUP_HANDLE, pairGroups } from "../model/port_rows.ts";
import { rowY } from "../model/view_svg.ts";
import { deleteSelection, run, setFlow } from "./commands.ts";
import { DecorationBox } from "./decoration_box.tsx";
import { NodeBox } from "./node_box.tsx";
import { Overview } from "./overview.tsx";
import {
  activeTab,
  canvasPath,
  edit,
  enter,
  factoryFailure,
  openFile,
  say,
  select,
  type Tab,
  useStudio,
  viewOf,
} from "./studio.ts";

/** Below this zoom nodes are painted instead of mounted; a few are mounted further away. */
const OVERVIEW_ZOOM = 0.4;
const SMALL_OVERVIEW_ZOOM = 0.15;
const SMALL_GRAPH = 150;

const nodeTypes = { net: NodeBox, decoration: DecorationBox };

/** The canvas of a tab. */
export function Canvas({ tab }: { tab: Tab }) {
  const made = useStudio(({ made }) => made);
  const simulation = useStudio(({ simulation }) => simulation);
  const view = useMemo(() => viewOf(tab), [tab.history.data, tab.scope, made]);
  const [flow, setInstance] = useState<ReactFlowInstance>();
  const [menu, setMenu] = useState<Menu>();
  const limit = view.nodes.length > SMALL_GRAPH ? OVERVIEW_ZOOM : SMALL_OVERVIEW_ZOOM;
  const isFar = useStore(({ transform }) => transform[2] < limit);
  const isDragging = useRef(false);
  const [drags, setDrags] = useState<ReadonlyMap<string, { x: number; y: number }>>(new Map());
  const shown = useRef("");
  useEffect(() => {
    const key = `${tab.id}:${tab.scope.join("/")}`;
    if (!flow || shown.current === key) return;
    shown.current = key;
    setFlow(flow);
    fit(flow, view);
  }, [flow, tab.id, tab.scope]);
  useEffect(() => {
    // Nodes that nobody placed move as their ports become known.
    if (flow && view.isArranged) fit(flow, view);
  }, [made]);
  const nodes = useMemo(
    () => flowNodes(view, tab, drags),
    [view, tab.selection, tab.problems, drags, made],
  );
  const edges = useMemo(() => flowEdges(view, tab), [view, tab.selection, simulation]);

  return (
    <div
      className={isFar ? "canvas far" : "canvas"}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        const factory = event.dataTransfer.getData("application/netrun-factory");
        if (factory === "" || !flow) return;
        const place = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
        addFromRail(factory, place);
      }}
      onDoubleClick={(event) => {
        const id = (event.target as Element).closest(".react-flow__node")?.getAttribute("data-id");
        const node = view.nodes.find((node) => node.id === id);
        if (node) openNode(node, tab);
      }}
    >
      <ReactFlow
        nodes={isFar ? NO_NODES : nodes}
        edges={isFar ? NO_EDGES : edges}
        nodeTypes={nodeTypes}
        onInit={setInstance}
        onNodesChange={(changes) => {
          const moved = new Map<string, { x: number; y: number }>();
          for (const change of changes) {
            if (change.type === "position" && change.position) {
              moved.set(change.id, change.position);
            }
          }
          if (moved.size > 0) {
            if (isDragging.current) setDrags(new Map([...drags, ...moved]));
            else commitMoves(view, moved);
          }
          selectByChanges(changes, tab);
        }}
        onNodeDragStart={() => {
          isDragging.current = true;
        }}
        onEdgesChange={(changes) => {
          const ids = new Set(tab.selection);
          for (const change of changes) {
            if (change.type !== "select") continue;
            if (change.selected) ids.add(change.id);
            else ids.delete(change.id);
          }
          select(ids);
        }}
        onNodeDragStop={(_, __, dragged) => {
          isDragging.current = false;
          setDrags(new Map());
          commitMoves(view, new Map(dragged.map(({ id, position }) => [id, position])));
        }}
        onConnect={(connection) => connectPorts(view, connection)}
        onPaneClick={(event) => {
          setMenu(undefined);
          const place = isFar && flow
            ? flow.screenToFlowPosition({ x: event.clientX, y: event.clientY })
            : undefined;
          select(place ? idsAt(view, place) : []);
        }}
        onNodeContextMenu={(event, node) => {
          event.preventDefault();
          if (!tab.selection.has(node.id)) select([node.id]);
          setMenu({ x: event.clientX, y: event.clientY, items: nodeMenu(view, node.id, tab) });
        }}
        onEdgeContextMenu={(event, edge) => {
          event.preventDefault();
          select([edge.id]);
          setMenu({ x: event.clientX, y: event.clientY, items: edgeMenu(view, edge.id) });
        }}
        onPaneContextMenu={(event) => {
          event.preventDefault();
          setMenu({ x: event.clientX, y: event.clientY, items: paneMenu() });
        }}
        onMoveStart={() => setMenu(undefined)}
        deleteKeyCode={null}
        selectionMode={SelectionMode.Partial}
        multiSelectionKeyCode={["Meta", "Control"]}
        minZoom={0.05}
        maxZoom={4}
        snapToGrid
        snapGrid={[10, 10]}
        onlyRenderVisibleElements
        nodesDraggable={simulation === undefined}
        nodesConnectable={simulation === undefined}
        zoomOnDoubleClick={false}
        proOptions={{ hideAttribution: true }}
        aria-label="Graph"
      >
        <Background gap={20} size={1.4} color="var(--grid)" />
        <Overview view={view} selection={tab.selection} below={limit} />
        <Controls showInteractive={false} position="bottom-left" />
        {!isFar && (
          <MiniMap
            pannable
            zoomable
            position="bottom-right"
            ariaLabel="Map of the graph"
            nodeColor="var(--map-node)"
            maskColor="var(--map-mask)"
          />
        )}
      </ReactFlow>
      {menu && <ContextMenu menu={menu} close={() => setMenu(undefined)} />}
      {view.nodes.length === 0 && view.decorations.length === 0 && <EmptyGraph />}
    </div>
  );
}

const NO_NODES: FlowNode[] = [];
const NO_EDGES: FlowEdge[] = [];

/** Ids of the node at a place, the innermost one. */
function idsAt(view: GraphView, { x, y }: { x: number; y: number }): string[] {
  const found = view.nodes.filter((node) =>
    node.parent === undefined && x >= node.x && y >= node.y && x <= node.x + node.width &&
    y <= node.y + node.height
  );
  return found.slice(-1).map(({ id }) => id);
}

function commitMoves(
  view: GraphView,
  moved: ReadonlyMap<string, { readonly x: number; readonly y: number }>,
): void {
  const moves = [...moved].flatMap(([id, position]) => {
    const path = pathOf(view, id);
    return path ? [{ path, position }] : [];
  });
  edit(moves.length > 1 ? "Move nodes" : "Move node", (draft) => moveNodes(draft, moves));
}

/** Zooms so that the whole graph is seen. */
export function fit(flow: ReactFlowInstance, view: GraphView): void {
  const boxes = [...view.nodes.filter(({ parent }) => parent === undefined), ...view.decorations];
  if (boxes.length === 0) return void flow.setViewport({ x: 80, y: 60, zoom: 1 });
  const x = Math.min(...boxes.map((box) => box.x));
  const y = Math.min(...boxes.map((box) => box.y));
  const width = Math.max(...boxes.map((box) => box.x + box.width)) - x;
  const height = Math.max(...boxes.map((box) => box.y + box.height)) - y;
  flow.fitBounds({ x, y, width, height }, { padding: 0.16 });
  const { zoom } = flow.getViewport();
  if (zoom > 1) flow.setCenter(x + width / 2, y + height / 2, { zoom: 1 });
}

function flowNodes(
  view: GraphView,
  tab: Tab,
  drags: ReadonlyMap<string, { x: number; y: number }>,
): FlowNode[] {
  const problems = new Map<string, string>();
  for (const problem of tab.problems) {
    if (problem.severity !== "error") continue;
    for (const path of problem.nodePaths) problems.set(path.join("/"), problem.message);
  }
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

function flowEdges(view: GraphView, tab: Tab): FlowEdge[] {
  const ui = asObject(valueAt(tab.history.data, "graph", "extra", "ui"));
  const style = `${ui?.get("edgeStyle") ?? "smoothstep"}`;
  const markers = `${ui?.get("edgeMarkers") ?? "arrow-end"}`;
  const marker = { type: MarkerType.ArrowClosed, width: 16, height: 16 };
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
    ].join(" "),
    ...(edge.paths.length > 1 ? { label: `${edge.paths.length}` } : {}),
    ...(/end|both/.test(markers) ? { markerEnd: marker } : {}),
    ...(/start|both/.test(markers) ? { markerStart: marker } : {}),
    ariaLabel:
      `Edge from ${edge.source} ${edge.sourceHandle} to ${edge.target} ${edge.targetHandle}`,
  }));
}

function selectByChanges(changes: NodeChange[], tab: Tab): void {
  const current = activeTab() ?? tab;
  const ids = new Set(current.selection);
  let changed = false;
  for (const change of changes) {
    if (change.type !== "select") continue;
    changed = true;
    if (change.selected) ids.add(change.id);
    else ids.delete(change.id);
  }
  if (changed) select(ids);
}

function pathOf(view: GraphView, id: string) {
  return view.nodes.find((node) => node.id === id)?.path ??
    view.decorations.find((decoration) => decoration.id === id)?.path;
}

function connectPorts(view: GraphView, connection: Connection): void {
  const source = view.nodes.find(({ id }) => id === connection.source);
  const target = view.nodes.find(({ id }) => id === connection.target);
  const { sourceHandle, targetHandle } = connection;
  if (!source || !target || !sourceHandle || !targetHandle) return;
  if (source.parent !== target.parent) {
    return say("An edge cannot cross the border of a subgraph: expose a port there", "error");
  }
  joinHandles(source, sourceHandle, target, targetHandle);
}

/** Makes the edges between two handles. */
export function joinHandles(
  source: DrawnNode,
  sourceHandle: string,
  target: DrawnNode,
  targetHandle: string,
): void {
  const graph = source.path.slice(0, -2);
  const names = { sourceNode: source.view.name, targetNode: target.view.name };
  const groups = [sourceHandle, targetHandle].map((handle) => handle.startsWith(GROUP_HANDLE));
  if (groups[0] !== groups[1]) {
    return say("A group of ports cannot be joined to a single port: open the group", "error");
  }
  let pairs: [string, string][] = [[sourceHandle, targetHandle]];
  if (groups[0]) {
    const [from, to] = [
      groupOf(source.outRows, sourceHandle),
      groupOf(target.inRows, targetHandle),
    ];
    const found = from && to ? pairGroups(from, to) : undefined;
    if (!found) return say("These groups do not have the same ports", "error");
    pairs = found;
  }
  edit("Connect", (draft) => {
    for (const [sourcePort, targetPort] of pairs) {
      try {
        connect(draft, graph, { ...names, sourcePort, targetPort });
      } catch (error) {
        if (!(error instanceof PortTaken)) throw error;
        offerBroadcast(error, source, target, graph);
        throw new EditRefused("One output port has one edge");
      }
    }
  });
}

function offerBroadcast(
  error: PortTaken,
  source: DrawnNode,
  target: DrawnNode,
  graph: DrawnNode["path"],
): void {
  say(error.message, "info", {
    label: "Insert broadcast",
    run: () =>
      edit("Insert broadcast", (draft) =>
        connectByBroadcast(draft, graph, error.names, {
          x: (source.x + source.width + target.x) / 2 - 85,
          y: Math.min(source.y, target.y) - 90,
        })),
  });
}

function groupOf(rows: DrawnNode["inRows"], handle: string) {
  const path = handle.slice(GROUP_HANDLE.length);
  return rows.flatMap((row) => row.kind === "group" && row.path === path ? [row] : [])[0];
}

function addFromRail(factory: string, place: { x: number; y: number }): void {
  const tab = activeTab();
  if (!tab) return;
  const { ref, args } = JSON.parse(factory);
  edit(`Add ${ref}`, (draft) => {
    addNode(draft, canvasPath(tab), place, {
      factory: ref,
      args: new Map(Object.entries(args ?? {})),
    });
  });
}

function openNode(node: DrawnNode, tab: Tab): void {
  if (node.view.kind !== "subgraph") return;
  if (node.view.path !== undefined) {
    const slash = tab.path?.lastIndexOf("/") ?? -1;
    openFile(`${slash < 0 ? "" : tab.path!.slice(0, slash + 1)}${node.view.path}`);
  } else enter([...tab.scope, ...node.id.split(".")]);
}

interface MenuItem {
  readonly label: string;
  readonly keys?: string;
  readonly run: () => void;
}

interface Menu {
  readonly x: number;
  readonly y: number;
  readonly items: readonly MenuItem[];
}

function nodeMenu(view: GraphView, id: string, tab: Tab): MenuItem[] {
  const path = pathOf(view, id);
  const node = view.nodes.find((node) => node.id === id);
  if (!path) return [];
  const items: MenuItem[] = [];
  if (node?.view.kind === "subgraph") {
    items.push({ label: "Open subgraph", run: () => openNode(node, tab) });
    if (node.view.nodeCount !== undefined) {
      items.push({
        label: node.view.isExpanded ? "Collapse" : "Expand in place",
        run: () => edit("Expand", (draft) => setExpanded(draft, path, !node.view.isExpanded)),
      }, { label: "Ungroup", run: () => run("ungroup") });
    }
  }
  if (activeTab()!.selection.size > 1) {
    items.push({ label: "Make a subgraph", keys: "Ctrl G", run: () => run("subgraph") });
  }
  return [
    ...items,
    { label: "Copy", keys: "Ctrl C", run: () => run("copy") },
    {
      label: "Bring to front",
      run: () => edit("Bring to front", (d) => restack(d, path, "front")),
    },
    { label: "Send to back", run: () => edit("Send to back", (d) => restack(d, path, "back")) },
    { label: "Delete", keys: "Del", run: deleteSelection },
  ];
}

function edgeMenu(view: GraphView, id: string): MenuItem[] {
  const edge: DrawnEdge | undefined = view.edges.find((edge) => edge.id === id);
  if (!edge) return [];
  return [
    {
      label: edge.isDependency ? "Make an ordinary edge" : "Make a dependency edge",
      run: () =>
        edit("Change edge", (draft) => {
          for (const path of edge.paths) toggleDependency(draft, path);
        }),
    },
    { label: "Delete", keys: "Del", run: deleteSelection },
  ];
}

function paneMenu(): MenuItem[] {
  return [
    { label: "Add node", keys: "N", run: () => run("addNode") },
    { label: "Add from factory…", run: () => run("factories") },
    { label: "Paste", keys: "Ctrl V", run: () => run("paste") },
    { label: "Arrange", keys: "Ctrl Shift L", run: () => run("layout") },
    { label: "Fit to view", keys: "0", run: () => run("fit") },
  ];
}

function ContextMenu({ menu, close }: { menu: Menu; close: () => void }) {
  return (
    <ul
      className="menu"
      role="menu"
      style={{
        left: Math.min(menu.x, innerWidth - 220),
        top: Math.min(menu.y, innerHeight - 40 * menu.items.length),
      }}
    >
      {menu.items.map((item) => (
        <li key={item.label} role="none">
          <button
            type="button"
            role="menuitem"
            onClick={() => {
              close();
              item.run();
            }}
          >
            {item.label}
            {item.keys && <kbd>{item.keys}</kbd>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function EmptyGraph() {
  const isReadOnly = useStudio(({ isReadOnly }) => isReadOnly);
  if (isReadOnly) return null;
  return (
    <div className="empty">
      <h2>An empty graph</h2>
      <p>Nodes do the work, edges carry packets between their ports.</p>
      <button type="button" className="primary" onClick={() => run("addNode")}>Add a node</button>
      <p className="dim">
        or press <kbd>Ctrl K</kbd> for everything else
      </p>
    </div>
  );
}
