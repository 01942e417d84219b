/**
 * Lists of what can be done: commands, nodes, edges.
 *
 * @module
 */
import { actionsOf } from "../actions.ts";
import { runAction } from "../action_panel.tsx";
import { NEEDS_SERVER } from "../api.ts";
import { viewOf } from "../canvas_graph.ts";
import type { Command } from "../commands/command.ts";
import { commands, isPossible } from "../commands.ts";
import { joinHandles } from "../connecting.ts";
import { keysFor } from "../keys.ts";
import { activeTab, select, studio } from "../studio.ts";
import { show } from "../tabs.ts";
import { Chooser } from "./chooser.tsx";

const RECENT = "netrun-recent-commands";

/** All commands that make sense now, those that were used last first. */
export function Palette() {
  const recent: string[] = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  const possible = commands.filter((command) => command.id !== "palette" && isPossible(command));
  const rank = ({ id }: Command) => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  const sorted = possible.toSorted((a, b) => rank(a) - rank(b));
  return (
    <Chooser
      title="Commands"
      hint="What do you want to do?"
      items={[...sorted, ...actionCommands(), ...tabCommands()].map((command) => ({
        key: command.id,
        label: command.label,
        note: command.category,
        keys: keysFor(command),
        off: command.needsServer && studio().isAlone ? NEEDS_SERVER : undefined,
        keywords: `${command.keywords ?? ""} ${command.category}`,
        run: () => {
          const next = [command.id, ...recent.filter((id) => id !== command.id)].slice(0, 5);
          localStorage.setItem(RECENT, JSON.stringify(next));
          command.run();
        },
      }))}
    />
  );
}

/** The actions of the net, as commands. */
function actionCommands(): Command[] {
  const tab = activeTab();
  if (!tab || !studio().isTrusted) return [];
  return actionsOf(tab).map(({ id, label, command }) => ({
    id: `action-${id}`,
    label,
    category: "Action",
    run: () => void runAction(tab, label, command, undefined),
  }));
}

/** The open files, as commands that show them. */
function tabCommands(): Command[] {
  const { tabs, active } = studio();
  return tabs.filter(({ id }) => id !== active).map(({ id, path }) => ({
    id: `tab-${id}`,
    label: `Show ${path ?? "Untitled"}`,
    category: "Tab",
    run: () => show(id),
  }));
}

/** All nodes that are drawn. */
export function Find() {
  const tab = activeTab();
  if (!tab) return null;
  return (
    <Chooser
      title="Find node"
      hint="Name of a node"
      items={viewOf(tab).nodes.map(({ id, view }) => ({
        key: id,
        label: id,
        note: view.kind,
        keywords: view.description,
        run: () => select([id]),
      }))}
    />
  );
}

/** Edges at the selected node that can be made: what dragging does, by keyboard. */
export function ConnectPorts() {
  const tab = activeTab();
  const view = tab && viewOf(tab);
  const node = view?.nodes.find(({ id }) => tab!.selection.has(id));
  if (!view || !node) return null;
  const others = view.nodes.filter(({ parent, id }) => parent === node.parent && id !== node.id);
  const taken = new Set(
    view.edges.map(({ source, sourceHandle }) => JSON.stringify([source, sourceHandle])),
  );
  const pairs = [
    ...others.map((target) => ({ source: node, target })),
    ...others.map((source) => ({ source, target: node })),
  ];
  const isTaken = (id: string, port: string) => taken.has(JSON.stringify([id, port]));
  return (
    <Chooser
      title="Connect"
      hint={`Which ports of ${node.view.name}?`}
      items={pairs.flatMap(({ source, target }) =>
        source.view.outPorts.flatMap((out) =>
          target.view.inPorts.map((port) => ({
            key: `${source.id}/${out.name}/${target.id}/${port.name}`,
            label: `${source.view.name}.${out.name} → ${target.view.name}.${port.name}`,
            note: isTaken(source.id, out.name) ? "broadcast" : "edge",
            run: () => joinHandles(source, out.name, target, port.name),
          }))
        )
      ).toSorted((a, b) => Number(a.note === "broadcast") - Number(b.note === "broadcast"))}
    />
  );
}
