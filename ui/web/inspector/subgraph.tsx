/**
 * A subgraph: where its nodes are, and which of their ports it exposes.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { asObject, objectsIn, type RawObject } from "../../../runtime/tools/raw_net.ts";
import { exposePort, renameExposedPort } from "../../model/edit_exposed_ports.ts";
import { nameOf, removeExposedPort } from "../../model/edit_nodes.ts";
import { setExpanded } from "../../model/edit_subgraphs.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { netDefaults, nodeView } from "../../model/node_view.ts";
import { run } from "../commands.ts";
import { edit } from "../editing.ts";
import { madeBy } from "../factory_ports.ts";
import { Field, IconButton, setValue, TextInput } from "../form/field.tsx";
import { Section } from "../panel.tsx";
import { enter, type Tab } from "../studio.ts";
import { fileForSubgraph, joinSubgraph, splitSubgraph } from "../subgraph_files.ts";

type Side = "in" | "out";
interface Port {
  node: string;
  port: string;
}

/** Source and exposed ports of a subgraph. */
export function SubgraphSection(
  { tab, node, data }: { tab: Tab; node: DrawnNode; data: RawObject },
) {
  const { view } = node;
  return (
    <>
      <Section title="Subgraph" isOpen>
        {view.nodeCount === undefined
          ? <InFile tab={tab} node={node} />
          : <InPlace tab={tab} node={node} />}
      </Section>
      <Section title="Exposed ports" isOpen count={view.inPorts.length + view.outPorts.length}>
        <ExposedPorts tab={tab} node={node} data={data} side="in" />
        <ExposedPorts tab={tab} node={node} data={data} side="out" />
      </Section>
    </>
  );
}

/** A subgraph whose nodes are in a file. */
function InFile({ tab, node }: { tab: Tab; node: DrawnNode }) {
  const { path, view } = node;
  return (
    <>
      <Field label="File">
        {(id) => (
          <TextInput
            id={id}
            value={view.path ?? ""}
            placeholder="part.graph.json"
            commit={(text) =>
              void setValue("Set file", [...path, "path"], text === "" ? undefined : text)}
          />
        )}
      </Field>
      <div className="buttons">
        <button type="button" onClick={() => joinSubgraph(tab, node)}>
          Put into this file
        </button>
      </div>
    </>
  );
}

/** A subgraph whose nodes are written where it stands. */
function InPlace({ tab, node }: { tab: Tab; node: DrawnNode }) {
  const { path, view } = node;
  const [file, setFile] = useState<string>();
  const expand = () =>
    edit(
      view.isExpanded ? "Collapse" : "Expand",
      (draft) => setExpanded(draft, path, !view.isExpanded),
    );
  return (
    <>
      <p className="dim">
        {view.nodeCount} {view.nodeCount === 1 ? "node" : "nodes"}, written in this file
      </p>
      <div className="buttons">
        <button type="button" onClick={() => enter([...tab.scope, ...node.id.split(".")])}>
          Open
        </button>
        <button type="button" onClick={expand}>
          {view.isExpanded ? "Collapse" : "Expand in place"}
        </button>
        <button type="button" onClick={() => run("ungroup")}>Ungroup</button>
        {file === undefined && (
          <button
            type="button"
            onClick={() => setFile(fileForSubgraph(tab, node))}
          >
            Move to a file…
          </button>
        )}
      </div>
      {file !== undefined && (
        <form
          className="line"
          onSubmit={(event) => {
            event.preventDefault();
            splitSubgraph(tab, node, file.trim());
          }}
        >
          <input
            autoFocus
            aria-label="File for the nodes"
            value={file}
            spellCheck={false}
            onChange={({ target }) => setFile(target.value)}
          />
          <button type="submit">Move</button>
        </form>
      )}
    </>
  );
}

function ExposedPorts(
  { tab, node, data, side }: { tab: Tab; node: DrawnNode; data: RawObject; side: Side },
) {
  const [isAdding, setAdding] = useState(false);
  const exposed = [...asObject(data.get(`exposed_${side}_ports`)) ?? []].map(([name, inner]) => ({
    name,
    node: `${asObject(inner)?.get("internal_node")}`,
    port: `${asObject(inner)?.get("internal_port")}`,
  }));
  const inside = portsInside(tab, data, side);
  const left = inside.filter(({ node, port }) =>
    !exposed.some((other) => other.node === node && other.port === port)
  );
  const title = side === "in" ? "Inputs" : "Outputs";
  return (
    <fieldset className="port-list">
      <legend>{title}</legend>
      {exposed.length === 0 && <p className="dim">none</p>}
      {exposed.map(({ name, node: inner, port }) => (
        <div key={name} className="port-row">
          <TextInput
            label={`Name of exposed port ${name}`}
            value={name}
            commit={(newName) =>
              edit(
                "Rename exposed port",
                (draft) => renameExposedPort(draft, node.path, side, name, newName),
              )}
          />
          <small className="leads" title={`${inner}.${port}`}>{`${inner}.${port}`}</small>
          <IconButton
            label={`Remove exposed port ${name}`}
            sign="×"
            onClick={() =>
              edit(
                "Remove exposed port",
                (draft) => removeExposedPort(draft, node.path, side, name),
              )}
          />
        </div>
      ))}
      {isAdding
        ? (
          <select
            autoFocus
            aria-label={`Port to expose as ${side === "in" ? "input" : "output"}`}
            defaultValue={-1}
            onBlur={() => setAdding(false)}
            onChange={({ target }) => {
              const { node: inner, port } = left[Number(target.value)]!;
              edit("Expose port", (draft) => {
                exposePort(draft, node.path, side, inner, port);
              });
              setAdding(false);
            }}
          >
            <option value={-1} disabled>Which port?</option>
            {left.map(({ node, port }, i) => <option key={i} value={i}>{`${node}.${port}`}
            </option>)}
          </select>
        )
        : (
          <button
            type="button"
            className="add"
            disabled={left.length === 0}
            onClick={() => setAdding(true)}
          >
            + exposed {side === "in" ? "input" : "output"}
          </button>
        )}
    </fieldset>
  );
}

/** The ports of the nodes inside that can be exposed. */
function portsInside({ history }: Tab, data: RawObject, side: Side): Port[] {
  const defaults = netDefaults(history.data);
  return objectsIn(data.get("nodes")).flatMap((member) => {
    const view = nodeView(member, defaults, madeBy(member));
    return (side === "in" ? view.inPorts : view.outPorts).map(({ name }) => ({
      node: nameOf(member),
      port: name,
    }));
  });
}
