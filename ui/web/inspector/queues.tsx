/**
 * The output queues of a net.
 *
 * @module
 */
// @ts-types="@types/react"
import { useMemo, useState } from "react";
import { asObject, type RawObject } from "../../../runtime/tools/raw_net.ts";
import {
  addQueue,
  collectFrom,
  nameQueues,
  type OutputPort,
  outputPorts,
  queuesOf,
  renameQueue,
} from "../../model/edit_queues.ts";
import { edit } from "../editing.ts";
import { madeBy } from "../factory_ports.ts";
import { IconButton, setValue, TextInput } from "../form/field.tsx";
import { Section } from "../panel.tsx";
import { useStudio } from "../studio.ts";

/** Queues by themselves, or by name. */
export function QueuesSection({ net }: { net: RawObject }) {
  const made = useStudio(({ made }) => made);
  const ports = useMemo(() => outputPorts(net, madeBy), [net, made]);
  const queues = asObject(net.get("output_queues"));
  const loose = ports.filter(({ isConnected }) => !isConnected);
  const choose = (isNamed: boolean) =>
    isNamed
      ? edit("Name queues", (draft) => nameQueues(draft, ports))
      : setValue("Automatic queues", ["output_queues"], undefined);
  return (
    <Section title="Output queues" count={queues?.size}>
      <div className="segments" role="radiogroup" aria-label="Output queues">
        {[false, true].map((isNamed) => (
          <button
            key={`${isNamed}`}
            type="button"
            role="radio"
            aria-checked={isNamed === (queues !== undefined)}
            onClick={() => isNamed !== (queues !== undefined) && choose(isNamed)}
          >
            {isNamed ? "By name" : "Automatic"}
          </button>
        ))}
      </div>
      {!queues && (
        <>
          <p className="dim">Each output port without an edge has a queue of its own:</p>
          <ul className="plain">
            {loose.map(({ node, port }) => <li key={`${node} ${port}`}>{`${node}::${port}`}</li>)}
            {loose.length === 0 && <li className="dim">All output ports have edges.</li>}
          </ul>
        </>
      )}
      {queues &&
        queuesOf(net).map(([name, { ports: pairs }]) => (
          <Queue key={name} name={name} pairs={pairs} ports={ports} />
        ))}
      {queues && (
        <button type="button" className="add" onClick={() => edit("Add queue", addQueue)}>
          + queue
        </button>
      )}
    </Section>
  );
}

function Queue(
  { name, pairs, ports }: {
    name: string;
    pairs: readonly [string, string][];
    ports: readonly OutputPort[];
  },
) {
  const [node, setNode] = useState("");
  const nodes = [...new Set(ports.map(({ node }) => node))];
  const path = ["output_queues", name];
  return (
    <div className="card">
      <div className="line">
        <TextInput
          label={`Name of queue ${name}`}
          value={name}
          commit={(newName) => edit("Rename queue", (draft) => renameQueue(draft, name, newName))}
        />
        <IconButton
          label={`Remove queue ${name}`}
          sign="×"
          onClick={() => setValue("Remove queue", path, undefined)}
        />
      </div>
      <ul className="plain">
        {pairs.map(([node, port], i) => {
          const isThere = ports.some((one) => one.node === node && one.port === port);
          return (
            <li key={i} className="line">
              <span
                className={isThere ? "" : "error"}
                title={isThere ? undefined : "There is no such port"}
              >
                {node} · {port}
              </span>
              <IconButton
                label={`Remove ${node}.${port} from queue ${name}`}
                sign="×"
                onClick={() => setValue("Change queue", [...path, "ports", i], undefined)}
              />
            </li>
          );
        })}
        {pairs.length === 0 && <li className="dim">It collects from no port yet.</li>}
      </ul>
      <div className="line">
        <select
          aria-label={`Node for queue ${name}`}
          className={node === "" ? "unset" : ""}
          value={node}
          onChange={({ target }) => setNode(target.value)}
        >
          <option value="">add a node…</option>
          {nodes.map((node) => <option key={node}>{node}</option>)}
        </select>
        <select
          aria-label={`Port for queue ${name}`}
          className="unset"
          disabled={node === ""}
          value=""
          onChange={({ target }) => {
            if (edit("Change queue", (draft) => collectFrom(draft, name, node, target.value))) {
              setNode("");
            }
          }}
        >
          <option value="">its port…</option>
          {ports.filter((one) => one.node === node).map(({ port, isConnected }) => (
            <option key={port} value={port}>{isConnected ? `${port} (has an edge)` : port}</option>
          ))}
        </select>
      </div>
    </div>
  );
}
