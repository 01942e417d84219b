/**
 * What of a net may be shown to anyone: names, ports, types, descriptions, conditions, edges,
 * subgraphs and decorations. Pools, environments, variables, arguments and storage stay behind.
 *
 * @module
 */
import { edgeEnds } from "../../runtime/tools/raw_edge.ts";
import { asObject, objectsIn, type RawObject, valueAt } from "../../runtime/tools/raw_net.ts";
import type { FactoryLookup } from "./graph_view.ts";
import type { PortView } from "./node_view.ts";

/** How a net is shared. */
export interface SharingOptions {
  /** The ports that factories make. */
  readonly made?: FactoryLookup;
  /** Whether descriptions are shown in full. */
  readonly expandsDescriptions?: boolean;
}

const GRAPH_UI = [
  "name",
  "description",
  "edgeStyle",
  "edgeMarkers",
  "nodeTitleFontSize",
  "nodeDescFontSize",
  "nodePortFontSize",
];
const NODE_UI = [
  "position",
  "dimensions",
  "zIndex",
  "headerColor",
  "fontColor",
  "shape",
  "hideLabel",
  "hideDescription",
  "hidePortNames",
  "descriptionExpanded",
  "portGroups",
  "locked",
  "expanded",
];
const DECORATION = [
  "id",
  "position",
  "width",
  "height",
  "decorationType",
  "label",
  "text",
  "orientation",
  "fillColor",
  "strokeColor",
  "strokeWidth",
  "fontSize",
  "fontColor",
  "opacity",
  "zIndex",
];
/** Keys of conditions; what else stands in them is not theirs. */
const CONDITION_KEYS: ReadonlySet<string> = new Set([
  "type",
  "max_salvos",
  "max",
  "count",
  "term",
  "terms",
  "port_name",
  "state",
  "value",
]);

/** A document that holds what is shown and nothing else. */
export function sharedDocument(net: RawObject, options: SharingOptions = {}): RawObject {
  return present([
    ["default_signals", texts(net.get("default_signals"))],
    ["default_controls", texts(net.get("default_controls"))],
    ["graph", sharedGraph(asObject(net.get("graph")) ?? new Map(), options, GRAPH_UI)],
  ]);
}

function sharedGraph(graph: RawObject, options: SharingOptions, ui: string[]): RawObject {
  return present([
    ["nodes", objectsIn(graph.get("nodes")).map((node) => sharedNode(node, options))],
    ["edges", objectsIn(graph.get("edges")).map(sharedEdge)],
    [
      "extra",
      present([
        ["ui", picked(asObject(valueAt(graph, "extra", "ui")), ui)],
        [
          "decorations",
          objectsIn(valueAt(graph, "extra", "decorations")).map((item) => picked(item, DECORATION)),
        ],
      ]),
    ],
  ]);
}

function sharedNode(node: RawObject, options: SharingOptions): RawObject {
  const made = options.made?.(node);
  const execution = asObject(node.get("execution_config"));
  const nodes = node.get("nodes");
  const ui = picked(asObject(valueAt(node, "extra", "ui")), NODE_UI);
  if (options.expandsDescriptions) ui.set("descriptionExpanded", true);
  const inner = Array.isArray(nodes) ? sharedGraph(node, options, []) : undefined;
  return present([
    ...["name", "type", "factory", "path"].map((key) => [key, text(node.get(key))] as const),
    ["description", text(node.get("description")) ?? made?.description],
    ["in_ports", sharedPorts(asObject(node.get("in_ports")), made?.inPorts)],
    ["out_ports", sharedPorts(asObject(node.get("out_ports")), made?.outPorts)],
    ["in_salvo_conditions", sharedConditions(asObject(node.get("in_salvo_conditions")))],
    ["out_salvo_conditions", sharedConditions(asObject(node.get("out_salvo_conditions")))],
    [
      "execution_config",
      present([
        ["signals", texts(execution?.get("signals"))],
        ["controls", texts(execution?.get("controls"))],
        ["error_port", text(execution?.get("error_port"))],
      ]),
    ],
    ["exposed_in_ports", sharedExposed(asObject(node.get("exposed_in_ports")))],
    ["exposed_out_ports", sharedExposed(asObject(node.get("exposed_out_ports")))],
    ["nodes", inner?.get("nodes")],
    ["edges", inner?.get("edges")],
    ["extra", present([["ui", ui]])],
  ]);
}

function sharedEdge(edge: RawObject): RawObject {
  const { sourceNode, sourcePort, targetNode, targetPort } = edgeEnds(edge);
  return present([
    ["source_node", sourceNode],
    ["source_port", sourcePort],
    ["target_node", targetNode],
    ["target_port", targetPort],
    ["dependency", edge.get("dependency") === true ? true : undefined],
  ]);
}

function sharedPorts(
  own: RawObject | undefined,
  made: readonly PortView[] = [],
): RawObject | undefined {
  if (!own && made.length === 0) return undefined;
  const ports: RawObject = new Map(made.map(({ name, type, capacity }) => [
    name,
    present([
      ["port_type", type === "" ? undefined : type],
      [
        "slots_spec",
        capacity === null ? undefined : new Map<string, unknown>([
          ["type", "finite"],
          ["capacity", capacity],
        ]),
      ],
    ]),
  ]));
  for (const [name, port] of own ?? []) {
    const slots = asObject(asObject(port)?.get("slots_spec"));
    const type = asObject(port)?.get("port_type");
    ports.set(
      name,
      present([
        ["port_type", text(type) ?? text(asObject(type)?.get("name"))],
        ["slots_spec", isSlots(slots) ? picked(slots, ["type", "capacity"]) : undefined],
        ["gather", asObject(asObject(port)?.get("gather"))?.get("until") && gatherAll()],
      ]),
    );
  }
  return ports;
}

/** Whether slots are stated as they are, and not by a variable. */
function isSlots(slots: RawObject | undefined): boolean {
  return slots?.get("type") !== "finite" || typeof slots.get("capacity") === "number";
}

function gatherAll(): RawObject {
  return new Map([["until", "done"]]);
}

function sharedConditions(conditions: RawObject | undefined): RawObject | undefined {
  return conditions && new Map(
    [...conditions].map(([name, condition]) => {
      const object = asObject(condition) ?? new Map<string, unknown>();
      const shared = asObject(withKnownKeys(object))!;
      const ports = asObject(object.get("ports"));
      if (ports) shared.set("ports", new Map([...ports].map(([p, c]) => [p, withKnownKeys(c)])));
      return [name, shared];
    }),
  );
}

function withKnownKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withKnownKeys);
  const object = asObject(value);
  if (!object) return value;
  return new Map(
    [...object].filter(([key]) => CONDITION_KEYS.has(key))
      .map(([key, inner]) => [key, withKnownKeys(inner)]),
  );
}

function sharedExposed(ports: RawObject | undefined): RawObject | undefined {
  return ports && new Map(
    [...ports].map((
      [name, port],
    ) => [name, picked(asObject(port), ["internal_node", "internal_port"])]),
  );
}

/** Some members of an object; values that hold objects keep numbers, texts and flags alone. */
function picked(object: RawObject | undefined, keys: readonly string[]): RawObject {
  return present(keys.map((key) => [key, plain(object?.get(key))]));
}

function plain(value: unknown): unknown {
  const object = asObject(value);
  if (object) return new Map([...object].filter(([, inner]) => isScalar(inner)));
  return isScalar(value) ? value : undefined;
}

function isScalar(value: unknown): boolean {
  return ["string", "number", "boolean"].includes(typeof value);
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : undefined;
}

/** The members that say something. */
function present(members: readonly (readonly [string, unknown])[]): RawObject {
  return new Map(
    members.filter(([, value]) =>
      value !== undefined && value !== null && !(value instanceof Map && value.size === 0)
    ),
  );
}
