/**
 * Commands about nodes and decorations: adding, finding, joining, naming.
 *
 * @module
 */
import { type ConfigPath, setAtPath } from "../../model/document.ts";
import { addDecoration, DECORATIONS, freePlace } from "../../model/edit_layout.ts";
import { addNode, restack } from "../../model/edit_nodes.ts";
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import { canvasPath, viewOf } from "../canvas_graph.ts";
import { edit } from "../editing.ts";
import { activeTab, update } from "../studio.ts";
import { type Command, hasSelection, hasTab } from "./command.ts";
import { centerOfCanvas } from "./canvas_handle.ts";
import { selectedNodes, selectedPaths, selectPaths } from "./selecting.ts";

const hasNode = () => selectedNodes().length > 0;

/** Adding, finding, joining, naming. */
export const nodeCommands: readonly Command[] = [
  {
    id: "addNode",
    label: "Add node",
    category: "Node",
    keys: "N",
    isPossible: hasTab,
    run: () => addAtCenter("Add node", addNode),
  },
  {
    id: "factories",
    label: "Add from factory…",
    category: "Node",
    keywords: "function broadcast join",
    run: () => update({ rail: "factories" }),
  },
  {
    id: "newFunction",
    label: "New function…",
    category: "Node",
    keywords: "stub module code typescript write",
    isPossible: hasTab,
    needsServer: true,
    run: () => update({ dialog: { kind: "newFunction" } }),
  },
  {
    id: "find",
    label: "Find node…",
    category: "Node",
    keys: "Ctrl F",
    isPossible: hasTab,
    run: () => update({ dialog: { kind: "find" } }),
  },
  {
    id: "connect",
    label: "Connect a port of the selected node…",
    category: "Node",
    keywords: "edge join",
    keys: "C",
    isPossible: hasNode,
    run: () => update({ dialog: { kind: "connect" } }),
  },
  {
    id: "rename",
    label: "Rename node",
    category: "Node",
    keys: "F2",
    isPossible: () => activeTab()?.selection.size === 1 && hasNode(),
    run: focusName,
  },
  {
    id: "inspect",
    label: "Inspect the selection",
    category: "Node",
    keywords: "properties settings inspector",
    keys: "Enter",
    isPossible: hasSelection,
    run: focusInspector,
  },
  {
    id: "lock",
    label: "Lock or unlock",
    category: "Node",
    isPossible: hasNode,
    run: toggleLock,
  },
  ...(["front", "back"] as const).map((to): Command => ({
    id: to,
    label: to === "front" ? "Bring to front" : "Send to back",
    category: "Node",
    isPossible: hasSelection,
    run: () => {
      const paths = selectedPaths(activeTab()!);
      edit(to === "front" ? "Bring to front" : "Send to back", (draft) => {
        for (const path of paths) restack(draft, path, to);
      });
    },
  })),
  ...DECORATIONS.map((kind): Command => ({
    id: `decoration-${kind}`,
    label: `Add ${kind.replace("-", " ")}`,
    category: "Decoration",
    isPossible: hasTab,
    run: () =>
      addAtCenter(
        "Add decoration",
        (draft, graph, place) => addDecoration(draft, graph, kind, place),
      ),
  })),
];

/** Adds something at the middle of the canvas and selects it. */
export function addAtCenter(
  label: string,
  add: (draft: RawObject, graph: ConfigPath, place: { x: number; y: number }) => ConfigPath,
): void {
  const tab = activeTab();
  if (!tab) return;
  let path: ConfigPath | undefined;
  edit(label, (draft) => {
    path = add(draft, canvasPath(tab), freePlace(viewOf(tab).nodes, centerOfCanvas()));
  });
  if (path) selectPaths([path]);
}

/** Opens the inspector, and goes to the first field in it. */
function focusInspector(): void {
  update({ showsInspector: true });
  // The inspector is there once it was drawn.
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>(".inspector :is(input, select, textarea, summary)")?.focus()
  );
}

/** Opens the inspector, and selects the name in it. */
export function focusName(): void {
  update({ showsInspector: true });
  // What is typed next is meant for it: it waits for a frame only where it is not there yet.
  if (!takeName()) requestAnimationFrame(takeName);
}

function takeName(): boolean {
  const input = document.querySelector<HTMLInputElement>(".inspector .name-field input");
  input?.focus();
  input?.select();
  return input !== null;
}

function toggleLock(): void {
  const nodes = selectedNodes();
  const isLocked = nodes.every(({ view }) => view.isLocked);
  edit(isLocked ? "Unlock" : "Lock", (draft) => {
    for (const { path } of nodes) {
      setAtPath(draft, [...path, "extra", "ui", "locked"], isLocked ? undefined : true);
    }
  });
}
