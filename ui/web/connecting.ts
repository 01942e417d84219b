/**
 * Joining handles by edges.
 *
 * @module
 */
import type { Connection } from "@xyflow/react";
import { connect, connectByBroadcast, leadsToBroadcast, PortTaken } from "../model/edit_edges.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import { type DrawnNode, type GraphView, writtenPlace } from "../model/graph_view.ts";
import { GROUP_HANDLE, pairGroups } from "../model/port_rows.ts";
import { edit } from "./editing.ts";
import { activeTab, say } from "./studio.ts";

export function pathOf(view: GraphView, id: string) {
  return view.nodes.find((node) => node.id === id)?.path ??
    view.decorations.find((decoration) => decoration.id === id)?.path;
}

export function connectPorts(view: GraphView, connection: Connection): void {
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
  const tab = activeTab();
  const widens = tab && leadsToBroadcast(tab.history.data, graph, error.names);
  const label = widens ? "Widen broadcast" : "Insert broadcast";
  const advice = widens ? "widen the broadcast behind it" : "insert a broadcast to copy them";
  say(error.message.replace(/insert a broadcast.*/, advice), "info", {
    label,
    run: () =>
      edit(label, (draft) =>
        connectByBroadcast(
          draft,
          graph,
          error.names,
          writtenPlace(source, {
            x: (source.x + source.width + target.x) / 2 - 85,
            y: Math.min(source.y, target.y) - 90,
          }),
        )),
  });
}

function groupOf(rows: DrawnNode["inRows"], handle: string) {
  const path = handle.slice(GROUP_HANDLE.length);
  return rows.flatMap((row) => row.kind === "group" && row.path === path ? [row] : [])[0];
}
