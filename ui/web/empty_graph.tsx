/**
 * What an empty graph shows.
 *
 * @module
 */
import { run } from "./commands.ts";
import { useStudio } from "./studio.ts";

/** What to do with an empty graph. */
export function EmptyGraph() {
  const isReadOnly = useStudio(({ isReadOnly }) => isReadOnly);
  if (isReadOnly) return null;
  return (
    <div className="empty">
      <h2>An empty graph</h2>
      <p>Nodes do the work, edges carry packets between their ports.</p>
      <button type="button" className="primary" onClick={() => run("addNode")}>Add a node</button>
      <p className="dim">
        or press <kbd>Ctrl K</kbd> for everything else
      </p>
    </div>
  );
}
