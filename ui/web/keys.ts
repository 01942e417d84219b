/**
 * The keyboard: commands by their keys, and moving about.
 *
 * @module
 */
import {
  boundKeys,
  commandOf,
  type KeyChanges,
  keysOf,
  readChanges,
} from "../model/key_bindings.ts";
import { viewOf } from "./canvas_graph.ts";
import type { Command } from "./commands/command.ts";
import { commands, isPossible, run } from "./commands.ts";
import { activeTab, select, studio, update } from "./studio.ts";
import { show } from "./tabs.ts";

const STORED = "netrun-keys";

/** What the person changed about keys. */
export function keyChanges(): KeyChanges {
  return readChanges(localStorage.getItem(STORED), commands);
}

/** Remembers changes of keys in this browser. */
export function storeKeyChanges(changes: KeyChanges): void {
  localStorage.setItem(STORED, JSON.stringify(changes));
}

/** The keys of a command. */
export function keysFor(command: Command): string | undefined {
  return boundKeys(command, keyChanges());
}

/** Runs the command that a key stands for. */
export function onKey(event: KeyboardEvent): void {
  const keys = keysOf(event);
  if (keys === undefined) return;
  const target = event.target as HTMLElement;
  const isTyping = isTypingIn(target);
  const { dialog } = studio();
  if (keys === "Escape" && dialog) {
    event.preventDefault();
    return update({ dialog: undefined });
  }
  if (keys === "Escape") return leave(target, isTyping);
  const digit = /^Alt ([1-9])$/.exec(keys)?.[1];
  if (digit !== undefined) return showTab(Number(digit) - 1, event);
  if (keys === "Alt [" || keys === "Alt ]") return turnTab(keys === "Alt ]" ? 1 : -1, event);
  const command = commandOf(keys, commands, keyChanges());
  if (!command || !isPossible(command)) return;
  // Fields have their own undo, clipboard and letters; buttons are pressed by Enter.
  if (isTyping && !["save", "saveAs", "palette"].includes(command.id)) return;
  const isButton = target.matches("button, summary, a, [role=option]");
  if (isButton && (keys === "Enter" || keys === "Space")) return;
  if (dialog && command.id !== "palette") return;
  event.preventDefault();
  if (isTyping) {
    // What was typed counts; a dialog gives the focus back.
    target.blur();
    if (command.id === "palette") target.focus();
  }
  run(command.id);
}

function isTypingIn(target: HTMLElement): boolean {
  return target.matches(
    "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]",
  );
}

/** Leaves the inspector for the canvas, and then the selection. */
function leave(target: HTMLElement, isTyping: boolean): void {
  const tab = activeTab();
  if (isTyping || target.closest(".inspector")) {
    const [id] = tab?.selection ?? [];
    target.blur();
    if (id !== undefined) focusNode(id);
  } else if (tab && tab.selection.size > 0) select([]);
}

/**
 * Selects the node at the other end of the selected node's first edge: what Alt with an arrow does.
 *
 * To be called before others see the key, since without Alt it moves the node.
 */
export function followEdges(event: KeyboardEvent): void {
  const along = /^Alt Arrow(Left|Right)$/.exec(keysOf(event) ?? "")?.[1];
  if (along === undefined || isTypingIn(event.target as HTMLElement)) return;
  event.stopPropagation();
  const isForward = along === "Right";
  const tab = activeTab();
  const [id] = tab?.selection ?? [];
  const edge = tab &&
    viewOf(tab).edges.find(({ source, target }) => (isForward ? source : target) === id);
  if (!edge) return;
  event.preventDefault();
  const next = isForward ? edge.target : edge.source;
  select([next]);
  focusNode(next);
}

/** Puts the focus on a node of the canvas, if it is mounted. */
function focusNode(id: string): void {
  document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`)?.focus();
}

function showTab(index: number, event: Event): void {
  const tab = studio().tabs[index];
  if (!tab) return;
  event.preventDefault();
  show(tab.id);
}

function turnTab(by: 1 | -1, event: Event): void {
  const { tabs, active } = studio();
  const index = tabs.findIndex(({ id }) => id === active);
  if (index < 0) return;
  event.preventDefault();
  show(tabs[(index + by + tabs.length) % tabs.length]!.id);
}
