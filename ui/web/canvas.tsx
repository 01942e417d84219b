/**
 * The canvas: nodes, edges and decorations of the graph that is shown.
 *
 * @module
 */
import {
  Background,
  Controls,
  type Edge as FlowEdge,
  type Node as FlowNode,
  type NodeChange,
  ReactFlow,
  type ReactFlowInstance,
  SelectionMode,
  useStore,
} from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect, useMemo, useRef, useState } from "react";
import { addNode, moveNodes } from "../model/edit_nodes.ts";
import { type GraphView, writtenPlace } from "../model/graph_view.ts";
import { canvasPath, viewOf } from "./canvas_graph.ts";
import { setFlow } from "./commands/canvas_handle.ts";
import { connectPorts, pathOf } from "./connecting.ts";
import { edgeMenu, nodeMenu, openNode, paneMenu } from "./context_menu.tsx";
import { ContextMenu, type Menu } from "./menu.tsx";
import { DecorationBox } from "./decoration_box.tsx";
import { edit } from "./editing.ts";
import { EmptyGraph } from "./empty_graph.tsx";
import { flowEdges, flowNodes } from "./flow_elements.ts";
import { Minimap } from "./minimap.tsx";
import { NodeBox } from "./node_box.tsx";
import { Overview } from "./overview.tsx";
import { activeTab, select, type Tab, useStudio } from "./studio.ts";
import { fit } from "./viewport.ts";

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
        {!isFar && <Background gap={20} size={1.4} color="var(--grid)" />}
        <Overview view={view} selection={tab.selection} below={limit} />
        <Controls showInteractive={false} position="bottom-left" />
        <Minimap view={view} />
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
    const node = view.nodes.find((node) => node.id === id);
    return path ? [{ path, position: node ? writtenPlace(node, position) : position }] : [];
  });
  edit(moves.length > 1 ? "Move nodes" : "Move node", (draft) => moveNodes(draft, moves));
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
