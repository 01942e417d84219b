/**
 * Menus of nodes, edges and the canvas.
 *
 * @module
 */
import { type ConfigPath, type RawObject, setAtPath } from "../model/document.ts";
import { toggleDependency } from "../model/edit_edges.ts";
import { restack } from "../model/edit_nodes.ts";
import { setExpanded } from "../model/edit_subgraphs.ts";
import type { DrawnEdge, DrawnNode, GraphView } from "../model/graph_view.ts";
import { run } from "./commands.ts";
import { deleteSelection } from "./commands/editing_commands.ts";
import { pathOf } from "./connecting.ts";
import { edit } from "./editing.ts";
import { activeTab, enter, type Tab } from "./studio.ts";
import type { MenuItem } from "./menu.tsx";
import { canOpenSource, openSource } from "./source.ts";
import { openFile } from "./tabs.ts";

/** Shows what is inside a subgraph. */
export function openNode(node: DrawnNode, tab: Tab): void {
  if (node.view.kind !== "subgraph") return;
  if (node.view.path !== undefined) {
    const slash = tab.path?.lastIndexOf("/") ?? -1;
    openFile(`${slash < 0 ? "" : tab.path!.slice(0, slash + 1)}${node.view.path}`);
  } else enter([...tab.scope, ...node.id.split(".")]);
}

/** What can be done with a node or decoration. */
export function nodeMenu(view: GraphView, id: string, tab: Tab): MenuItem[] {
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
  const source = canOpenSource(tab, path);
  if (source !== undefined) {
    items.push({ label: "Open source", off: source.off, run: () => void openSource(tab, path) });
  }
  const isLocked = node?.view.isLocked ??
    view.decorations.find((decoration) => decoration.id === id)?.data.get("locked") === true;
  return [
    ...items,
    {
      label: isLocked ? "Unlock" : "Lock",
      run: () => edit(isLocked ? "Unlock" : "Lock", (draft) => lock(draft, path, !isLocked)),
    },
    { label: "Copy", keys: "Ctrl C", run: () => run("copy") },
    {
      label: "Bring to front",
      run: () => edit("Bring to front", (d) => restack(d, path, "front")),
    },
    { label: "Send to back", run: () => edit("Send to back", (d) => restack(d, path, "back")) },
    { label: "Delete", keys: "Del", run: deleteSelection },
  ];
}

function lock(draft: RawObject, path: ConfigPath, isLocked: boolean): void {
  const place = path.at(-2) === "nodes" ? [...path, "extra", "ui"] : path;
  setAtPath(draft, [...place, "locked"], isLocked ? true : undefined);
}

/** What can be done with an edge. */
export function edgeMenu(view: GraphView, id: string): MenuItem[] {
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

/** What can be done where nothing is. */
export function paneMenu(): MenuItem[] {
  return [
    { label: "Add node", keys: "N", run: () => run("addNode") },
    { label: "Add from factory…", run: () => run("factories") },
    { label: "Paste", keys: "Ctrl V", run: () => run("paste") },
    { label: "Arrange", keys: "Ctrl Shift L", run: () => run("layout") },
    { label: "Fit to view", keys: "0", run: () => run("fit") },
  ];
}
