/**
 * The inspector of an edge.
 *
 * @module
 */
import { toggleDependency } from "../../model/edit_edges.ts";
import type { DrawnEdge } from "../../model/graph_view.ts";
import { upstreamCascade } from "../../model/dependency_cascade.ts";
import { viewOf } from "../canvas_graph.ts";
import { deleteSelection } from "../commands/editing_commands.ts";
import { edit } from "../editing.ts";
import { Panel } from "../panel.tsx";
import { select, type Tab } from "../studio.ts";

/** One edge, or a bundle of them. */
export function EdgeInspector({ tab, edge }: { tab: Tab; edge: DrawnEdge }) {
  const view = viewOf(tab);
  const names = (id: string) => view.nodes.find((node) => node.id === id)?.view.name ?? id;
  const asked = edge.isDependency ? upstreamCascade(view.edges, edge).nodes : [];
  return (
    <Panel title={edge.paths.length > 1 ? `${edge.paths.length} edges` : "Edge"}>
      <dl className="facts">
        <dt>From</dt>
        <dd>
          <button type="button" className="link" onClick={() => select([edge.source])}>
            {names(edge.source)}
          </button>{" "}
          · {edge.sourceHandle.replace("group:", "")}
        </dd>
        <dt>To</dt>
        <dd>
          <button type="button" className="link" onClick={() => select([edge.target])}>
            {names(edge.target)}
          </button>{" "}
          · {edge.targetHandle.replace("group:", "")}
        </dd>
      </dl>
      <label className="check">
        <input
          type="checkbox"
          checked={edge.isDependency}
          onChange={() =>
            edit("Change edge", (draft) => {
              for (const path of edge.paths) toggleDependency(draft, path);
            })}
        />
        Dependency: the target can ask the source to run
      </label>
      {asked.length > 0 && (
        <p className="dim">
          A request along this edge asks {asked.map(names).join(", ")}: they are highlighted.
        </p>
      )}
      <div className="buttons">
        <button type="button" className="danger" onClick={deleteSelection}>Delete edge</button>
      </div>
    </Panel>
  );
}
