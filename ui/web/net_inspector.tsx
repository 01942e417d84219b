/**
 * The inspector of the net itself.
 *
 * @module
 */
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { freeName, objectAtPath, setAtPath, valueAtPath } from "../model/document.ts";
import { renamePool } from "../model/edit_nodes.ts";
import { ActionsSection } from "./action_panel.tsx";
import { Field, TextInput } from "./fields.tsx";
import { Categories, JsonField, Panel, Section } from "./inspector.tsx";
import { RecipesSection } from "./recipes.tsx";
import { edit, type Tab } from "./studio.ts";
import { VariablesSection } from "./variables.tsx";

const UI = ["graph", "extra", "ui"];

/** Everything that is not about one node. */
export function NetInspector({ tab }: { tab: Tab }) {
  const { data } = tab.history;
  const ui = asObject(valueAtPath(data, UI));
  const text = (key: string, label: string, isArea = false) => (
    <Field label={label}>
      {(id) => (
        <TextInput
          id={id}
          isArea={isArea}
          value={`${ui?.get(key) ?? ""}`}
          commit={(value) =>
            void edit(
              `Set ${label.toLowerCase()}`,
              (draft) => setAtPath(draft, [...UI, key], value === "" ? undefined : value),
            )}
        />
      )}
    </Field>
  );
  const choice = (key: string, label: string, options: string[]) => (
    <Field label={label}>
      {(id) => (
        <select
          id={id}
          value={`${ui?.get(key) ?? ""}`}
          onChange={({ target }) =>
            edit(
              `Set ${label.toLowerCase()}`,
              (draft) =>
                setAtPath(draft, [...UI, key], target.value === "" ? undefined : target.value),
            )}
        >
          <option value="">{options[0]} (default)</option>
          {options.slice(1).map((option) => <option key={option}>{option}</option>)}
        </select>
      )}
    </Field>
  );
  return (
    <Panel title="Net">
      {text("name", "Name")}
      {text("description", "Description", true)}
      <PoolsSection pools={asObject(data.get("pools"))} />
      <QueuesSection queues={asObject(data.get("output_queues"))} />
      <VariablesSection tab={tab} path={["node_vars"]} />
      <Section title="Settings">
        <Categories
          object="NetConfig"
          path={[]}
          without={[
            "graph",
            "pools",
            "output_queues",
            "node_vars",
            "storage",
            "recipes",
            "factories",
            "extra",
          ]}
        />
      </Section>
      <Section title="Storage" count={asObject(data.get("storage"))?.size}>
        <JsonField label="Backends, cache and files" path={["storage"]} />
      </Section>
      <ActionsSection tab={tab} path={[...UI, "actions"]} />
      <RecipesSection tab={tab} />
      <Section title="Look">
        {choice("edgeStyle", "Edge style", ["smoothstep", "straight", "step", "default"])}
        {choice("edgeMarkers", "Edge markers", ["arrow-end", "arrow-start", "arrow-both", "none"])}
      </Section>
    </Panel>
  );
}

function PoolsSection({ pools }: { pools: RawObject | undefined }) {
  return (
    <Section title="Pools" count={pools?.size}>
      {!pools && (
        <p className="dim">
          Default: everything runs on the main thread, in pool “main”.
        </p>
      )}
      {[...pools ?? []].map(([name, pool]) => {
        const spec = asObject(asObject(pool)?.get("spec")) ??
          new Map<string, unknown>([["type", "main"]]);
        const type = `${spec.get("type") ?? "main"}`;
        return (
          <div key={name} className="card">
            <div className="port-row">
              <TextInput
                label={`Name of pool ${name}`}
                value={name}
                commit={(newName) =>
                  edit("Rename pool", (draft) => renamePool(draft, name, newName))}
              />
              <select
                aria-label={`Kind of pool ${name}`}
                value={type}
                onChange={({ target }) =>
                  edit(
                    "Change pool",
                    (draft) =>
                      setAtPath(draft, ["pools", name, "spec"], new Map([["type", target.value]])),
                  )}
              >
                {["main", "thread", "multiprocess", "remote"].map((kind) => (
                  <option key={kind}>{kind}</option>
                ))}
              </select>
              <button
                type="button"
                className="icon"
                aria-label={`Remove pool ${name}`}
                onClick={() =>
                  edit("Remove pool", (draft) => setAtPath(draft, ["pools", name], undefined))}
              >
                ×
              </button>
            </div>
            {type !== "main" && (
              <Categories
                object={POOL_SPECS[type] ?? "ThreadPoolSpec"}
                path={["pools", name, "spec"]}
                without={["type", "permissions", ...ADVANCED]}
              />
            )}
          </div>
        );
      })}
      <button
        type="button"
        className="add"
        onClick={() =>
          edit("Add pool", (draft) => {
            const isFirst = asObject(draft.get("pools")) === undefined;
            const list = objectAtPath(draft, ["pools"]);
            // A written list replaces the default one, which nodes may rely on.
            if (isFirst) list.set("main", new Map([["spec", new Map([["type", "main"]])]]));
            const name = freeName("pool", new Set(list.keys()));
            list.set(name, new Map([["spec", new Map([["type", "thread"]])]]));
          })}
      >
        + pool
      </button>
    </Section>
  );
}

const POOL_SPECS: Readonly<Record<string, string>> = {
  thread: "ThreadPoolSpec",
  multiprocess: "MultiprocessPoolSpec",
  remote: "RemotePoolSpec",
};

/** Fields of pools that are rarely set: they are written in the file. */
const ADVANCED = [
  "max_jobs_per_worker",
  "prefetch",
  "start_timeout",
  "close_timeout",
  "max_restarts",
  "max_message_size",
  "redirect_output",
  "buffer_output",
  "output_flush_interval",
  "heartbeat_interval",
  "heartbeat_timeout",
  "ca_cert",
];

function QueuesSection({ queues }: { queues: RawObject | undefined }) {
  return (
    <Section title="Output queues" count={queues?.size}>
      {!queues && (
        <p className="dim">Default: each output port without an edge has a queue of its own.</p>
      )}
      {[...queues ?? []].map(([name, queue]) => {
        const ports = asObject(queue)?.get("ports");
        return (
          <div key={name} className="card">
            <div className="port-row fixed">
              <span>{name}</span>
              <small>
                {Array.isArray(ports)
                  ? ports.map((pair) => [pair].flat().join(".")).join(", ")
                  : ""}
              </small>
              <button
                type="button"
                className="icon"
                aria-label={`Remove queue ${name}`}
                onClick={() =>
                  edit(
                    "Remove queue",
                    (draft) => setAtPath(draft, ["output_queues", name], undefined),
                  )}
              >
                ×
              </button>
            </div>
          </div>
        );
      })}
      <JsonField label="Queues: name → ports as [node, port]" path={["output_queues"]} />
    </Section>
  );
}
