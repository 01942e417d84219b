/**
 * The panel under the canvas.
 *
 * @module
 */
import { OutputPanel } from "./action_panel.tsx";
import { reveal, useProblems } from "./checks.ts";
import { run } from "./commands.ts";
import { type Tab, update, useStudio } from "./studio.ts";

/** Problems, and output of actions. */
export function BottomPanel({ tab }: { tab: Tab | undefined }) {
  const panel = useStudio(({ panel }) => panel);
  const problems = useProblems(tab);
  return (
    <section className="bottom-panel" aria-label={panel === "problems" ? "Problems" : "Output"}>
      <div className="bottom-head">
        <div role="tablist" aria-label="Panels">
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
        </div>
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
