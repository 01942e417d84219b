/**
 * Packets that are left waiting at the end of a run, and why.
 *
 * @module
 */
import type { PortState, Term } from "../../sim/condition.ts";
import type { Net } from "../../runtime/net/net.ts";
import { upstreamNodes } from "./upstream.ts";

/** Packets that wait at an input port. */
export interface WaitingPackets {
  readonly node: string;
  readonly port: string;
  readonly packets: number;
}

/** Where packets wait, in the order of the graph. */
export function waitingPackets(net: Net): WaitingPackets[] {
  return net.graph.nodes.flatMap(({ name: node, inPorts }) =>
    inPorts.map(({ name: port }) => ({ node, port, packets: packetsAt(net, node, port) }))
      .filter(({ packets }) => packets > 0)
  );
}

/**
 * Why packets wait, as a sentence: `3 packets wait at report.b: report fires when a and b are
 * non-empty; a is empty, nothing upstream of it is left`.
 */
export function explainWaiting(net: Net, { node, port, packets }: WaitingPackets): string {
  const count = packets === 1 ? "1 packet waits" : `${packets} packets wait`;
  const reasons = [reasonOf(net, node, port), ...emptyPorts(net, node, port)];
  return `${count} at ${node}.${port}: ${reasons.join("; ")}`;
}

function reasonOf(net: Net, node: string, port: string): string {
  if (!net.isNodeEnabled(node)) return `${node} is disabled`;
  const { inSalvoConditions } = net.graph.node(node)!;
  const taking = inSalvoConditions.filter(({ ports }) =>
    ports.some(({ portName }) => portName === port)
  );
  if (taking.length === 0) return `no input condition of ${node} takes from it`;
  return taking.map(({ term }) => `${node} fires when ${describeTerm(term)}`).join(", or ");
}

/** The other ports that its conditions look at and that are empty. */
function emptyPorts(net: Net, node: string, port: string): string[] {
  const { inSalvoConditions } = net.graph.node(node)!;
  const looked = new Set(
    inSalvoConditions.filter(({ ports }) => ports.some(({ portName }) => portName === port))
      .flatMap(({ term }) => portsIn(term)),
  );
  return [...looked].filter((other) => other !== port && packetsAt(net, node, other) === 0)
    .map((other) => `${other} is empty, ${emptinessOf(net, node, other)}`);
}

function emptinessOf(net: Net, node: string, port: string): string {
  const edges = net.graph.getEdgesByHead({ nodeName: node, portType: "input", portName: port });
  if (edges.length === 0) return "no edge leads to it";
  const upstream = upstreamNodes(net.graph, edges.map(({ source }) => source.nodeName));
  const left = [...upstream].filter((name) =>
    name !== node &&
    net.graph.node(name)!.inPorts.some((port) => packetsAt(net, name, port.name) > 0)
  );
  return left.length === 0
    ? "nothing upstream of it is left"
    : `packets upstream of it wait at ${left.join(", ")}`;
}

/** How many packets wait at an input port. */
export function packetsAt(net: Net, nodeName: string, portName: string): number {
  return net.sim.packetCountAt({ type: "inputPort", nodeName, portName });
}

function portsIn(term: Term): string[] {
  switch (term.type) {
    case "port":
      return [term.portName];
    case "and":
    case "or":
      return term.terms.flatMap(portsIn);
    case "not":
      return portsIn(term.term);
    default:
      return [];
  }
}

/** A term in words. */
export function describeTerm(term: Term): string {
  switch (term.type) {
    case "true":
      return "asked to";
    case "false":
      return "never";
    case "port":
      return `${term.portName} is ${describeState(term.state)}`;
    case "not":
      return `not (${describeTerm(term.term)})`;
    case "and":
    case "or": {
      const { terms, type } = term;
      if (terms.length === 0) return type === "and" ? "asked to" : "never";
      const states = new Set(
        terms.map((part) => part.type === "port" ? describeState(part.state) : undefined),
      );
      const [state] = states;
      if (terms.length > 1 && states.size === 1 && state !== undefined) {
        const names = terms.map((part) => part.type === "port" ? part.portName : "");
        return `${names.slice(0, -1).join(", ")} ${type} ${names.at(-1)} are ${state}`;
      }
      return terms.map((part) => {
        const text = describeTerm(part);
        return part.type === "and" || part.type === "or" ? `(${text})` : text;
      }).join(` ${type} `);
    }
  }
}

function describeState(state: PortState): string {
  switch (state.type) {
    case "empty":
      return "empty";
    case "full":
      return "full";
    case "nonEmpty":
      return "non-empty";
    case "nonFull":
      return "not full";
    case "equals":
      return `holding ${state.value}`;
    case "lessThan":
      return `holding fewer than ${state.value}`;
    case "greaterThan":
      return `holding more than ${state.value}`;
    case "equalsOrLessThan":
      return `holding at most ${state.value}`;
    case "equalsOrGreaterThan":
      return `holding at least ${state.value}`;
  }
}
