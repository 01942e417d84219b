/**
 * The ports and conditions that a node has without stating them.
 *
 * @module
 */
import type { PortConfig } from "./port.ts";
import type { PacketCount, SalvoConditionConfig, TermConfig } from "./salvo_condition.ts";
import {
  controlPortName,
  type ControlType,
  isControlPortName,
  isSignalPortName,
  signalPortName,
  type SignalType,
} from "./signal.ts";

type Ports = Map<string, PortConfig<never>>;
type Conditions = Map<string, SalvoConditionConfig<never>>;

/** The parts of a node that are completed here. */
export interface NodeParts {
  in_ports: Ports;
  out_ports: Ports;
  /** Null makes a default one. */
  in_salvo_conditions: Conditions | null;
  /** Null makes a default one. */
  out_salvo_conditions: Conditions | null;
}

/** What a node states about its special ports. */
export interface SpecialPorts {
  signals: readonly SignalType[];
  controls: readonly ControlType[];
  error_port: string | null;
}

/** A node's parts with nothing left out. */
export interface CompleteNodeParts extends NodeParts {
  in_salvo_conditions: Conditions;
  out_salvo_conditions: Conditions;
}

/**
 * Adds the ports of signals, controls and failures, default conditions where none are stated, and
 * the conditions of signals and controls.
 *
 * What is declared under such a name stays as it is. Ports that gather until all is done make the
 * conditions that take from them `manual`.
 */
export function completeNode(node: NodeParts, special: SpecialPorts): CompleteNodeParts {
  const signalPorts = [...new Set(special.signals)].map(signalPortName);
  const controlPorts = [...new Set(special.controls)].map(controlPortName);
  const errorPorts = special.error_port === null ? [] : [special.error_port];
  const in_ports = withPorts(node.in_ports, controlPorts);
  const out_ports = withPorts(node.out_ports, [...signalPorts, ...errorPorts]);
  const inConditions = node.in_salvo_conditions ?? defaultInput([...in_ports.keys()]);
  const outConditions = node.out_salvo_conditions ??
    defaultOutput([...out_ports.keys()], special.error_port);
  return {
    in_ports,
    out_ports,
    in_salvo_conditions: markManual(
      withConditions(inConditions, controlPorts, { type: "finite", max: 1 }),
      in_ports,
    ),
    out_salvo_conditions: withConditions(outConditions, signalPorts, { type: "infinite" }),
  };
}

/** Whether an output port is one of signals or of errors, which nothing ordinary is sent by. */
export function isSpecialOutPort(port: string, errorPort: string | null): boolean {
  return isSignalPortName(port) || port === errorPort;
}

function withPorts(ports: Ports, names: readonly string[]): Ports {
  if (names.length === 0) return ports;
  const all = new Map(ports);
  for (const name of names) {
    if (!all.has(name)) {
      all.set(name, { slots_spec: { type: "infinite" }, port_type: null, gather: null });
    }
  }
  return all;
}

function withConditions(
  conditions: Conditions,
  ports: readonly string[],
  max_salvos: SalvoConditionConfig<never>["max_salvos"],
): Conditions {
  if (ports.length === 0) return conditions;
  const all = new Map(conditions);
  for (const port of ports) {
    if (!all.has(port)) {
      all.set(port, { max_salvos, ports: new Map([[port, TAKE_ALL]]), term: nonEmpty(port) });
    }
  }
  return all;
}

const TAKE_ALL: PacketCount<never> = { type: "all" };

function nonEmpty(port: string): TermConfig<never> {
  return { type: "port", port_name: port, state: { type: "non_empty" } };
}

function takeAll(ports: readonly string[]): Map<string, PacketCount<never>> {
  return new Map(ports.map((port) => [port, TAKE_ALL]));
}

function defaultInput(ports: readonly string[]): Conditions {
  const ordinary = ports.filter((port) => !isControlPortName(port));
  if (ordinary.length === 0 && ports.length > 0) return new Map();
  const terms = ordinary.map(nonEmpty);
  const term: TermConfig<never> = terms.length === 0
    ? { type: "true" }
    : terms.length === 1
    ? terms[0]!
    : { type: "and", terms };
  return new Map([
    ["default", { max_salvos: { type: "finite", max: 1 }, ports: takeAll(ordinary), term }],
  ]);
}

function defaultOutput(ports: readonly string[], errorPort: string | null): Conditions {
  const ordinary = ports.filter((port) => !isSpecialOutPort(port, errorPort));
  if (ordinary.length === 0) return new Map();
  return new Map([
    ["default", {
      max_salvos: { type: "finite", max: 1 },
      ports: takeAll(ordinary),
      term: { type: "true" },
    }],
  ]);
}

/** The simulator does not fire what waits until all is done: the net does, at its time. */
function markManual(conditions: Conditions, ports: Ports): Conditions {
  const gathering = [...ports].filter(([, { gather }]) => gather !== null && "until" in gather);
  if (gathering.length === 0) return conditions;
  const names = new Set(gathering.map(([name]) => name));
  return new Map([...conditions].map(([name, condition]) => [
    name,
    [...condition.ports.keys()].some((port) => names.has(port))
      ? { ...condition, manual: true }
      : condition,
  ]));
}
