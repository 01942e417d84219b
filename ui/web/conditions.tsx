/**
 * Salvo conditions in the inspector.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { freeName, moveKey, objectAtPath, renameKey, setAtPath } from "../model/document.ts";
import { EditRefused } from "../model/edit_nodes.ts";
import type { DrawnNode } from "../model/graph_view.ts";
import { parseTerm, printPortName, printTerm } from "../model/term_text.ts";
import { Field, JsonInput, TextInput } from "./fields.tsx";
import { Section } from "./inspector.tsx";
import { edit } from "./studio.ts";

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

function Conditions({ node, data, side }: { node: DrawnNode; data: RawObject; side: Side }) {
  const key = `${side}_salvo_conditions`;
  const conditions = asObject(data.get(key));
  const ports = (side === "in" ? node.view.inPorts : node.view.outPorts).map(({ name }) => name);
  const ordinary = ports.filter((port) => !port.startsWith("__"));
  const path = [...node.path, key];
  const add = () =>
    edit("Add condition", (draft) => {
      const list = objectAtPath(draft, path);
      const term = ordinary.map((port) => `${printPortName(port)}.non_empty`).join(" and ") ||
        "true";
      const reading = parseTerm(term);
      list.set(
        freeName("condition", new Set(list.keys())),
        new Map<string, unknown>([
          ["max_salvos", new Map<string, unknown>([["type", "finite"], ["max", 1]])],
          ["ports", new Map(ordinary.map((port) => [port, new Map([["type", "all"]])]))],
          ["term", "term" in reading ? reading.term : new Map([["type", "true"]])],
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
      {[...conditions ?? []].map(([name, condition], i) => (
        <Condition
          key={name}
          node={node}
          side={side}
          name={name}
          condition={asObject(condition) ?? new Map()}
          ports={ports}
          isFirst={i === 0}
        />
      ))}
      <div className="buttons">
        <button type="button" className="add" onClick={add}>+ condition</button>
        {conditions && (
          <button
            type="button"
            onClick={() => edit("Use defaults", (draft) => setAtPath(draft, path, undefined))}
          >
            Use defaults
          </button>
        )}
      </div>
    </fieldset>
  );
}

function Condition(
  { node, side, name, condition, ports, isFirst }: {
    node: DrawnNode;
    side: Side;
    name: string;
    condition: RawObject;
    ports: string[];
    isFirst: boolean;
  },
) {
  const list = [...node.path, `${side}_salvo_conditions`];
  const path = [...list, name];
  const counts = asObject(condition.get("ports")) ?? new Map<string, unknown>();
  const maxSalvos = asObject(condition.get("max_salvos"));
  const set = (key: string, value: unknown) =>
    edit("Change condition", (draft) => setAtPath(draft, [...path, key], value));
  return (
    <div className="card">
      <div className="port-row">
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
        <button
          type="button"
          className="icon"
          aria-label={`Move condition ${name} up`}
          disabled={isFirst}
          onClick={() =>
            edit("Move condition", (draft) => moveKey(objectAtPath(draft, list), name, -1))}
        >
          ↑
        </button>
        <button
          type="button"
          className="icon"
          aria-label={`Remove condition ${name}`}
          onClick={() => edit("Remove condition", (draft) => setAtPath(draft, path, undefined))}
        >
          ×
        </button>
      </div>
      <TermEditor term={condition.get("term")} ports={ports} write={(term) => set("term", term)} />
      {side === "out" && (
        <Field label="How often in an epoch">
          {(id) => (
            <TextInput
              id={id}
              value={maxSalvos?.get("type") === "finite" ? `${maxSalvos.get("max")}` : ""}
              placeholder="any number of times"
              inputMode="numeric"
              commit={(text) => {
                if (text !== "" && !/^\d+$/.test(text)) return false;
                return set(
                  "max_salvos",
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
        {[...new Set([...ports, ...counts.keys()])].map((port) => {
          const count = asObject(counts.get(port));
          return (
            <label key={port} className="check">
              <input
                type="checkbox"
                checked={count !== undefined}
                onChange={({ target }) =>
                  edit("Change condition", (draft) =>
                    setAtPath(
                      draft,
                      [...path, "ports", port],
                      target.checked ? new Map([["type", "all"]]) : undefined,
                    ))}
              />
              <span>{port}</span>
              {count && (
                <TextInput
                  label={`How many packets of ${port}`}
                  value={count.get("type") === "count" ? `${count.get("count")}` : ""}
                  placeholder="all"
                  inputMode="numeric"
                  commit={(text) => {
                    if (text !== "" && !/^[1-9]\d*$/.test(text)) return false;
                    return edit("Change condition", (draft) =>
                      setAtPath(
                        draft,
                        [...path, "ports", port],
                        text === ""
                          ? new Map([["type", "all"]])
                          : new Map<string, unknown>([["type", "count"], ["count", Number(text)]]),
                      ));
                  }}
                />
              )}
            </label>
          );
        })}
      </div>
    </div>
  );
}

function TermEditor(
  { term, ports, write }: { term: unknown; ports: string[]; write: (term: RawObject) => void },
) {
  const printed = printTerm(term);
  const [text, setText] = useState(printed ?? "");
  const [jsonError, setJsonError] = useState<string>();
  useEffect(() => setText(printed ?? ""), [printed]);
  if (printed === undefined) {
    return (
      <Field label="Term, with references" error={jsonError}>
        {(id) => (
          <JsonInput
            id={id}
            value={term}
            write={(value) => value instanceof Map && write(value as RawObject)}
            setError={setJsonError}
          />
        )}
      </Field>
    );
  }
  const reading = parseTerm(text, ports);
  const mistake = "message" in reading ? reading : undefined;
  const commit = () => {
    if (text !== printed && "term" in reading) write(reading.term);
  };
  return (
    <Field label="Term" error={mistake?.message}>
      {(id) => (
        <div className="term">
          <div className="underlay" aria-hidden="true">
            {mistake
              ? (
                <>
                  {text.slice(0, mistake.start)}
                  <mark>{text.slice(mistake.start, mistake.end) || " "}</mark>
                  {text.slice(mistake.end)}
                </>
              )
              : text}
          </div>
          <input
            id={id}
            value={text}
            spellCheck={false}
            aria-invalid={mistake !== undefined}
            onChange={({ target }) => setText(target.value)}
            onBlur={commit}
            onKeyDown={(event) => event.key === "Enter" && commit()}
          />
        </div>
      )}
    </Field>
  );
}
