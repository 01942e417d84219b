/**
 * The inspector of several things at once.
 *
 * @module
 */
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { valueAtPath } from "../../model/document.ts";
import { deleteSelection } from "../commands/editing_commands.ts";
import { selectedNodes } from "../commands/selecting.ts";
import { run } from "../commands.ts";
import { Panel } from "../panel.tsx";
import type { Tab } from "../studio.ts";
import { Look } from "./look.tsx";

/** What can be said about all that is selected. */
export function SeveralInspector({ tab }: { tab: Tab }) {
  const nodes = selectedNodes().map(({ path }) => ({
    path,
    data: asObject(valueAtPath(tab.history.data, path))!,
  }));
  return (
    <Panel title={`${tab.selection.size} selected`}>
      {nodes.length > 0 && <Look nodes={nodes} />}
      <div className="buttons">
        {nodes.length > 1 && (
          <button type="button" onClick={() => run("subgraph")}>Make a subgraph</button>
        )}
        <button type="button" onClick={() => run("layout")}>Arrange</button>
        <button type="button" onClick={() => run("copy")}>Copy</button>
        <button type="button" className="danger" onClick={deleteSelection}>Delete</button>
      </div>
    </Panel>
  );
}
