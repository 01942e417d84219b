/**
 * Lists of what can be done: commands, nodes, edges.
 *
 * @module
 */
import { asObject, objectsIn, type RawObject } from "../../../runtime/tools/raw_net.ts";
import { nameOf } from "../../model/edit_nodes.ts";
import { actionsOf } from "../actions.ts";
import { runAction } from "../action_panel.tsx";
import { NEEDS_SERVER } from "../api.ts";
import { viewOf } from "../canvas_graph.ts";
import type { Command } from "../commands/command.ts";
import { commands, isPossible } from "../commands.ts";
import { selectedNodes } from "../commands/selecting.ts";
import { joinHandles } from "../connecting.ts";
import { keysFor } from "../keys.ts";
import { activeTab, enter, select, studio, type Tab, update } from "../studio.ts";
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
      items={[...sorted, ...actionCommands(), ...recipeCommands(), ...tabCommands()].map((
        command,
      ) => ({
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

/** The actions of the net and of the selected node, as commands; of one id the node's counts. */
function actionCommands(): Command[] {
  const tab = activeTab();
  if (!tab || !studio().isTrusted) return [];
  const [node, ...others] = selectedNodes();
  const owners = node && others.length === 0 ? [undefined, node] : [undefined];
  const found = owners.flatMap((owner) =>
    actionsOf(tab, owner?.path).map((action) => ({ ...action, owner }))
  );
  return [...new Map(found.map((action) => [action.id, action])).values()].map(
    ({ id, label, command, owner }) => ({
      id: `action-${id}`,
      label: owner ? `${label} (${owner.view.name})` : label,
      category: "Action",
      run: () => void runAction(tab, label, command, owner?.id),
    }),
  );
}

/** The recipes of the net, as commands that begin them in the inspector. */
function recipeCommands(): Command[] {
  const tab = activeTab();
  if (!tab || !studio().isTrusted) return [];
  return [...asObject(tab.history.data.get("recipes")) ?? []].map(([name, recipe]) => ({
    id: `recipe-${name}`,
    label: name,
    category: "Recipe",
    keywords: `${asObject(recipe)?.get("description") ?? ""}`,
    run: () => {
      select([]);
      update({ showsInspector: true, wantedRecipe: name });
    },
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

/** All nodes of the file, those in closed subgraphs too. */
export function Find() {
  const tab = activeTab();
  if (!tab) return null;
  return (
    <Chooser
      title="Find node"
      hint="Name of a node"
      items={allNodes(tab.history.data).map(({ names, description }) => ({
        key: names.join("/"),
        label: names.join("."),
        keywords: description,
        run: () => showNode(tab, names),
      }))}
    />
  );
}

interface FoundNode {
  readonly names: readonly string[];
  readonly description: string;
}

function allNodes(net: RawObject): FoundNode[] {
  const visit = (graph: RawObject | undefined, around: readonly string[]): FoundNode[] =>
    objectsIn(graph?.get("nodes")).flatMap((node) => {
      const names = [...around, nameOf(node)];
      return [{ names, description: `${node.get("description") ?? ""}` }, ...visit(node, names)];
    });
  return visit(asObject(net.get("graph")), []);
}

/** Selects a node where it is drawn, else in the subgraph that holds it. */
function showNode(tab: Tab, names: readonly string[]): void {
  const isInScope = tab.scope.every((name, i) => names[i] === name);
  const id = names.slice(tab.scope.length).join(".");
  if (isInScope && viewOf(tab).nodes.some((node) => node.id === id)) return select([id]);
  enter(names.slice(0, -1));
  select(names.slice(-1));
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
