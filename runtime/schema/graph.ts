/**
 * Graphs: nodes, edges, and graphs inside of graphs.
 *
 * @module
 */
import * as z from "zod";
import { bool, choice, freeData, isRecord, mapOf, object, refined, str } from "./field.ts";
import { type NodeConfig, type NodeConfigInput, nodeConfigSchema } from "./node.ts";
import type { MapInput, VarRef, Written } from "./reference.ts";

/** An edge from an output port to an input port. */
export interface EdgeConfig {
  /** Name of the node or subgraph that it leaves. */
  source_node: string;
  /** Name of the output port. */
  source_port: string;
  /** Name of the node or subgraph that it enters. */
  target_node: string;
  /** Name of the input port. */
  target_port: string;
  /** Whether the target can ask the source to run. */
  dependency: boolean;
}

/** What may be written for an {@linkcode EdgeConfig}. */
export interface EdgeConfigInput extends Omit<EdgeConfig, "dependency"> {
  /** Whether the target can ask the source to run. */
  dependency?: boolean | undefined;
}

/** The port inside a subgraph to which a port of the subgraph leads. */
export interface ExposedPort {
  /** Name of the node or subgraph inside. */
  internal_node: string;
  /** Name of its port. */
  internal_port: string;
  /** No effect: the port is called by its key. */
  rename: string | null;
}

/** What may be written for an {@linkcode ExposedPort}. */
export interface ExposedPortInput extends Omit<ExposedPort, "rename"> {
  /** No effect: the port is called by its key. */
  rename?: string | null | undefined;
}

/** A graph in place of a node: written in place (`nodes`) or in a file of its own (`path`). */
export interface SubgraphConfig<Ref = VarRef> {
  /** Tag. */
  type: "subgraph";
  /** Its name, put before the names of its nodes. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Nodes and subgraphs; null if they are in a file. */
  nodes: (NodeConfig<Ref> | SubgraphConfig<Ref>)[] | null;
  /** The file; null if the nodes are written in place. */
  path: string | null;
  /** Edges between its nodes. */
  edges: EdgeConfig[];
  /** Input ports, by outer name. */
  exposed_in_ports: Map<string, ExposedPort>;
  /** Output ports, by outer name. */
  exposed_out_ports: Map<string, ExposedPort>;
  /** Free data, used by editors. */
  extra: Record<string, unknown>;
}

/** What may be written for a {@linkcode SubgraphConfig}. */
export interface SubgraphConfigInput extends
  Written<
    SubgraphConfig,
    "type" | "name" | "nodes" | "edges" | "exposed_in_ports" | "exposed_out_ports"
  > {
  /** Tag; may be left out where `nodes` or `path` is given. */
  type?: "subgraph" | undefined;
  /** Its name, put before the names of its nodes. */
  name: string;
  /** Nodes and subgraphs; null if they are in a file. */
  nodes?: (NodeConfigInput | SubgraphConfigInput)[] | null | undefined;
  /** Edges between its nodes. */
  edges?: EdgeConfigInput[] | undefined;
  /** Input ports, by outer name. */
  exposed_in_ports?: MapInput<ExposedPortInput> | undefined;
  /** Output ports, by outer name. */
  exposed_out_ports?: MapInput<ExposedPortInput> | undefined;
}

/** The graph of a net. */
export interface GraphConfig<Ref = VarRef> {
  /** Nodes and subgraphs, in order. */
  nodes: (NodeConfig<Ref> | SubgraphConfig<Ref>)[];
  /** Edges, in order. */
  edges: EdgeConfig[];
  /** Free data, used by editors. */
  extra: Record<string, unknown>;
}

/** What may be written for a {@linkcode GraphConfig}. */
export interface GraphConfigInput {
  /** Nodes and subgraphs, in order. */
  nodes: (NodeConfigInput | SubgraphConfigInput)[];
  /** Edges, in order. */
  edges?: EdgeConfigInput[] | undefined;
  /** Free data, used by editors. */
  extra?: Record<string, unknown> | undefined;
}

/** The schema that {@linkcode edgeConfigSchema} is, with the types that zod infers. */
export const edgeConfigInferred = object(
  "EdgeConfig",
  "An edge from an output port to an input port.",
  {
    source_node: str.describe("Name of the node or subgraph that it leaves."),
    source_port: str.describe("Name of the output port."),
    target_node: str.describe("Name of the node or subgraph that it enters."),
    target_port: str.describe("Name of the input port."),
    dependency: bool.default(false).describe("Whether the target can ask the source to run."),
  },
);

/** Schema of an {@linkcode EdgeConfig}. */
export const edgeConfigSchema: z.ZodType<EdgeConfig, EdgeConfigInput> = edgeConfigInferred;

/** The schema that {@linkcode exposedPortSchema} is, with the types that zod infers. */
export const exposedPortInferred = object(
  "ExposedPort",
  "The port inside a subgraph to which a port of the subgraph leads.",
  {
    internal_node: str.describe("Name of the node or subgraph inside."),
    internal_port: str.describe("Name of its port."),
    rename: str.nullable().default(null).describe("No effect: the port is called by its key."),
  },
);

/** Schema of an {@linkcode ExposedPort}. */
export const exposedPortSchema: z.ZodType<ExposedPort, ExposedPortInput> = exposedPortInferred;

const exposedPorts = mapOf(exposedPortSchema).default(() => new Map());

/** Whether what is written in a list of nodes is a subgraph. */
export function isSubgraphLike(value: unknown): boolean {
  if (!isRecord(value)) return false;
  if (value.type !== undefined) return value.type === "subgraph";
  return (value.nodes ?? value.path) != null;
}

/** What is neither a node nor a subgraph. */
const unknownMember = z.transform((value: unknown, context): NodeConfig => {
  const tag = (value as { type: unknown }).type;
  context.issues.push({
    code: "custom",
    path: ["type"],
    params: { code: "enum" },
    message: `must be "node" or "subgraph", got ${JSON.stringify(tag)}`,
    input: tag,
  });
  return z.NEVER;
}) as unknown as z.ZodType<NodeConfig, NodeConfigInput>;

const member: z.ZodType<NodeConfig | SubgraphConfig, NodeConfigInput | SubgraphConfigInput> =
  choice(
    [nodeConfigSchema, z.lazy(() => subgraphConfigSchema), unknownMember],
    (value) => {
      if (isSubgraphLike(value)) return 1;
      return isRecord(value) && value.type !== undefined && value.type !== "node" ? 2 : 0;
    },
    2,
  ).meta({ id: "GraphMember", description: "A node or a subgraph." });

/** The schema that {@linkcode subgraphConfigSchema} is, with the types that zod infers. */
export const subgraphConfigInferred = refined(
  object(
    "SubgraphConfig",
    "A graph in place of a node: written in place (`nodes`) or in a file of its own (`path`).",
    {
      type: z.literal("subgraph").default("subgraph").describe("Tag."),
      name: str.describe("Its name, put before the names of its nodes."),
      description: str.nullable().default(null).describe("What it is for."),
      nodes: z.array(member).nullable().default(null).describe(
        "Nodes and subgraphs; null if they are in a file.",
      ),
      path: str.nullable().default(null).describe(
        "The file; null if the nodes are written in place.",
      ),
      edges: z.array(edgeConfigSchema).default([]).describe("Edges between its nodes."),
      exposed_in_ports: exposedPorts.describe("Input ports, by outer name."),
      exposed_out_ports: exposedPorts.describe("Output ports, by outer name."),
      extra: freeData.default({}).describe("Free data, used by editors."),
    },
  ),
  {
    holds: ({ nodes, path }) => (nodes == null) !== (path == null),
    code: "subgraph_source",
    message: ({ name }) =>
      `subgraph ${JSON.stringify(name)} must have exactly one of \`nodes\` (written in place) ` +
      "and `path` (a file)",
  },
);

/** Schema of a {@linkcode SubgraphConfig}. */
export const subgraphConfigSchema: z.ZodType<SubgraphConfig, SubgraphConfigInput> =
  subgraphConfigInferred;

/** The schema that {@linkcode graphConfigSchema} is, with the types that zod infers. */
export const graphConfigInferred = object(
  "GraphConfig",
  "The graph of a net.",
  {
    nodes: z.array(member).describe("Nodes and subgraphs, in order."),
    edges: z.array(edgeConfigSchema).default([]).describe("Edges, in order."),
    extra: freeData.default({}).describe("Free data, used by editors."),
  },
);

/** Schema of a {@linkcode GraphConfig}. */
export const graphConfigSchema: z.ZodType<GraphConfig, GraphConfigInput> = graphConfigInferred;
