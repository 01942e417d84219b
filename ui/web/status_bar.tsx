/**
 * The line at the bottom, and messages in the corner.
 *
 * @module
 */
import { isDirty } from "../model/history.ts";
import { NEEDS_SERVER } from "./api.ts";
import { useProblems } from "./checks.ts";
import { studio, type Tab, update, useStudio } from "./studio.ts";

/** What matters at a glance: problems, whether all is saved, format, trust, connection. */
export function StatusBar({ tab }: { tab: Tab | undefined }) {
  const isConnected = useStudio(({ isConnected }) => isConnected);
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const isAlone = useStudio(({ isAlone }) => isAlone);
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
        {tab && !tab.broken && (isDirty(tab.history) ? "Unsaved changes" : "Saved")}
      </span>
      <Task />
      <span className="grow" />
      {tab?.path && <span>{tab.path.endsWith(".toml") ? "TOML" : "JSON"}</span>}
      {isReadOnly && <span>Read-only</span>}
      {!isAlone && <span>{isTrusted ? "Trusted" : "Not trusted"}</span>}
      <span title={isAlone ? NEEDS_SERVER : undefined}>
        <span className={`dot ${isAlone ? "" : isConnected ? "fine" : "error"}`} />
        {isAlone ? "No server" : isConnected ? "Connected" : "Offline"}
      </span>
    </footer>
  );
}

/** What takes its time, and a way to give it up. */
function Task() {
  const task = useStudio(({ task }) => task);
  if (!task) return null;
  return (
    <span role="status">
      {task.label} <button type="button" onClick={task.stop}>Cancel</button>
    </span>
  );
}

/** Messages that go by themselves. */
export function Toasts() {
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
