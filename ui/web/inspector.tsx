/**
 * The inspector: everything about what is selected.
 *
 * @module
 */
// @ts-types="@types/react"
import { type ReactNode, useState } from "react";
import { asObject, type RawObject, valueAt } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, setAtPath, valueAtPath } from "../model/document.ts";
import { toggleDependency } from "../model/edit_edges.ts";
import { removeExposedPort, renameNode } from "../model/edit_nodes.ts";
import {
  addPort,
  movePort,
  removePort,
  renamePort,
  setCapacity,
  setPortType,
} from "../model/edit_ports.ts";
import type { DrawnNode } from "../model/graph_view.ts";
import { NODE_SHAPES, textOf } from "../model/node_view.ts";
import { deleteSelection, run } from "./commands.ts";
import { ConditionsSection } from "./conditions.tsx";
import { Field, JsonInput, SchemaField, setValue, TextInput, useFields, words } from "./fields.tsx";
import { NetInspector } from "./net_inspector.tsx";
import { ActionsSection } from "./action_panel.tsx";
import { edit, factoryKey, select, type Tab, useStudio, viewOf } from "./studio.ts";
import { VariablesSection } from "./variables.tsx";

/** What is selected, or the net. */
export function Inspector({ tab }: { tab: Tab }) {
  const { nodes, edges, decorations } = viewOf(tab);
  const ids = [...tab.selection];
  const node = ids.length === 1 ? nodes.find(({ id }) => id === ids[0]) : undefined;
  const edge = ids.length === 1 ? edges.find(({ id }) => id === ids[0]) : undefined;
  const decoration = ids.length === 1 ? decorations.find(({ id }) => id === ids[0]) : undefined;
  if (node) return <NodeInspector key={node.path.join("/")} tab={tab} node={node} />;
  if (ids.length > 1) return <SeveralInspector tab={tab} />;
  if (edge) {
    return (
      <Panel title="Edge">
        <dl className="facts">
          <dt>From</dt>
          <dd>{edge.source} · {edge.sourceHandle}</dd>
          <dt>To</dt>
          <dd>{edge.target} · {edge.targetHandle}</dd>
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
        <button type="button" className="danger" onClick={deleteSelection}>Delete edge</button>
      </Panel>
    );
  }
  if (decoration) {
    const { path, data } = decoration;
    const text = (key: string, label: string) => (
      <Field key={key} label={label}>
        {(id) => (
          <TextInput
            id={id}
            value={`${data.get(key) ?? ""}`}
            commit={(value) => {
              const number = Number(value);
              setValue(
                "Change decoration",
                [...path, key],
                value === "" ? undefined : Number.isNaN(number) || key === "text" ? value : number,
              );
            }}
          />
        )}
      </Field>
    );
    return (
      <Panel title="Decoration">
        {text("text", "Text")}
        {text("fillColor", "Fill colour")}
        {text("strokeColor", "Line colour")}
        {text("fontColor", "Font colour")}
        {text("fontSize", "Font size")}
        {text("opacity", "Opacity")}
        <button type="button" className="danger" onClick={deleteSelection}>
          Delete decoration
        </button>
      </Panel>
    );
  }
  return <NetInspector tab={tab} />;
}

/** A part of the inspector with a title. */
export function Panel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="panel">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** A part that opens and closes. */
export function Section(
  { title, count, isOpen = false, children }: {
    title: string;
    count?: number | undefined;
    isOpen?: boolean;
    children: ReactNode;
  },
) {
  return (
    <details className="section" open={isOpen}>
      <summary>
        {title}
        {count !== undefined && count > 0 && <small>{count}</small>}
      </summary>
      <div className="content">{children}</div>
    </details>
  );
}

function NodeInspector({ tab, node }: { tab: Tab; node: DrawnNode }) {
  const { path, view } = node;
  const data = asObject(valueAtPath(tab.history.data, path))!;
  const ui = asObject(valueAt(data, "extra", "ui"));
  const kind = { node: "Node", factory: "Factory node", subgraph: "Subgraph" }[view.kind];
  const execution = asObject(data.get("execution_config"));
  return (
    <Panel title={kind}>
      <Field label="Name">
        {(id) => (
          <TextInput
            id={id}
            value={view.name}
            commit={(name) => {
              const isDone = edit("Rename node", (draft) => renameNode(draft, path, name));
              if (isDone) select([node.id.slice(0, node.id.length - view.name.length) + name]);
              return isDone;
            }}
          />
        )}
      </Field>
      <Field label="Description">
        {(id) => (
          <TextInput
            id={id}
            isArea
            value={textOf(data.get("description")) ?? ""}
            placeholder={view.description}
            commit={(text) =>
              void setValue(
                "Describe node",
                [...path, "description"],
                text === "" ? undefined : text,
              )}
          />
        )}
      </Field>
      {view.kind === "factory" && <FactorySection node={node} data={data} />}
      {view.kind === "subgraph" ? <ExposedPorts node={node} data={data} /> : (
        <>
          <Section title="Ports" isOpen count={view.inPorts.length + view.outPorts.length}>
            <Ports node={node} side="in" />
            <Ports node={node} side="out" />
          </Section>
          <ConditionsSection node={node} data={data} />
          <Section title="Execution" count={execution?.size}>
            <Categories
              object="NodeExecutionConfig"
              path={[...path, "execution_config"]}
              without={["node_vars", "storage"]}
            />
          </Section>
          <Section title="Storage" count={asObject(execution?.get("storage"))?.size}>
            <JsonField label="Cache and files" path={[...path, "execution_config", "storage"]} />
          </Section>
          <Section title="Dependency request" count={data.has("dependency_request") ? 1 : 0}>
            <JsonField label="Request" path={[...path, "dependency_request"]} />
          </Section>
          <VariablesSection tab={tab} path={[...path, "execution_config", "node_vars"]} isNode />
        </>
      )}
      <ActionsSection tab={tab} path={[...path, "extra", "ui", "actions"]} node={node.id} />
      <Section
        title="Look"
        count={ui ? ["shape", "headerColor", "fontColor"].filter((key) => ui.has(key)).length : 0}
      >
        <Look paths={[path]} ui={ui} />
      </Section>
      <button type="button" className="danger" onClick={deleteSelection}>
        Delete {kind.toLowerCase()}
      </button>
    </Panel>
  );
}

/** Fields of a configuration object under the titles of their categories. */
export function Categories(
  { object, path, without = [] }: { object: string; path: ConfigPath; without?: string[] },
) {
  const fields = useFields(object);
  const groups = Map.groupBy(
    fields.filter(({ name }) => !without.includes(name)),
    ({ category }) => category ?? "",
  );
  return (
    <>
      {[...groups].map(([title, fields]) => (
        <fieldset key={title}>
          {title !== "" && <legend>{title}</legend>}
          {fields.map((field) => <SchemaField key={field.name} field={field} path={path} />)}
        </fieldset>
      ))}
    </>
  );
}

/** Data as JSON at a path. */
export function JsonField({ label, path }: { label: string; path: ConfigPath }) {
  const data = useStudio((state) => state.tabs.find(({ id }) => id === state.active)?.history.data);
  const [error, setError] = useState<string>();
  return (
    <Field label={label} error={error}>
      {(id) => (
        <JsonInput
          id={id}
          value={valueAtPath(data, path)}
          placeholder="none"
          write={(value) => setValue(`Set ${label.toLowerCase()}`, path, value)}
          setError={setError}
        />
      )}
    </Field>
  );
}

function Ports({ node, side }: { node: DrawnNode; side: "in" | "out" }) {
  const { path, view } = node;
  const ports = side === "in" ? view.inPorts : view.outPorts;
  const title = side === "in" ? "Inputs" : "Outputs";
  return (
    <fieldset className="port-list">
      <legend>{title}</legend>
      {ports.map((port, i) => {
        if (port.origin !== "own" && port.origin !== "error") {
          return (
            <div key={port.name} className="port-row fixed">
              <span>{port.name}</span>
              <small>{port.type || port.origin}</small>
            </div>
          );
        }
        return (
          <div key={port.name} className="port-row">
            <TextInput
              label={`Name of ${title.toLowerCase().slice(0, -1)} port ${i + 1}`}
              value={port.name}
              commit={(name) =>
                edit("Rename port", (draft) => renamePort(draft, path, side, port.name, name))}
            />
            <TextInput
              label={`Type of port ${port.name}`}
              value={port.type}
              placeholder="any type"
              commit={(type) =>
                void edit("Set port type", (draft) =>
                  setPortType(draft, path, side, port.name, type))}
            />
            <TextInput
              label={`Capacity of port ${port.name}`}
              value={port.capacity === null ? "" : `${port.capacity}`}
              placeholder="∞"
              inputMode="numeric"
              commit={(text) => {
                if (text !== "" && !/^\d+$/.test(text)) {
                  return false;
                }
                return edit("Set capacity", (draft) =>
                  setCapacity(draft, path, side, port.name, text === "" ? null : Number(text)));
              }}
            />
            <button
              type="button"
              className="icon"
              aria-label={`Move port ${port.name} up`}
              disabled={i === 0}
              onClick={() =>
                edit("Move port", (draft) =>
                  movePort(draft, path, side, port.name, -1))}
            >
              ↑
            </button>
            <button
              type="button"
              className="icon"
              aria-label={`Remove port ${port.name}`}
              onClick={() =>
                edit("Remove port", (draft) =>
                  removePort(draft, path, side, port.name))}
            >
              ×
            </button>
          </div>
        );
      })}
      <button
        type="button"
        className="add"
        onClick={() => edit("Add port", (draft) => addPort(draft, path, side))}
      >
        + {side === "in" ? "input" : "output"} port
      </button>
    </fieldset>
  );
}

function ExposedPorts({ node, data }: { node: DrawnNode; data: RawObject }) {
  return (
    <Section
      title="Exposed ports"
      isOpen
      count={node.view.inPorts.length + node.view.outPorts.length}
    >
      {(["in", "out"] as const).map((side) => (
        <fieldset key={side} className="port-list">
          <legend>{side === "in" ? "Inputs" : "Outputs"}</legend>
          {[...asObject(data.get(`exposed_${side}_ports`)) ?? []].map(([name, inner]) => (
            <div key={name} className="port-row fixed">
              <span>{name}</span>
              <small>
                {`${asObject(inner)?.get("internal_node")}.${
                  asObject(inner)?.get("internal_port")
                }`}
              </small>
              <button
                type="button"
                className="icon"
                aria-label={`Remove exposed port ${name}`}
                onClick={() =>
                  edit("Remove exposed port", (draft) =>
                    removeExposedPort(draft, node.path, side, name))}
              >
                ×
              </button>
            </div>
          ))}
        </fieldset>
      ))}
      {node.view.nodeCount !== undefined && (
        <button type="button" onClick={() => run("ungroup")}>Ungroup</button>
      )}
    </Section>
  );
}

function FactorySection({ node, data }: { node: DrawnNode; data: RawObject }) {
  const made = useStudio(({ made }) => made.get(factoryKey(data) ?? ""));
  const [error, setError] = useState<string>();
  const { path } = node;
  return (
    <Section title="Factory" isOpen>
      <Field label="Module">
        {(id) => (
          <TextInput
            id={id}
            value={node.view.factory ?? ""}
            commit={(ref) =>
              void setValue("Set factory", [...path, "factory"], ref === "" ? undefined : ref)}
          />
        )}
      </Field>
      <Field label="Arguments" error={error ?? (made && "error" in made ? made.error : undefined)}>
        {(id) => (
          <JsonInput
            id={id}
            value={data.get("factory_args")}
            placeholder="{}"
            write={(value) => setValue("Set arguments", [...path, "factory_args"], value)}
            setError={setError}
          />
        )}
      </Field>
      {data.has("factory_args") && (
        <button
          type="button"
          onClick={() => setValue("Reset arguments", [...path, "factory_args"], undefined)}
        >
          Reset arguments
        </button>
      )}
    </Section>
  );
}

function SeveralInspector({ tab }: { tab: Tab }) {
  const nodes = viewOf(tab).nodes.filter(({ id }) => tab.selection.has(id));
  const paths = nodes.map(({ path }) => path);
  const uis = paths.map((path) =>
    asObject(valueAt(asObject(valueAtPath(tab.history.data, path)), "extra", "ui"))
  );
  const shared = new Map<string, unknown>();
  for (const key of ["shape", "headerColor", "fontColor"]) {
    const values = new Set(uis.map((ui) => ui?.get(key)));
    shared.set(key, values.size === 1 ? [...values][0] : "(mixed)");
  }
  return (
    <Panel title={`${tab.selection.size} selected`}>
      <Look paths={paths} ui={shared} />
      <div className="buttons">
        <button type="button" onClick={() => run("subgraph")}>Make a subgraph</button>
        <button type="button" onClick={() => run("layout")}>Arrange</button>
        <button type="button" className="danger" onClick={deleteSelection}>Delete</button>
      </div>
    </Panel>
  );
}

function Look({ paths, ui }: { paths: ConfigPath[]; ui: RawObject | undefined }) {
  const set = (key: string, value: unknown) =>
    edit("Change look", (draft) => {
      for (const path of paths) setAtPath(draft, [...path, "extra", "ui", key], value);
    });
  const color = (key: string, label: string) => (
    <Field label={label}>
      {(id) => (
        <TextInput
          id={id}
          value={textOf(ui?.get(key)) ?? ""}
          placeholder="default, or #12806f"
          commit={(value) => void set(key, value === "" ? undefined : value)}
        />
      )}
    </Field>
  );
  return (
    <>
      <Field label="Shape">
        {(id) => (
          <select
            id={id}
            value={textOf(ui?.get("shape")) ?? ""}
            onChange={({ target }) => set("shape", target.value === "" ? undefined : target.value)}
          >
            <option value="">default</option>
            {textOf(ui?.get("shape")) === "(mixed)" && <option>(mixed)</option>}
            {NODE_SHAPES.map((shape) => <option key={shape} value={shape}>{words(shape)}</option>)}
          </select>
        )}
      </Field>
      {color("headerColor", "Header colour")}
      {color("fontColor", "Font colour")}
      {(["hideLabel", "hideDescription", "hidePortNames", "locked"] as const).map((key) => (
        <label key={key} className="check">
          <input
            type="checkbox"
            checked={ui?.get(key) === true}
            onChange={({ target }) =>
              set(key, target.checked ? true : undefined)}
          />
          {{
            hideLabel: "Hide the name",
            hideDescription: "Hide the description",
            hidePortNames: "Hide names of ports",
            locked: "Lock in place",
          }[key]}
        </label>
      ))}
    </>
  );
}
