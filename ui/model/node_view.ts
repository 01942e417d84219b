/**
 * A node as it is drawn, derived from its data.
 *
 * @module
 */
import { controlPortName, signalPortName } from "../../runtime/schema/signal_names.ts";
import { asObject, objectsIn, type RawObject, valueAt } from "../../runtime/tools/raw_net.ts";

/** What a node is. */
export type NodeKind = "node" | "factory" | "subgraph";

/** A port as it is drawn. */
export interface PortView {
  /** Its name. */
  readonly name: string;
  /** What its values are, in words; empty if anything. */
  readonly type: string;
  /** How many packets it holds at most; null for any number. */
  readonly capacity: number | null;
  /** Where it comes from. */
  readonly origin:
    | "own"
    | "factory"
    | "exposed"
    | "signal"
    | "control"
    | "error"
    | "edge"
    | "missing";
  /** Whether an input port waits for all that is upstream, or for some time. */
  readonly gathers: boolean;
}

/** The ports that a factory makes. */
export interface FactoryPorts {
  readonly inPorts: readonly PortView[];
  readonly outPorts: readonly PortView[];
  readonly description: string | undefined;
}

/** A node as it is drawn. */
export interface NodeView {
  readonly name: string;
  readonly kind: NodeKind;
  readonly description: string;
  readonly inPorts: readonly PortView[];
  readonly outPorts: readonly PortView[];
  /** The factory as written. */
  readonly factory: string | undefined;
  /** Whether what the factory makes is not known. */
  readonly isUnresolved: boolean;
  /** File that holds the nodes of a subgraph. */
  readonly path: string | undefined;
  /** How many nodes stand in an inline subgraph. */
  readonly nodeCount: number | undefined;
  readonly shape: string;
  readonly headerColor: string | undefined;
  readonly fontColor: string | undefined;
  readonly isLocked: boolean;
  readonly isExpanded: boolean;
  readonly hidesLabel: boolean;
  readonly hidesDescription: boolean;
  /** Whether all of the description is shown, not its first line alone. */
  readonly isDescriptionExpanded: boolean;
  readonly hidesPortNames: boolean;
  /** Groups of ports that were opened or closed by hand: `in:a.b`. */
  readonly portGroups: ReadonlyMap<string, boolean>;
}

/** Names of shapes that nodes have. */
export const NODE_SHAPES: readonly string[] = [
  "rectangle",
  "rounded",
  "pill",
  "diamond",
  "hexagon",
  "cylinder",
  "triangle-right",
  "triangle-left",
];

/** What the net says about the nodes that say nothing. */
export interface NetDefaults {
  readonly signals: readonly string[];
  readonly controls: readonly string[];
}

/** Whether an object in a list of nodes is a subgraph. */
export function isSubgraph(node: RawObject): boolean {
  const type = node.get("type");
  if (type !== undefined) return type === "subgraph";
  return (node.get("nodes") ?? node.get("path") ?? null) !== null;
}

/** What the net says about signals and controls. */
export function netDefaults(net: RawObject): NetDefaults {
  return {
    signals: texts(net.get("default_signals")),
    controls: texts(net.get("default_controls")),
  };
}

/**
 * What there is to draw of a node.
 *
 * @param made The ports that its factory makes, if they are known.
 * @param used Ports that edges name: those of a factory that is not resolved, or missing ones.
 */
export function nodeView(
  node: RawObject,
  defaults: NetDefaults,
  made?: FactoryPorts,
  used: { readonly in: readonly string[]; readonly out: readonly string[] } = { in: [], out: [] },
): NodeView {
  const ui = asObject(valueAt(node, "extra", "ui")) ?? new Map<string, unknown>();
  const factory = textOf(node.get("factory"));
  const subgraph = isSubgraph(node);
  const isUnresolved = factory !== undefined && made === undefined;
  const inPorts = portsOf(node, "in", subgraph, made?.inPorts);
  const outPorts = portsOf(node, "out", subgraph, made?.outPorts);
  if (isUnresolved) {
    addPorts(inPorts, used.in, "edge");
    addPorts(outPorts, used.out, "edge");
  }
  if (!subgraph) {
    const execution = asObject(node.get("execution_config"));
    const listed = (key: string, inherited: readonly string[]) => {
      const own = execution?.get(key);
      return own === undefined || own === null ? inherited : texts(own);
    };
    const errorPort = textOf(execution?.get("error_port"));
    addPorts(outPorts, errorPort === undefined ? [] : [errorPort], "error");
    if (errorPort !== undefined) markError(outPorts, errorPort);
    addPorts(
      inPorts,
      listed("controls", defaults.controls).map((type) => controlPortName(type as never)),
      "control",
    );
    addPorts(
      outPorts,
      listed("signals", defaults.signals).map((type) => signalPortName(type as never)),
      "signal",
    );
  }
  // An edge to a port that is not there must be seen, to be mended.
  addPorts(inPorts, used.in, "missing");
  addPorts(outPorts, used.out, "missing");
  const nodes = node.get("nodes");
  return {
    name: textOf(node.get("name")) ?? "",
    kind: subgraph ? "subgraph" : factory === undefined ? "node" : "factory",
    description: textOf(node.get("description")) ?? made?.description ?? "",
    inPorts,
    outPorts,
    factory,
    isUnresolved,
    path: subgraph ? textOf(node.get("path")) : undefined,
    nodeCount: subgraph && Array.isArray(nodes) ? nodes.length : undefined,
    shape: textOf(ui.get("shape")) ?? "rounded",
    headerColor: colorOf(ui.get("headerColor")),
    fontColor: colorOf(ui.get("fontColor")),
    isLocked: ui.get("locked") === true,
    isExpanded: subgraph && Array.isArray(nodes) && ui.get("expanded") === true,
    hidesLabel: ui.get("hideLabel") === true,
    hidesDescription: ui.get("hideDescription") === true,
    isDescriptionExpanded: ui.get("descriptionExpanded") === true,
    hidesPortNames: ui.get("hidePortNames") === true,
    portGroups: new Map(
      [...asObject(ui.get("portGroups")) ?? []].flatMap(([key, value]) =>
        typeof value === "boolean" ? [[key, value]] : []
      ),
    ),
  };
}

function portsOf(
  node: RawObject,
  side: "in" | "out",
  isSubgraph: boolean,
  made: readonly PortView[] = [],
): PortView[] {
  if (isSubgraph) {
    return [...asObject(node.get(`exposed_${side}_ports`))?.keys() ?? []]
      .map((name) => ({ ...plainPort(name), origin: "exposed" as const }));
  }
  const own = asObject(node.get(`${side}_ports`)) ?? new Map<string, unknown>();
  const ports = made.map((port) => own.has(port.name) ? portView(port.name, own) : port);
  const names = new Set(made.map(({ name }) => name));
  for (const name of own.keys()) if (!names.has(name)) ports.push(portView(name, own));
  return ports;
}

function portView(name: string, ports: RawObject): PortView {
  const port = asObject(ports.get(name));
  const slots = asObject(port?.get("slots_spec"));
  const capacity = slots?.get("type") === "finite" ? slots.get("capacity") : null;
  return {
    name,
    type: typeText(port?.get("port_type")),
    capacity: typeof capacity === "number" ? capacity : null,
    origin: "own",
    gathers: asObject(port?.get("gather")) !== undefined,
  };
}

function plainPort(name: string): PortView {
  return { name, type: "", capacity: null, origin: "own", gathers: false };
}

function addPorts(ports: PortView[], names: readonly string[], origin: PortView["origin"]): void {
  const known = new Set(ports.map(({ name }) => name));
  for (const name of names) if (!known.has(name)) ports.push({ ...plainPort(name), origin });
}

function markError(ports: PortView[], name: string): void {
  const index = ports.findIndex((port) => port.name === name);
  ports[index] = { ...ports[index]!, origin: "error" };
}

function typeText(type: unknown): string {
  if (typeof type === "string") return type;
  return textOf(asObject(type)?.get("name")) ?? "";
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** The value if it is a text that says something. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** Colours come from files that anyone may have written: only hex notation and names go through. */
export function colorOf(value: unknown): string | undefined {
  const isColor = typeof value === "string" && /^(?:#[0-9a-f]{3,8}|[a-z]{3,20})$/i.test(value);
  return isColor ? value : undefined;
}

/** All objects in `nodes` of a graph. */
export function membersOf(graph: RawObject | undefined): RawObject[] {
  return objectsIn(graph?.get("nodes"));
}
