/**
 * The studio: where everything stands.
 *
 * @module
 */
import { ReactFlowProvider } from "@xyflow/react";
// @ts-types="@types/react"
import { type ReactNode, useEffect } from "react";
import { isDirty } from "../model/history.ts";
import { callPlain } from "./api.ts";
import { OutputPanel } from "./action_panel.tsx";
import { Canvas } from "./canvas.tsx";
import { onKey, run } from "./commands.ts";
import { Dialogs } from "./dialogs.tsx";
import { Inspector } from "./inspector.tsx";
import { Glyph, RailButtons, RailPanel } from "./rail.tsx";
import { SimulationPanel } from "./simulation_bar.tsx";
import {
  activeTab,
  closeTab,
  enter,
  forgetFactories,
  newFile,
  openFile,
  recentFiles,
  reload,
  reveal,
  sayError,
  show,
  studio,
  type Tab,
  update,
  updateTab,
  useProblems,
  useStudio,
} from "./studio.ts";

/** Everything. */
export function App() {
  const state = useStudio((state) => state);
  const tab = activeTab(state);
  useEffect(() => {
    addEventListener("keydown", onKey);
    const guard = (event: BeforeUnloadEvent) => {
      if (studio().tabs.some(({ history }) => isDirty(history))) event.preventDefault();
    };
    addEventListener("beforeunload", guard);
    return () => {
      removeEventListener("keydown", onKey);
      removeEventListener("beforeunload", guard);
    };
  }, []);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      document.documentElement.dataset.theme = state.theme === "system"
        ? (dark.matches ? "dark" : "light")
        : state.theme;
    };
    apply();
    dark.addEventListener("change", apply);
    return () => dark.removeEventListener("change", apply);
  }, [state.theme]);
  useEffect(() => {
    const name = tab?.path?.split("/").at(-1) ?? (tab ? "Untitled" : undefined);
    document.title = name === undefined ? "netrun studio" : `${name} · netrun studio`;
  }, [tab?.path, tab === undefined]);
  if (state.phase === "locked") return <Locked />;
  if (state.phase === "starting") {
    return <div className="starting" role="status">Opening the studio…</div>;
  }
  return (
    <div
      className={`app${state.rail === "none" ? "" : " with-rail"}${
        state.showsInspector && tab ? " with-inspector" : ""
      }`}
    >
      <TopBar tab={tab} />
      <RailButtons />
      <RailPanel />
      <main>
        <Banners tab={tab} />
        {tab && <Breadcrumb tab={tab} />}
        {!tab && <Welcome />}
        {tab?.broken && <Broken tab={tab} />}
        {tab && !tab.broken && (
          <ReactFlowProvider key={tab.id}>
            <Canvas tab={tab} />
          </ReactFlowProvider>
        )}
        {state.panel !== "none" && <BottomPanel tab={tab} />}
      </main>
      {tab && !tab.broken && state.showsInspector && (
        <aside className="inspector" aria-label={state.simulation ? "Simulation" : "Inspector"}>
          {state.simulation ? <SimulationPanel tab={tab} /> : <Inspector tab={tab} />}
        </aside>
      )}
      <StatusBar tab={tab} />
      <Toasts />
      <Dialogs />
    </div>
  );
}

function TopBar({ tab }: { tab: Tab | undefined }) {
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

function Banners({ tab }: { tab: Tab | undefined }) {
  const isConnected = useStudio(({ isConnected }) => isConnected);
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const root = useStudio(({ root }) => root);
  return (
    <>
      {!isConnected && (
        <Banner tone="error">
          The server does not answer. Your edits are kept here, and saving works again once it is
          back.
        </Banner>
      )}
      {tab?.isStale && (
        <Banner tone="warn">
          {tab.path} was changed by someone else, and here too.
          <button type="button" onClick={() => reload(tab.id)}>Reload the file</button>
          <button type="button" onClick={() => updateTab(tab.id, { isStale: false })}>
            Keep these changes
          </button>
        </Banner>
      )}
      {!isTrusted && tab && (
        <Banner tone="info">
          This folder is not trusted: none of its code runs, so ports of its factories are not
          known.
          <button
            type="button"
            title={root}
            onClick={async () => {
              try {
                await callPlain("/trust", {});
                update({ isTrusted: true, made: new Map() });
                forgetFactories();
              } catch (error) {
                sayError(error);
              }
            }}
          >
            Trust this folder
          </button>
        </Banner>
      )}
    </>
  );
}

function Banner({ tone, children }: { tone: string; children: ReactNode }) {
  return (
    <div className={`banner ${tone}`} role={tone === "error" ? "alert" : "status"}>{children}</div>
  );
}

function Breadcrumb({ tab }: { tab: Tab }) {
  if (tab.scope.length === 0) return null;
  return (
    <nav className="breadcrumb" aria-label="Subgraphs">
      <button type="button" onClick={() => enter([])}>
        {tab.path?.split("/").at(-1) ?? "Untitled"}
      </button>
      {tab.scope.map((name, i) => (
        <span key={name}>
          <span aria-hidden="true">›</span>
          <button
            type="button"
            disabled={i === tab.scope.length - 1}
            onClick={() => enter(tab.scope.slice(0, i + 1))}
          >
            {name}
          </button>
        </span>
      ))}
    </nav>
  );
}

function Welcome() {
  const root = useStudio(({ root }) => root);
  const recent = recentFiles();
  return (
    <div className="empty">
      <h2>No net is open</h2>
      <p>
        Choose a file on the left, or begin a new one in <code>{root.split("/").at(-1)}</code>.
      </p>
      <button type="button" className="primary" onClick={newFile}>New net</button>
      {recent.length > 0 && (
        <ul className="recent" aria-label="Recent files">
          {recent.map((path) => (
            <li key={path}>
              <button type="button" onClick={() => openFile(path)}>{path}</button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Broken({ tab }: { tab: Tab }) {
  return (
    <div className="empty">
      <h2>{tab.path} cannot be read</h2>
      <p className="error">
        {tab.broken!.line !== undefined && <strong>Line {tab.broken!.line}:</strong>}
        {tab.broken!.message}
      </p>
      <p>Mend it in an editor of texts; it is read again as soon as it changes.</p>
      <button type="button" className="primary" onClick={() => reload(tab.id)}>
        Read it again
      </button>
    </div>
  );
}

function Locked() {
  return (
    <div className="empty">
      <h2>This page has no token</h2>
      <p>
        The studio opens only from the address that <code>netrun ui</code> shows in the terminal.
      </p>
    </div>
  );
}

function BottomPanel({ tab }: { tab: Tab | undefined }) {
  const panel = useStudio(({ panel }) => panel);
  const problems = useProblems(tab);
  return (
    <section className="bottom-panel" aria-label={panel === "problems" ? "Problems" : "Output"}>
      <div className="bottom-head" role="tablist">
        {(["problems", "output"] as const).map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            aria-selected={panel === name}
            onClick={() => update({ panel: name })}
          >
            {name === "problems"
              ? `Problems ${problems.length > 0 ? `(${problems.length})` : ""}`
              : "Output"}
          </button>
        ))}
        <button
          type="button"
          className="icon end"
          aria-label="Close panel"
          onClick={() =>
            update({ panel: "none" })}
        >
          ×
        </button>
      </div>
      {panel === "output" && <OutputPanel />}
      {panel === "problems" && problems.length === 0 && (
        <p className="empty-line">
          No problems.{" "}
          <button
            type="button"
            onClick={() => run("validate")}
          >
            Validate with files and code
          </button>
        </p>
      )}
      {panel === "problems" && problems.length > 0 && (
        <ul className="problems">
          {problems.map((problem, i) => (
            <li key={i}>
              <button
                type="button"
                onClick={() => reveal(problem)}
              >
                <span className={`dot ${problem.severity}`} aria-label={problem.severity} />
                {problem.node !== undefined && <strong>{problem.node}</strong>}
                <span className="text">{problem.message}</span>
                <small>{problem.code}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function StatusBar({ tab }: { tab: Tab | undefined }) {
  const isConnected = useStudio(({ isConnected }) => isConnected);
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const isReadOnly = useStudio(({ isReadOnly }) => isReadOnly);
  const panel = useStudio(({ panel }) => panel);
  const problems = useProblems(tab);
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const warnings = problems.length - errors;
  return (
    <footer className="status-bar">
      <button
        type="button"
        aria-expanded={panel === "problems"}
        onClick={() => update({ panel: panel === "problems" ? "none" : "problems" })}
      >
        <span className={`dot ${errors > 0 ? "error" : warnings > 0 ? "warning" : "fine"}`} />
        {errors === 0 && warnings === 0
          ? "No problems"
          : `${errors} ${errors === 1 ? "error" : "errors"}, ${warnings} ${
            warnings === 1 ? "warning" : "warnings"
          }`}
      </button>
      <span role="status" aria-live="polite">
        {tab && (isDirty(tab.history) ? "Unsaved changes" : "Saved")}
      </span>
      <span className="grow" />
      {tab?.path && <span>{tab.path.endsWith(".toml") ? "TOML" : "JSON"}</span>}
      {isReadOnly && <span>Read-only</span>}
      <span>{isTrusted ? "Trusted" : "Not trusted"}</span>
      <span>
        <span className={`dot ${isConnected ? "fine" : "error"}`} />
        {isConnected ? "Connected" : "Offline"}
      </span>
    </footer>
  );
}

function Toasts() {
  const toasts = useStudio(({ toasts }) => toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {toasts.map((toast) => (
        <div key={toast.id} className={`toast ${toast.tone}`}>
          <span>{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              onClick={() => {
                toast.action!.run();
                update({ toasts: studio().toasts.filter(({ id }) => id !== toast.id) });
              }}
            >
              {toast.action.label}
            </button>
          )}
        </div>
      ))}
    </div>
  );
}
