/**
 * The inspector of a node or subgraph.
 *
 * @module
 */
import { asObject, type RawObject, valueAt } from "../../../runtime/tools/raw_net.ts";
import { type ConfigPath, setAtPath, valueAtPath } from "../../model/document.ts";
import { renameNode } from "../../model/edit_nodes.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { textOf } from "../../model/node_view.ts";
import { ActionsSection } from "../action_panel.tsx";
import { deleteSelection } from "../commands/editing_commands.ts";
import { run } from "../commands.ts";
import { edit } from "../editing.ts";
import { Field, setValue, TextInput } from "../form/field.tsx";
import { Panel, Section } from "../panel.tsx";
import { canOpenSource, openSource } from "../source.ts";
import { select, type Tab } from "../studio.ts";
import { ConditionsSection } from "./conditions.tsx";
import { DependencySection, ExecutionSection } from "./execution.tsx";
import { FactorySection } from "./factory.tsx";
import { Look } from "./look.tsx";
import { PortsSection } from "./ports.tsx";
import { NodeStorageSection } from "./storage.tsx";
import { SubgraphSection } from "./subgraph.tsx";
import { VariablesSection } from "./variables.tsx";

const KINDS = { node: "Node", factory: "Factory", subgraph: "Subgraph" } as const;
const LOOKS = ["shape", "headerColor", "fontColor", "hideLabel", "hideDescription", "locked"];

/** One node. */
export function NodeInspector({ tab, node }: { tab: Tab; node: DrawnNode }) {
  const { path, view } = node;
  const data = asObject(valueAtPath(tab.history.data, path))!;
  const ui = asObject(valueAt(data, "extra", "ui"));
  const kind = KINDS[view.kind];
  return (
    <Panel title={kind} tools={<Tools tab={tab} node={node} kind={kind} />}>
      <General node={node} data={data} />
      {view.kind === "factory" && <FactorySection tab={tab} node={node} data={data} />}
      {view.kind === "subgraph" ? <SubgraphSection tab={tab} node={node} data={data} /> : (
        <>
          <PortsSection node={node} data={data} />
          <ConditionsSection node={node} data={data} />
          <ExecutionSection node={node} data={data} />
          <NodeStorageSection path={[...path, "execution_config", "storage"]} />
          <DependencySection tab={tab} node={node} />
          <VariablesSection tab={tab} path={[...path, "execution_config", "node_vars"]} isNode />
        </>
      )}
      <ActionsSection tab={tab} path={[...path, "extra", "ui", "actions"]} node={node.id} />
      <Section title="Look" count={LOOKS.filter((key) => ui?.has(key)).length}>
        <Look nodes={[{ path, data }]} />
      </Section>
    </Panel>
  );
}

function Tools(
  { tab, node: { path, view }, kind }: { tab: Tab; node: DrawnNode; kind: string },
) {
  const source = canOpenSource(tab, path);
  const lock = () =>
    edit(
      view.isLocked ? "Unlock" : "Lock",
      (draft) =>
        setAtPath(draft, [...path, "extra", "ui", "locked"], view.isLocked ? undefined : true),
    );
  return (
    <div className="panel-tools">
      {source && (
        <button
          type="button"
          className="quiet"
          disabled={source.off !== undefined}
          title={source.off ?? "Open its code in your editor"}
          onClick={() => void openSource(tab, path)}
        >
          Source
        </button>
      )}
      <button type="button" className="quiet" title="Rename (F2)" onClick={() => run("rename")}>
        Rename
      </button>
      <button type="button" className="quiet" aria-pressed={view.isLocked} onClick={lock}>
        {view.isLocked ? "Unlock" : "Lock"}
      </button>
      <button
        type="button"
        className="quiet danger"
        aria-label={kind === "Subgraph" ? "Delete subgraph" : "Delete node"}
        title="Delete (Del)"
        onClick={deleteSelection}
      >
        Delete
      </button>
    </div>
  );
}

function General({ node, data }: { node: DrawnNode; data: RawObject }) {
  const { path, view } = node;
  const rename = (name: string): boolean => {
    const isDone = edit("Rename node", (draft) => renameNode(draft, path, name));
    if (isDone) select([node.id.slice(0, node.id.length - view.name.length) + name]);
    return isDone;
  };
  return (
    <fieldset className="fields">
      <div className="name-field">
        <Field label="Name">
          {(id) => <TextInput id={id} value={view.name} commit={rename} />}
        </Field>
      </div>
      <Field label="Description" isWide>
        {(id) => (
          <TextInput
            id={id}
            isArea
            value={textOf(data.get("description")) ?? ""}
            placeholder={view.description || "What it is for"}
            commit={(text) => void describe(path, text)}
          />
        )}
      </Field>
    </fieldset>
  );
}

function describe(path: ConfigPath, text: string): void {
  setValue("Describe node", [...path, "description"], text === "" ? undefined : text);
}
