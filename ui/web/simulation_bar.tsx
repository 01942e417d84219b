/**
 * Simulate mode: packets are injected and epochs finished by hand, and everything can be undone.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import type { FinishRule } from "../model/simulation.ts";
import { simulate, toggleSimulation } from "./simulating.ts";
import { type Tab, useStudio } from "./studio.ts";

const RULES: readonly (readonly [string, FinishRule])[] = [
  ["pass on as many as came in", { type: "pass" }],
  ["send one on each port", { type: "count", count: 1 }],
  ["send three on each port", { type: "count", count: 3 }],
  ["send nothing", { type: "drop" }],
];

function counted(packets: number): string {
  return packets === 1 ? "1 packet" : `${packets} packets`;
}

/** The controls of the simulation, in place of the inspector. */
export function SimulationPanel({ tab }: { tab: Tab }) {
  const simulation = useStudio(({ simulation }) => simulation);
  const [rule, setRule] = useState(0);
  const [injected, setInjected] = useState(1);
  if (!simulation) return null;
  const { run } = simulation;
  const [selected] = tab.selection;
  const node = selected === undefined ? undefined : run.node(selected);
  const startable = run.startable();
  const running = run.running();
  const [, finishBy] = RULES[rule]!;
  return (
    <section className="panel" aria-label="Simulation">
      <h2>Simulation</h2>
      <p className="dim">Packets and epochs move as in a run; no code of the net is called.</p>
      <div className="buttons">
        <button
          type="button"
          onClick={() => simulate((run) => run.step())}
          disabled={run.sim.isBlocked()}
        >
          Step
        </button>
        <button
          type="button"
          onClick={() => simulate((run) => run.runUntilBlocked())}
          disabled={run.sim.isBlocked()}
        >
          Run until blocked
        </button>
        <button
          type="button"
          onClick={() => simulate((run) => run.undo())}
          disabled={run.length === 0}
          title={run.lastLabel}
        >
          Undo
        </button>
      </div>
      <p className="status" role="status">
        {run.length === 0
          ? "Nothing has happened yet."
          : `${run.length} steps, last: ${run.lastLabel}`}
        {run.outside() > 0 && ` · ${counted(run.outside())} left the net`}
      </p>
      <label className="field">
        An epoch that is finished will
        <select value={rule} onChange={({ target }) => setRule(Number(target.value))}>
          {RULES.map(([label], i) => <option key={label} value={i}>{label}</option>)}
        </select>
      </label>
      <h3>Epochs</h3>
      {startable.length + running.length === 0 && (
        <p className="dim">No epoch is startable or running.</p>
      )}
      <ul className="epoch-list">
        {[...startable, ...running].map((epoch) => (
          <li key={epoch.id}>
            <span>
              <strong>{epoch.nodeName}</strong>
              <small>
                {epoch.state} · {counted(epoch.inSalvo.packets.length)} by{" "}
                {epoch.inSalvo.salvoCondition}
              </small>
            </span>
            {epoch.state === "startable" && (
              <button
                type="button"
                onClick={() => simulate((run) => run.start(epoch.id))}
              >
                Start
              </button>
            )}
            <button
              type="button"
              className="primary"
              onClick={() => simulate((run) => run.finish(epoch.id, finishBy))}
            >
              Finish
            </button>
            <button
              type="button"
              className="icon"
              aria-label={`Cancel the epoch of ${epoch.nodeName}`}
              onClick={() => simulate((run) => run.cancel(epoch.id))}
            >
              ×
            </button>
          </li>
        ))}
      </ul>
      {node
        ? (
          <>
            <h3>{selected}</h3>
            {node.inPorts.length > 0 && (
              <label className="field">
                Packets to inject
                <input
                  type="number"
                  min={1}
                  max={1000}
                  value={injected}
                  onChange={({ target }) => setInjected(Math.max(1, Number(target.value) || 1))}
                />
              </label>
            )}
            <div className="buttons">
              {node.inPorts.map(({ name }) => (
                <button
                  key={name}
                  type="button"
                  onClick={() => simulate((run) => run.inject(node.name, name, injected))}
                >
                  Inject at {name}
                </button>
              ))}
              {node.inPorts.length === 0 && (
                <button
                  type="button"
                  onClick={() => simulate((run) => run.startSource(node.name))}
                >
                  Start an epoch
                </button>
              )}
            </div>
            {node.inSalvoConditions.filter(({ manual }) => manual).map((condition) => (
              <button
                key={condition.name}
                type="button"
                title="A run fires this when nothing upstream is left to do"
                onClick={() => simulate((run) => run.fire(node.name, condition))}
              >
                All is done: fire {condition.name}
              </button>
            ))}
            <h3>Why is it waiting?</h3>
            {run.whyWaiting(node.name).map(({ condition, parts }) => (
              <div key={condition} className="why">
                <strong>{condition}</strong>
                <ul>
                  {parts.map(({ text, holds }) => (
                    <li key={text} className={holds ? "holds" : "fails"}>
                      <span aria-hidden="true">{holds ? "✓" : "✗"}</span> {text}
                      <span className="only-read">{holds ? " holds" : " does not hold"}</span>
                    </li>
                  ))}
                </ul>
              </div>
            ))}
          </>
        )
        : <p className="hint">Select a node to inject packets, and to see what it waits for.</p>}
      <div className="buttons">
        <button type="button" onClick={() => void toggleSimulation()}>End simulation</button>
      </div>
    </section>
  );
}
