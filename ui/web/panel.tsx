/**
 * Panels and their sections.
 *
 * @module
 */
// @ts-types="@types/react"
import { createContext, type ReactNode, useContext, useEffect, useRef } from "react";

const PanelName = createContext("");

/** Sections that were opened or closed by hand, by panel and title: they are so for the next node. */
const opened = new Map<string, boolean>();

/** A part of the inspector with a title, and buttons beside it. */
export function Panel(
  { title, tools, children }: { title: string; tools?: ReactNode; children: ReactNode },
) {
  return (
    <PanelName value={title}>
      <section className="panel">
        <div className="panel-head">
          <h2>{title}</h2>
          {tools}
        </div>
        {children}
      </section>
    </PanelName>
  );
}

/** A part that opens and closes; it opens, and comes into sight, when it is wanted. */
export function Section(
  { title, count, isOpen = false, isWanted = false, children }: {
    title: string;
    count?: number | undefined;
    isOpen?: boolean;
    isWanted?: boolean;
    children: ReactNode;
  },
) {
  const key = `${useContext(PanelName)}/${title}`;
  const element = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (!isWanted || !element.current) return;
    element.current.open = true;
    element.current.scrollIntoView({ block: "nearest" });
  }, [isWanted]);
  return (
    <details
      ref={element}
      className="section"
      open={opened.get(key) ?? isOpen}
      onToggle={({ currentTarget }) => opened.set(key, currentTarget.open)}
    >
      <summary>
        {title}
        {count !== undefined && count > 0 && <small>{count}</small>}
      </summary>
      <div className="content">{children}</div>
    </details>
  );
}
