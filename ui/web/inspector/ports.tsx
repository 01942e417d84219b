/**
 * The ports of a node.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { asObject, type RawObject } from "../../../runtime/tools/raw_net.ts";
import {
  addPort,
  movePort,
  removePort,
  renamePort,
  setCapacity,
  setPortType,
} from "../../model/edit_ports.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import type { PortView } from "../../model/node_view.ts";
import { edit } from "../editing.ts";
import { madeBy } from "../factory_ports.ts";
import { FieldAt, useFormFields } from "../form/form_fields.tsx";
import { IconButton, setValue, TextInput } from "../form/field.tsx";
import { Section } from "../panel.tsx";

type Side = "in" | "out";

/** Inputs and outputs; those of signals and controls apart. */
export function PortsSection({ node, data }: { node: DrawnNode; data: RawObject }) {
  const { inPorts, outPorts } = node.view;
  const derived = [...inPorts, ...outPorts].filter(({ origin }) =>
    origin === "signal" || origin === "control"
  );
  return (
    <Section title="Ports" isOpen count={inPorts.length + outPorts.length}>
      <Ports node={node} data={data} side="in" />
      <Ports node={node} data={data} side="out" />
      {derived.length > 0 && (
        <fieldset className="port-list">
          <legend>Signals and controls</legend>
          {derived.map(({ name, origin }) => (
            <div key={name} className="port-row fixed">
              <span>{name.replace(/^__(?:signal|control)_(.+)__$/, "$1")}</span>
              <small>{origin}</small>
            </div>
          ))}
        </fieldset>
      )}
    </Section>
  );
}

function Ports({ node, data, side }: { node: DrawnNode; data: RawObject; side: Side }) {
  const ports = (side === "in" ? node.view.inPorts : node.view.outPorts).filter(({ origin }) =>
    origin !== "signal" && origin !== "control"
  );
  const own = asObject(data.get(`${side}_ports`));
  const made = madeBy(data);
  const ofFactory = new Set(
    (side === "in" ? made?.inPorts : made?.outPorts)?.map(({ name }) => name),
  );
  return (
    <fieldset className="port-list">
      <legend>{side === "in" ? "Inputs" : "Outputs"}</legend>
      {ports.length === 0 && <p className="dim">none</p>}
      {ports.map((port, i) => (
        <Port
          key={port.name}
          node={node}
          side={side}
          port={port}
          index={i}
          count={ports.length}
          isDeclared={own?.has(port.name) === true}
          isOfFactory={ofFactory.has(port.name)}
        />
      ))}
      <button
        type="button"
        className="add"
        onClick={() => edit("Add port", (draft) => addPort(draft, node.path, side))}
      >
        + {side === "in" ? "input" : "output"} port
      </button>
    </fieldset>
  );
}

function Port(
  { node: { path }, side, port, index, count, isDeclared, isOfFactory }: {
    node: DrawnNode;
    side: Side;
    port: PortView;
    index: number;
    count: number;
    isDeclared: boolean;
    isOfFactory: boolean;
  },
) {
  const [isOpen, setOpen] = useState(false);
  const gather = useFormFields("PortConfig").find(({ name }) => name === "gather");
  const { name } = port;
  // What a factory or an edge makes is not here to be renamed; its details can be overridden.
  const isFixed = isOfFactory || !isDeclared;
  const at = [...path, `${side}_ports`, name];
  const move = (by: -1 | 1) => edit("Move port", (draft) => movePort(draft, path, side, name, by));
  return (
    <div className={`port-entry ${port.origin}`}>
      <div className="port-row">
        {isFixed
          ? (
            <span className="port-name" title={WHY[isOfFactory ? "factory" : port.origin]}>
              {name}
            </span>
          )
          : (
            <TextInput
              label={`Name of ${side === "in" ? "input" : "output"} port ${index + 1}`}
              value={name}
              commit={(newName) =>
                edit("Rename port", (draft) => renamePort(draft, path, side, name, newName))}
            />
          )}
        {isFixed
          ? <small className="port-type">{port.type || WORDS[port.origin] || "any type"}</small>
          : (
            <TextInput
              label={`Type of port ${name}`}
              value={port.type}
              placeholder="any type"
              commit={(type) =>
                void edit("Set port type", (draft) => setPortType(draft, path, side, name, type))}
            />
          )}
        <button
          type="button"
          className="icon"
          aria-expanded={isOpen}
          aria-label={`More about port ${name}`}
          title="Capacity, order, gathering"
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? "▴" : "▾"}
        </button>
        {isFixed
          ? isDeclared && (
            <IconButton
              label={`Reset port ${name}`}
              sign="↺"
              onClick={() => setValue("Reset port", at, undefined)}
            />
          )
          : (
            <IconButton
              label={`Remove port ${name}`}
              sign="×"
              onClick={() => edit("Remove port", (draft) => removePort(draft, path, side, name))}
            />
          )}
      </div>
      {isOpen && (
        <div className="port-details">
          <label className="inline-field">
            Capacity
            <TextInput
              label={`Capacity of port ${name}`}
              value={port.capacity === null ? "" : `${port.capacity}`}
              placeholder="unlimited"
              inputMode="numeric"
              commit={(text) => {
                if (text !== "" && !/^\d+$/.test(text)) return false;
                return edit(
                  "Set capacity",
                  (draft) =>
                    setCapacity(draft, path, side, name, text === "" ? null : Number(text)),
                );
              }}
            />
          </label>
          {side === "in" && gather && <FieldAt field={gather} path={at} label="Gather" />}
          {!isFixed && (
            <div className="buttons">
              <button
                type="button"
                aria-label={`Move port ${name} up`}
                disabled={index === 0}
                onClick={() => move(-1)}
              >
                ↑ Up
              </button>
              <button
                type="button"
                aria-label={`Move port ${name} down`}
                disabled={index === count - 1}
                onClick={() => move(1)}
              >
                ↓ Down
              </button>
            </div>
          )}
        </div>
      )}
    </div>
  );
}

const WORDS: Readonly<Record<string, string>> = {
  error: "failures",
  edge: "not known yet",
  missing: "missing",
};

const WHY: Readonly<Record<string, string>> = {
  factory: "The factory makes this port",
  error: "The error port, by which failures leave",
  edge: "An edge names this port; the factory is not known yet",
  missing: "An edge names this port, but the node has none of that name",
};
