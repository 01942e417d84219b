/**
 * The top bar: open files and tools.
 *
 * @module
 */
import { isDirty } from "../model/history.ts";
import { run } from "./commands.ts";
import { Glyph } from "./rail.tsx";
import { type Tab, update, useStudio } from "./studio.ts";
import { closeTab, newFile, show } from "./tabs.ts";

/** The bar with tabs and tools. */
export function TopBar({ tab }: { tab: Tab | undefined }) {
  const tabs = useStudio(({ tabs }) => tabs);
  const active = useStudio(({ active }) => active);
  const simulation = useStudio(({ simulation }) => simulation);
  const showsInspector = useStudio(({ showsInspector }) => showsInspector);
  const past = tab?.history.past ?? [];
  const future = tab?.history.future ?? [];
  return (
    <header className="top-bar">
      <span className="brand" aria-hidden="true">
        <svg viewBox="0 0 32 32" width="22" height="22">
          <rect width="32" height="32" rx="8" fill="var(--accent-solid)" />
          <path d="M10 10h4c6 0 2 12 8 12" fill="none" stroke="#fff" strokeWidth="2.5" />
          <circle cx="9" cy="10" r="3.5" fill="#fff" />
          <circle cx="23" cy="22" r="3.5" fill="#fff" />
        </svg>
      </span>
      <div className="tabs">
        <div className="tab-list" role="tablist" aria-label="Open files">
          {tabs.map((item) => {
            const name = item.path?.split("/").at(-1) ?? "Untitled";
            return (
              <button
                key={item.id}
                type="button"
                role="tab"
                className={item.id === active ? "tab active" : "tab"}
                aria-selected={item.id === active}
                title={item.path ?? "Not saved yet"}
                onClick={() => show(item.id)}
                onAuxClick={(event) => event.button === 1 && closeTab(item.id)}
              >
                {name}
                {isDirty(item.history) && <span className="dirty" title="Unsaved changes" />}
                {/* For the mouse; the keyboard has Alt W and the palette. */}
                <span
                  className="close"
                  aria-hidden="true"
                  title="Close (Alt W)"
                  onClick={(event) => {
                    event.stopPropagation();
                    closeTab(item.id);
                  }}
                >
                  ×
                </span>
              </button>
            );
          })}
        </div>
        <button
          type="button"
          className="new"
          aria-label="New net"
          title="New net (Alt N)"
          onClick={newFile}
        >
          +
        </button>
      </div>
      {tab && (
        <div className="tools" role="toolbar" aria-label="Tools">
          <Tool
            id="undo"
            label={past.length > 0 ? `Undo: ${past.at(-1)!.label}` : "Undo"}
            glyph="M9 7L4 12l5 5M4 12h11a5 5 0 0 1 0 10h-2"
            off={past.length === 0 && !simulation}
          />
          <Tool
            id="redo"
            label={future.length > 0 ? `Redo: ${future[0]!.label}` : "Redo"}
            glyph="M15 7l5 5-5 5M20 12H9a5 5 0 0 0 0 10h2"
            off={future.length === 0}
          />
          <i className="gap" />
          <Tool id="addNode" label="Add node (N)" glyph="M12 5v14M5 12h14" />
          <Tool
            id="layout"
            label="Arrange (Ctrl Shift L)"
            glyph="M4 5h6v5H4zM14 14h6v5h-6zM10 7.5h3a2 2 0 0 1 2 2V14"
          />
          <Tool id="validate" label="Validate" glyph="M5 12.5l4.5 4.5L19 7" />
          <Tool
            id="simulate"
            label={simulation ? "End simulation" : "Simulate"}
            glyph="M7 5l12 7-12 7z"
            on={simulation !== undefined}
          />
          <i className="gap" />
          <button type="button" className="save" onClick={() => run("save")}>Save</button>
        </div>
      )}
      <div className="tools end">
        <button type="button" className="find" onClick={() => run("palette")}>
          Commands <kbd>Ctrl K</kbd>
        </button>
        <Tool
          id="help"
          label="Keyboard shortcuts (?)"
          glyph="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 1-1 1.7M12 17h.01M12 3a9 9 0 1 1 0 18 9 9 0 0 1 0-18"
        />
        {tab && (
          <button
            type="button"
            className={`tool${showsInspector ? " on" : ""}`}
            aria-pressed={showsInspector}
            aria-label="Inspector"
            title="Inspector"
            onClick={() => update({ showsInspector: !showsInspector })}
          >
            <Glyph path="M4 5h16v14H4zM15 5v14" />
          </button>
        )}
      </div>
    </header>
  );
}

function Tool(
  { id, label, glyph, off = false, on = false }: {
    id: string;
    label: string;
    glyph: string;
    off?: boolean;
    on?: boolean;
  },
) {
  return (
    <button
      type="button"
      className={`tool${on ? " on" : ""}`}
      aria-label={label}
      title={label}
      disabled={off}
      onClick={() => run(id)}
    >
      <Glyph path={glyph} />
    </button>
  );
}
