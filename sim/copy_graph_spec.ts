/**
 * Copies of graph specs: checked for shape, with all defaults filled in.
 *
 * @module
 */
import type {
  MaxSalvos,
  PacketCount,
  SalvoConditionSpec,
  SalvoPort,
  Slots,
  Term,
} from "./condition.ts";
import type { GraphIssue } from "./graph_issue.ts";
import type { Edge, EdgeSpec, GraphNode, GraphPort, GraphSpec, PortRef } from "./graph_spec.ts";
import {
  describe,
  requireArray,
  requireObject,
  requireOneOf,
  requireString,
  type Unchecked,
  wrongShape,
} from "./shape.ts";

/** A graph spec in which no list is left out. */
export interface FullGraphSpec extends GraphSpec {
  nodes: GraphNode[];
  dependencyEdges: Edge[];
}

/** Copies a spec; numbers that are no integers of 0 or more are added to `issues`. */
export function copyGraphSpec(spec: GraphSpec, issues: GraphIssue[]): FullGraphSpec {
  const graph = requireObject(spec, "The graph");
  return {
    nodes: list(graph, "nodes", "graph", (node, where) => new NodeCopier(issues).copy(node, where)),
    edges: list(graph, "edges", "graph", copyEdgeSpec),
    dependencyEdges: optionalList(graph, "dependencyEdges", "graph", copyEdge),
  };
}

/** Copies an edge, without anything that is not part of its identity. */
function copyEdge(value: unknown, where: string): Edge {
  const edge = requireObject(value, where);
  return {
    source: copyPortRef(edge["source"], `${where}.source`),
    target: copyPortRef(edge["target"], `${where}.target`),
  };
}

function copyEdgeSpec(value: unknown, where: string): EdgeSpec {
  const dependency = requireObject(value, where)["dependency"];
  if (dependency !== undefined && typeof dependency !== "boolean") {
    throw wrongShape(`${where}.dependency`, "true or false", dependency);
  }
  const edge = copyEdge(value, where);
  return dependency ? { ...edge, dependency } : edge;
}

function copyPortRef(value: unknown, where: string): PortRef {
  const port = requireObject(value, where);
  return {
    nodeName: requireString(port["nodeName"], `${where}.nodeName`),
    portType: requireOneOf(port["portType"], ["input", "output"], `${where}.portType`),
    portName: requireString(port["portName"], `${where}.portName`),
  };
}

class NodeCopier {
  readonly #issues: GraphIssue[];
  #nodeName = "";

  constructor(issues: GraphIssue[]) {
    this.#issues = issues;
  }

  copy(value: unknown, where: string): GraphNode {
    const node = requireObject(value, where);
    this.#nodeName = requireString(node["name"], `${where}.name`);
    const request = node["dependencyRequest"];
    return {
      name: this.#nodeName,
      inPorts: optionalList(node, "inPorts", where, this.#port),
      outPorts: optionalList(node, "outPorts", where, this.#port),
      inSalvoConditions: optionalList(node, "inSalvoConditions", where, this.#condition),
      outSalvoConditions: optionalList(node, "outSalvoConditions", where, this.#condition),
      ...(request === undefined
        ? {}
        : { dependencyRequest: this.#request(request, `${where}.dependencyRequest`) }),
    };
  }

  #request(value: unknown, where: string): NonNullable<GraphNode["dependencyRequest"]> {
    const request = requireObject(value, where);
    return {
      triggers: list(
        request,
        "triggers",
        where,
        (trigger, at) => requireOneOf(trigger, ["onStartup", "onNoSalvoTriggered"], at),
      ),
      label: requireString(request["label"], `${where}.label`),
    };
  }

  readonly #port = (value: unknown, where: string): GraphPort => {
    const port = requireObject(value, where);
    const name = requireString(port["name"], `${where}.name`);
    const slots = port["slots"];
    return {
      name,
      slots: slots === undefined
        ? { type: "infinite" }
        : this.#slots(slots, `${where}.slots`, name),
    };
  };

  #slots(value: unknown, where: string, portName: string): Slots {
    const slots = requireObject(value, where);
    const type = requireOneOf(slots["type"], ["infinite", "finite"], `${where}.type`);
    if (type === "infinite") return { type };
    return { type, capacity: this.#number(slots["capacity"], `capacity of port "${portName}"`) };
  }

  readonly #condition = (value: unknown, where: string): SalvoConditionSpec => {
    const condition = requireObject(value, where);
    const name = requireString(condition["name"], `${where}.name`);
    const { manual } = condition;
    if (manual !== undefined && typeof manual !== "boolean") {
      throw wrongShape(`${where}.manual`, "true or left out", manual);
    }
    return {
      name,
      maxSalvos: this.#maxSalvos(condition["maxSalvos"], `${where}.maxSalvos`, name),
      ports: list(condition, "ports", where, (port, at) => this.#salvoPort(port, at, name)),
      term: this.#term(condition["term"], `${where}.term`, name),
      ...(manual ? { manual: true as const } : {}),
    };
  };

  #maxSalvos(value: unknown, where: string, condition: string): MaxSalvos {
    const maxSalvos = requireObject(value, where);
    const type = requireOneOf(maxSalvos["type"], ["infinite", "finite"], `${where}.type`);
    if (type === "infinite") return { type };
    return { type, max: this.#number(maxSalvos["max"], `max salvos of condition "${condition}"`) };
  }

  #salvoPort(value: unknown, where: string, condition: string): SalvoPort {
    const port = requireObject(value, where);
    const portName = requireString(port["portName"], `${where}.portName`);
    const count = requireObject(port["count"], `${where}.count`);
    return { portName, count: this.#count(count, `${where}.count`, portName, condition) };
  }

  #count(count: Unchecked, where: string, portName: string, condition: string): PacketCount {
    const type = requireOneOf(count["type"], ["all", "count"], `${where}.type`);
    if (type === "all") return { type };
    const field = `packet count of port "${portName}" in condition "${condition}"`;
    return { type, count: this.#number(count["count"], field) };
  }

  /** Terms may be nested too deeply for recursion: what is left to copy waits on a stack. */
  #term(root: unknown, rootWhere: string, condition: string): Term {
    let result: Term | undefined;
    type Task = { value: unknown; where: string; put: (copy: Term) => void };
    const tasks: Task[] = [{ value: root, where: rootWhere, put: (copy) => result = copy }];
    for (let task = tasks.pop(); task !== undefined; task = tasks.pop()) {
      const { where, put } = task;
      const term = requireObject(task.value, where);
      const type = requireOneOf(term["type"], TERM_TYPES, `${where}.type`);
      if (type === "and" || type === "or") {
        const inner = requireArray(term["terms"], `${where}.terms`);
        const terms: Term[] = new Array(inner.length);
        for (let i = inner.length - 1; i >= 0; i--) {
          // Deep inside a term the whole way there would be longer than it helps.
          tasks.push({ value: inner[i], where: rootWhere, put: (copy) => terms[i] = copy });
        }
        put({ type, terms });
      } else if (type === "not") {
        const copy = { type } as Term & { type: "not" };
        tasks.push({ value: term["term"], where: rootWhere, put: (inner) => copy.term = inner });
        put(copy);
      } else if (type === "port") {
        const portName = requireString(term["portName"], `${where}.portName`);
        put({ type, portName, state: this.#state(term["state"], `${where}.state`, condition) });
      } else {
        put({ type });
      }
    }
    return result!;
  }

  #state(value: unknown, where: string, condition: string): (Term & { type: "port" })["state"] {
    const state = requireObject(value, where);
    const type = requireOneOf(state["type"], STATE_TYPES, `${where}.type`);
    if (type === "empty" || type === "full" || type === "nonEmpty" || type === "nonFull") {
      return { type };
    }
    const field = `value of state "${type}" in condition "${condition}"`;
    return { type, value: this.#number(state["value"], field) };
  }

  #number(value: unknown, field: string): number {
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      const nodeName = this.#nodeName;
      this.#issues.push({
        kind: "invalidNumber",
        message: `The ${field} of node "${nodeName}" must be an integer of 0 or more, got ${
          describe(value)
        }`,
        nodeName,
        field,
        value,
      });
    }
    return value as number;
  }
}

const TERM_TYPES = ["true", "false", "port", "and", "or", "not"] as const;
const STATE_TYPES = [
  "empty",
  "full",
  "nonEmpty",
  "nonFull",
  "equals",
  "lessThan",
  "greaterThan",
  "equalsOrLessThan",
  "equalsOrGreaterThan",
] as const;

function list<T>(
  parent: Unchecked,
  key: string,
  where: string,
  copy: (value: unknown, where: string) => T,
): T[] {
  const at = `${where}.${key}`;
  return requireArray(parent[key], at).map((value, i) => copy(value, `${at}[${i}]`));
}

function optionalList<T>(
  parent: Unchecked,
  key: string,
  where: string,
  copy: (value: unknown, where: string) => T,
): T[] {
  return parent[key] === undefined ? [] : list(parent, key, where, copy);
}
