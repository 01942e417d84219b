/**
 * What an attempt has to know of its node, compiled once.
 *
 * @module
 */
import type { SalvoConditionSpec, Slots } from "../../sim/condition.ts";
import type { NodeSpec } from "../../sim/graph_spec.ts";
import { compileTerm, type TermProgram } from "../../sim/term_program.ts";
import { compilePortType, type PortTypeCheck } from "../packets/port_type.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";

/** An output port. */
export interface OutputPortLayout {
  readonly name: string;
  /** Position among the node's output ports. */
  readonly index: number;
  readonly slots: Slots;
  /** How many packets fit; infinite if there is no limit. */
  readonly capacity: number;
  /** Checks a value that is loaded; undefined if anything may be. */
  readonly check: PortTypeCheck | undefined;
}

/** An output salvo condition. */
export interface OutputConditionLayout {
  readonly name: string;
  /** Position among the node's output conditions. */
  readonly index: number;
  /** How many salvos of it an epoch may send; infinite if there is no limit. */
  readonly maxSalvos: number;
  /** What a salvo takes: ports, and how many packets of each at most. */
  readonly takes: readonly { readonly port: OutputPortLayout; readonly count: number }[];
  /** What must hold for the packets at the output ports; undefined if it always does. */
  readonly program: TermProgram<OutputPortLayout> | undefined;
}

/** A node as its attempts see it. */
export interface NodeLayout {
  readonly config: ResolvedNodeConfig;
  readonly outputPorts: ReadonlyMap<string, OutputPortLayout>;
  readonly outputConditions: ReadonlyMap<string, OutputConditionLayout>;
  /** Checks of those input ports that have one. */
  readonly inputChecks: ReadonlyMap<string, PortTypeCheck>;
}

const infinite: Slots = { type: "infinite" };

/**
 * Compiles a node.
 *
 * @param spec The node in the graph of the simulator.
 * @param resolve What references to code in port types have led to.
 */
export function nodeLayout(
  config: ResolvedNodeConfig,
  spec: NodeSpec,
  resolve?: (reference: string) => unknown,
): NodeLayout {
  const options = resolve ? { resolve } : {};
  const checked = config.execution_config.type_checking_enabled;
  const outputPorts = new Map<string, OutputPortLayout>();
  for (const [index, { name, slots = infinite }] of (spec.outPorts ?? []).entries()) {
    const type = checked ? config.out_ports.get(name)?.port_type : null;
    outputPorts.set(name, {
      name,
      index,
      slots,
      capacity: slots.type === "finite" ? slots.capacity : Infinity,
      check: compilePortType(type ?? null, options),
    });
  }
  const inputChecks = new Map<string, PortTypeCheck>();
  for (const [name, { port_type }] of checked ? config.in_ports : []) {
    const check = compilePortType(port_type, options);
    if (check) inputChecks.set(name, check);
  }
  const outputConditions = new Map(
    (spec.outSalvoConditions ?? []).map((condition, index) => [
      condition.name,
      conditionLayout(condition, index, outputPorts),
    ]),
  );
  return { config, outputPorts, outputConditions, inputChecks };
}

function conditionLayout(
  { name, maxSalvos, ports, term }: SalvoConditionSpec,
  index: number,
  outputPorts: ReadonlyMap<string, OutputPortLayout>,
): OutputConditionLayout {
  return {
    name,
    index,
    maxSalvos: maxSalvos.type === "finite" ? maxSalvos.max : Infinity,
    takes: ports.map(({ portName, count }) => ({
      port: outputPorts.get(portName)!,
      count: count.type === "all" ? Infinity : count.count,
    })),
    program: term.type === "true" ? undefined : compileTerm(
      term,
      (portName) => outputPorts.get(portName)!,
      (portName) => outputPorts.get(portName)!.slots,
    ),
  };
}
