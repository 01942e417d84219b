/**
 * A list to choose from.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { fuzzyFilter } from "../../model/search.ts";
import { closeDialog, Modal } from "../modal.tsx";

/** Something to choose. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly note?: string;
  readonly keys?: string | undefined;
  readonly keywords?: string;
  /** Why it cannot be chosen now. */
  readonly off?: string | undefined;
  readonly run: () => void;
}

/** A list that is filtered by typing; arrows and Enter choose. */
export function Chooser(
  { title, hint, items }: { title: string; hint: string; items: readonly Choice[] },
) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = fuzzyFilter(query, items, ({ label, keywords = "" }) => [label, keywords]).slice(
    0,
    60,
  );
  const choose = (item: Choice | undefined) => {
    if (item?.off !== undefined) return;
    closeDialog();
    item?.run();
  };
  return (
    <Modal title={title}>
      <input
        className="chooser"
        role="combobox"
        aria-expanded="true"
        aria-controls="choices"
        aria-activedescendant={found[at] ? `choice-${at}` : undefined}
        aria-label={title}
        autoFocus
        placeholder={hint}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter") choose(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="choices" role="listbox" aria-label={title}>
        {found.map((item, i) => (
          <li
            key={item.key}
            id={`choice-${i}`}
            role="option"
            aria-selected={i === at}
            aria-disabled={item.off !== undefined}
            title={item.off}
            ref={(element) => void (i === at && element?.scrollIntoView({ block: "nearest" }))}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(item)}
          >
            {item.note && <small>{item.note}</small>}
            <span>
              {item.label}
              {item.off !== undefined && <em>{item.off}</em>}
            </span>
            {item.keys && <kbd>{item.keys}</kbd>}
          </li>
        ))}
        {found.length === 0 && <li className="dim">Nothing fits “{query}”.</li>}
      </ul>
    </Modal>
  );
}
