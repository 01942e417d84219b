/**
 * The controls of a simulation in the viewer.
 *
 * @module
 */
import { counted, FINISH_RULES } from "../../model/finish_rules.ts";
import type { Simulation } from "../../model/simulation.ts";
import { html } from "./dom.ts";

/** What was chosen for the steps to come. */
export interface SimulationChoices {
  /** Index of the rule by which epochs are finished. */
  rule: number;
  /** Packets that are injected at once. */
  packets: number;
}

/** Does something in the simulation and shows what came of it. */
export type Act = (step: (run: Simulation) => void) => void;

/** The controls: steps, epochs, and what can be done at the selected node. */
export function simulationSide(
  run: Simulation,
  selected: string | undefined,
  choices: SimulationChoices,
  act: Act,
): HTMLElement[] {
  const isBlocked = run.sim.isBlocked();
  const button = (text: string, step: (run: Simulation) => void, disabled = false) =>
    html("button", { type: "button", disabled, onclick: () => act(step) }, text);
  return [
    html("h2", {}, "Simulation"),
    html("p", { class: "dim" }, "Packets and epochs move as in a run; no code is called."),
    html(
      "div",
      { class: "buttons" },
      button("Step", (run) => run.step(), isBlocked),
      button("Run until blocked", (run) => run.runUntilBlocked(), isBlocked),
      button("Undo", (run) => run.undo(), run.length === 0),
    ),
    html("p", { class: "dim", role: "status" }, statusOf(run)),
    ruleField(choices),
    html("h3", {}, "Epochs"),
    epochList(run, choices, act),
    ...nodeControls(run, selected, choices, button),
  ];
}

function statusOf(run: Simulation): string {
  const left = run.outside() > 0 ? ` · ${counted(run.outside())} left the net` : "";
  return run.length === 0
    ? "Nothing has happened yet."
    : `${run.length} steps, last: ${run.lastLabel}${left}`;
}

function ruleField(choices: SimulationChoices): HTMLElement {
  const select = html("select", {
    onchange: () => choices.rule = select.selectedIndex,
  });
  for (const [i, [words]] of FINISH_RULES.entries()) {
    select.append(html("option", { value: i, selected: i === choices.rule }, words));
  }
  return html("label", {}, "An epoch that is finished will", select);
}

function epochList(run: Simulation, choices: SimulationChoices, act: Act): HTMLElement {
  const epochs = [...run.startable(), ...run.running()];
  if (epochs.length === 0) {
    return html("p", { class: "dim" }, "No epoch is startable or running.");
  }
  return html(
    "ul",
    {},
    ...epochs.map((epoch) =>
      html(
        "li",
        { class: "epoch" },
        html(
          "span",
          {},
          html("strong", {}, epoch.nodeName),
          html("small", {}, `${epoch.state} · ${counted(epoch.inSalvo.packets.length)}`),
        ),
        epoch.state === "startable"
          ? html(
            "button",
            { type: "button", onclick: () => act((run) => run.start(epoch.id)) },
            "Start",
          )
          : "",
        html("button", {
          type: "button",
          class: "primary",
          onclick: () => act((run) => run.finish(epoch.id, FINISH_RULES[choices.rule]![1])),
        }, "Finish"),
        html("button", {
          type: "button",
          "aria-label": `Cancel the epoch of ${epoch.nodeName}`,
          onclick: () => act((run) => run.cancel(epoch.id)),
        }, "×"),
      )
    ),
  );
}

function nodeControls(
  run: Simulation,
  selected: string | undefined,
  choices: SimulationChoices,
  button: (text: string, step: (run: Simulation) => void) => HTMLElement,
): HTMLElement[] {
  const node = selected === undefined ? undefined : run.node(selected);
  if (!node) {
    return [
      html("p", { class: "dim" }, "Select a node to inject packets, and to see what it waits for."),
    ];
  }
  const packets = html("input", {
    type: "number",
    min: 1,
    max: 1000,
    value: choices.packets,
    onchange: () => choices.packets = Math.max(1, Number(packets.value) || 1),
  });
  return [
    html("h3", {}, node.name),
    ...node.inPorts.length > 0 ? [html("label", {}, "Packets to inject", packets)] : [],
    html(
      "div",
      { class: "buttons" },
      ...node.inPorts.map(({ name }) =>
        button(`Inject at ${name}`, (run) => run.inject(node.name, name, choices.packets))
      ),
      ...node.inPorts.length === 0
        ? [button("Start an epoch", (run) => run.startSource(node.name))]
        : [],
      ...node.inSalvoConditions.filter(({ manual }) => manual).map((condition) =>
        button(`All is done: fire ${condition.name}`, (run) => run.fire(node.name, condition))
      ),
    ),
    html("h3", {}, "Why is it waiting?"),
    ...run.whyWaiting(node.name).map(({ condition, parts }) =>
      html(
        "div",
        {},
        html("strong", {}, condition),
        html(
          "ul",
          {},
          ...parts.map(({ text, holds }) =>
            html("li", { class: holds ? "holds" : "fails" }, `${holds ? "✓" : "✗"} ${text}`)
          ),
        ),
      )
    ),
  ];
}
