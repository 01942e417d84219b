/**
 * A file that cannot be read: its text, at the line that is wrong.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useRef } from "react";
import type { Tab } from "./studio.ts";
import { reload } from "./tabs.ts";

/** What is wrong with the file of a tab, and where. */
export function BrokenFile({ tab }: { tab: Tab }) {
  const wrong = useRef<HTMLLIElement>(null);
  const { message, line, text } = tab.broken!;
  useEffect(() => void wrong.current?.scrollIntoView({ block: "center" }), [line, text]);
  return (
    <section className="broken" aria-label="Text of the file">
      <header>
        <h2>{tab.path} cannot be read</h2>
        <p className="error">
          {line !== undefined && <strong>Line {line}:</strong>} {message}
        </p>
        <p className="dim">
          Mend it in an editor of texts; it is read again as soon as it changes.
        </p>
        <button type="button" className="primary" onClick={() => reload(tab.id)}>
          Read it again
        </button>
      </header>
      {text !== undefined && (
        <ol className="source-text" tabIndex={0} aria-label="Lines">
          {text.split("\n").map((content, i) => (
            <li
              key={i}
              ref={i + 1 === line ? wrong : null}
              className={i + 1 === line ? "wrong" : ""}
              aria-current={i + 1 === line}
            >
              <code>{content}</code>
            </li>
          ))}
        </ol>
      )}
    </section>
  );
}
