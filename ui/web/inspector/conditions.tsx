/**
 * Salvo conditions in the inspector.
 *
 * @module
 */
import { asObject, type RawObject } from "../../../runtime/tools/raw_net.ts";
import { freeName, moveKey, objectAtPath, renameKey, setAtPath } from "../../model/document.ts";
import { EditRefused } from "../../model/edit_nodes.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import { parseTerm, printPortName } from "../../model/term_text.ts";
import { edit } from "../editing.ts";
import { Field, IconButton, setValue, TextInput } from "../form/field.tsx";
import { Section } from "../panel.tsx";
import { TermEditor } from "./term_editor.tsx";

type Side = "in" | "out";

/** The conditions of both sides. */
export function ConditionsSection({ node, data }: { node: DrawnNode; data: RawObject }) {
  const count = (["in", "out"] as const).reduce(
    (sum, side) => sum + (asObject(data.get(`${side}_salvo_conditions`))?.size ?? 0),
    0,
  );
  return (
    <Section title="Salvo conditions" count={count}>
      <Conditions node={node} data={data} side="in" />
      <Conditions node={node} data={data} side="out" />
    </Section>
  );
}

/** Ports other than those of signals and controls, which have conditions of their own. */
function ordinary(ports: readonly string[]): string[] {
  return ports.filter((port) => !/^__(?:signal|control)_/.test(port));
}

/** The term that holds once every ordinary port holds something. */
function allReady(ports: readonly string[]): RawObject {
  const text = ordinary(ports).map((port) => `${printPortName(port)}.non_empty`).join(" and ") ||
    "true";
  const reading = parseTerm(text);
  return "term" in reading ? reading.term : new Map([["type", "true"]]);
}

function Conditions({ node, data, side }: { node: DrawnNode; data: RawObject; side: Side }) {
  const key = `${side}_salvo_conditions`;
  const conditions = asObject(data.get(key));
  const ports = (side === "in" ? node.view.inPorts : node.view.outPorts).map(({ name }) => name);
  const path = [...node.path, key];
  const add = () =>
    edit("Add condition", (draft) => {
      const list = objectAtPath(draft, path);
      list.set(
        freeName("condition", new Set(list.keys())),
        new Map<string, unknown>([
          ["max_salvos", new Map<string, unknown>([["type", "finite"], ["max", 1]])],
          ["ports", new Map(ordinary(ports).map((port) => [port, new Map([["type", "all"]])]))],
          ["term", allReady(ports)],
        ]),
      );
    });
  return (
    <fieldset>
      <legend>{side === "in" ? "An epoch starts when" : "An epoch sends when"}</legend>
      {!conditions && (
        <p className="dim">
          {side === "in"
            ? "Default: every input port holds something; all of it is taken."
            : "Default: once, whatever was loaded into the output ports."}
        </p>
      )}
      {conditions?.size === 0 && <p className="dim">Never: there is no condition.</p>}
      {[...conditions ?? []].map(([name, condition], i) => (
        <Condition
          key={name}
          node={node}
          side={side}
          name={name}
          condition={asObject(condition) ?? new Map()}
          ports={ports}
          index={i}
          count={conditions!.size}
        />
      ))}
      <div className="buttons">
        <button type="button" className="add" onClick={add}>+ condition</button>
        {conditions && (
          <button
            type="button"
            className="quiet"
            onClick={() => setValue("Use defaults", path, undefined)}
          >
            Use defaults
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Condition(
  { node, side, name, condition, ports, index, count }: {
    node: DrawnNode;
    side: Side;
    name: string;
    condition: RawObject;
    ports: string[];
    index: number;
    count: number;
  },
) {
  const list = [...node.path, `${side}_salvo_conditions`];
  const path = [...list, name];
  const counts = asObject(condition.get("ports")) ?? new Map<string, unknown>();
  const maxSalvos = asObject(condition.get("max_salvos"));
  const move = (by: -1 | 1) =>
    edit("Move condition", (draft) => moveKey(objectAtPath(draft, list), name, by));
  return (
    <div className="card">
      <div className="line">
        <TextInput
          label="Name of the condition"
          value={name}
          commit={(newName) =>
            edit("Rename condition", (draft) => {
              const conditions = objectAtPath(draft, list);
              if (newName.trim() === "") throw new EditRefused("A condition needs a name");
              if (conditions.has(newName)) {
                throw new EditRefused(`There is a condition "${newName}" already`);
              }
              if (/^__(?:control|signal)_/.test(newName)) {
                throw new EditRefused("Names of signals and controls are reserved");
              }
              renameKey(conditions, name, newName);
            })}
        />
        <IconButton
          label={`Move condition ${name} up`}
          sign="↑"
          isOff={index === 0}
          onClick={() => move(-1)}
        />
        <IconButton
          label={`Move condition ${name} down`}
          sign="↓"
          isOff={index === count - 1}
          onClick={() => move(1)}
        />
        <IconButton
          label={`Remove condition ${name}`}
          sign="×"
          onClick={() => setValue("Remove condition", path, undefined)}
        />
      </div>
      <TermEditor
        path={[...path, "term"]}
        ports={ports}
        ready={() => allReady(ports)}
      />
      {side === "out" && (
        <Field label="Times an epoch">
          {(id) => (
            <TextInput
              id={id}
              value={maxSalvos?.get("type") === "finite" ? `${maxSalvos.get("max")}` : ""}
              placeholder="any number"
              inputMode="numeric"
              commit={(text) => {
                if (text !== "" && !/^\d+$/.test(text)) return false;
                return setValue(
                  "Change condition",
                  [...path, "max_salvos"],
                  text === ""
                    ? new Map([["type", "infinite"]])
                    : new Map<string, unknown>([["type", "finite"], ["max", Number(text)]]),
                );
              }}
            />
          )}
        </Field>
      )}
      <div className="counts" role="group" aria-label="Packets that belong to the salvo">
        <small>Takes from</small>
        {[...new Set([...ordinary(ports), ...counts.keys()])].map((port) => (
          <PortCount
            key={port}
            path={[...path, "ports", port]}
            port={port}
            count={asObject(counts.get(port))}
            isThere={ports.includes(port)}
          />
        ))}
      </div>
    </div>
  );
}

function PortCount(
  { path, port, count, isThere }: {
    path: string[] | (string | number)[];
    port: string;
    count: RawObject | undefined;
    isThere: boolean;
  },
) {
  const set = (value: unknown) =>
    edit("Change condition", (draft) => setAtPath(draft, path, value));
  return (
    <div className="line">
      <label className={isThere ? "check grow" : "check grow error"}>
        <input
          type="checkbox"
          checked={count !== undefined}
          onChange={({ target }) => set(target.checked ? new Map([["type", "all"]]) : undefined)}
        />
        <span>{isThere ? port : `${port} (no such port)`}</span>
      </label>
      {count && (
        <TextInput
          label={`How many packets of ${port}`}
          value={count.get("type") === "count" ? `${count.get("count")}` : ""}
          placeholder="all"
          inputMode="numeric"
          commit={(text) => {
            if (text !== "" && !/^[1-9]\d*$/.test(text)) return false;
            return set(
              text === ""
                ? new Map([["type", "all"]])
                : new Map<string, unknown>([["type", "count"], ["count", Number(text)]]),
            );
          }}
        />
      )}
    </div>
  );
}
