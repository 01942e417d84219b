/**
 * Changes in words, for those who do not see them.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useRef, useState } from "react";
import { viewOf } from "./canvas_graph.ts";
import type { Tab } from "./studio.ts";

/** Says what was done to the open file, and what is selected. */
export function Announcer({ tab }: { tab: Tab | undefined }) {
  const [text, setText] = useState("");
  const last = useRef(tab);
  useEffect(() => {
    const before = last.current;
    last.current = tab;
    if (!tab || before?.id !== tab.id) return;
    const words = [changeIn(before, tab), selectionIn(before, tab)].filter((one) => one !== "");
    if (words.length > 0) setText(words.join(". "));
  }, [tab?.history, tab?.selection]);
  return <div className="only-read" role="status" aria-label="Changes">{text}</div>;
}

function changeIn({ history: before }: Tab, { history }: Tab): string {
  if (before.data === history.data) return "";
  if (history.past.length < before.past.length) return `Undone: ${before.past.at(-1)!.label}`;
  const label = history.past.at(-1)?.label ?? "";
  return before.future.length > history.future.length && history.future.length > 0
    ? `Done again: ${label}`
    : label;
}

function selectionIn(before: Tab, tab: Tab): string {
  if (before.selection === tab.selection) return "";
  const { nodes } = viewOf(tab);
  const names = nodes.filter(({ id }) => tab.selection.has(id)).map(({ view, id }) =>
    `${view.kind} ${view.name || id}`
  );
  if (tab.selection.size === 0) return before.selection.size > 0 ? "Nothing selected" : "";
  return names.length === 1 ? `Selected ${names[0]}` : `${tab.selection.size} selected`;
}
