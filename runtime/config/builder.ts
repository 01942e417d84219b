/**
 * Building nets in TypeScript, with wrong names and unfit edges found by the compiler.
 *
 * @module
 */
import type { EdgeConfigInput } from "../schema/graph.ts";
import type { NetConfigInput } from "../schema/net.ts";
import type { AnyFunction, NodeConfigInput } from "../schema/node.ts";
import type {
  FunctionNode,
  NodePorts,
  PortsOfNode,
  PortsOfSubgraph,
  SubgraphPorts,
} from "./builder_types.ts";
import type { Fits } from "./port_value.ts";
import { NetConfig, type ParseOptions } from "./net_config.ts";

/** Everything of a net but its graph. */
export type NetSettings = Omit<NetConfigInput, "graph" | "output_queues">;

/** A node as the builder takes it: as in a file, but for the name. */
export type NodeSettings = Omit<NodeConfigInput, "name">;

/** What can be said of a node that a function makes: the factory is `netrun:function`. */
export interface FunctionNodeSettings extends Omit<NodeSettings, "factory" | "factory_args"> {
  /** Arguments of the factory beside the function. */
  factory_args?: { include_port_types?: boolean; manual_output?: boolean; stream?: boolean };
}

/** The nodes of a builder by name, with their ports. */
export type BuilderNodes = { [name: string]: NodePorts };

/**
 * A net in the making. Its type knows the nodes and ports added so far.
 *
 * Every method adds to this builder and returns it under its new type, so calls are chained.
 *
 * @typeParam Nodes The nodes by name, with their ports.
 */
export class NetBuilder<Nodes extends BuilderNodes = Record<never, never>> {
  readonly #settings: NetSettings;
  readonly #nodes: NetConfigInput["graph"]["nodes"] = [];
  readonly #edges: EdgeConfigInput[] = [];
  readonly #queues = new Map<string, { ports: [string, string][] }>();

  /** Use {@linkcode buildNet}. */
  constructor(settings: NetSettings) {
    this.#settings = settings;
  }

  /**
   * Adds a node that a function makes, as the factory netrun:function does.
   *
   * The ports of a function declared by `node()` are known with the types of its schemas. Of any other
   * function they are the members of its only parameter, if that is an object, and `out`; functions
   * with other parameters are checked when the net is resolved.
   *
   * @param name A name that no other node has.
   * @param fn The function.
   * @param config What else is said of the node, as in a file.
   */
  node<
    const Name extends string,
    Fn extends AnyFunction,
    const Config extends FunctionNodeSettings = Record<never, never>,
  >(
    name: Name extends keyof Nodes ? never : Name,
    fn: Fn,
    config?: Config & { [Key in Exclude<keyof Config, keyof FunctionNodeSettings>]: never },
  ): NetBuilder<Nodes & { [Key in Name]: PortsOfNode<FunctionNode<Fn, Config>> }>;
  /**
   * Adds a node.
   *
   * Its ports are those stated, those of literal signals, controls and `error_port`, and those that a
   * built-in factory makes of literal arguments. The ports of other factories, and of functions that
   * are named instead of given, are not known here: edges to them are checked when the net is
   * resolved.
   *
   * @param name A name that no other node has.
   * @param config The node, as in a file.
   */
  node<const Name extends string, const Config extends NodeSettings>(
    name: Name extends keyof Nodes ? never : Name,
    config: Config & { [Key in Exclude<keyof Config, keyof NodeSettings>]: never },
  ): NetBuilder<Nodes & { [Key in Name]: PortsOfNode<Config> }>;
  node(name: string, first: AnyFunction | NodeSettings, rest: FunctionNodeSettings = {}): unknown {
    const config: NodeSettings = typeof first === "function"
      ? { ...rest, factory: "netrun:function", factory_args: { ...rest.factory_args, func: first } }
      : first;
    this.#nodes.push({ ...config, name });
    return this;
  }

  /**
   * Adds another net as a subgraph.
   *
   * @param name A name that no other node has.
   * @param inner The net inside; only its nodes and edges count.
   * @param ports The ports of the subgraph by name, each with the node and port inside.
   */
  subgraph<
    const Name extends string,
    Inner extends BuilderNodes,
    const Ports extends SubgraphPorts<Inner>,
  >(
    name: Name extends keyof Nodes ? never : Name,
    inner: NetBuilder<Inner>,
    ports: Ports,
  ): NetBuilder<Nodes & { [Key in Name]: PortsOfSubgraph<Inner, Ports> }> {
    const exposed = (side: Readonly<Record<string, readonly [string, string]>> = {}) =>
      new Map(
        Object.entries(side).map(([outer, [internal_node, internal_port]]) =>
          [outer, { internal_node, internal_port }] as const
        ),
      );
    this.#nodes.push({
      type: "subgraph",
      name,
      nodes: [...inner.#nodes],
      edges: [...inner.#edges],
      exposed_in_ports: exposed(ports.in),
      exposed_out_ports: exposed(ports.out),
    });
    return this as unknown as NetBuilder<Nodes & { [Key in Name]: PortsOfSubgraph<Inner, Ports> }>;
  }

  /**
   * Adds an edge.
   *
   * @param source Name of the node that it leaves.
   * @param sourcePort Its output port.
   * @param target Name of the node that it enters.
   * @param targetPort Its input port, of a type that takes the values of the output port.
   * @param options Whether the target can ask the source to run.
   */
  edge<
    Source extends keyof Nodes & string,
    SourcePort extends keyof Nodes[Source]["out"] & string,
    Target extends keyof Nodes & string,
    TargetPort extends keyof Nodes[Target]["in"] & string,
  >(
    source: Source,
    sourcePort: SourcePort,
    target: Target,
    targetPort: Fits<
      Nodes[Source]["out"][SourcePort],
      Nodes[Target]["in"][TargetPort],
      TargetPort
    >,
    options: { dependency?: boolean } = {},
  ): this {
    this.#edges.push({
      source_node: source,
      source_port: sourcePort,
      target_node: target,
      target_port: targetPort as string,
      dependency: options.dependency ?? false,
    });
    return this;
  }

  /**
   * Adds a port to an output queue, which is made if there is none of that name.
   *
   * Without any queue, every output port without an edge gets one of its own.
   */
  queue<Node extends keyof Nodes & string, Port extends keyof Nodes[Node]["out"] & string>(
    queue: string,
    node: Node,
    port: Port,
  ): this {
    const ports = this.#queues.get(queue)?.ports ?? [];
    this.#queues.set(queue, { ports: [...ports, [node, port]] });
    return this;
  }

  /** The net as data, as it can stand in a file. */
  toData(): NetConfigInput {
    const data: NetConfigInput = {
      ...this.#settings,
      graph: { nodes: [...this.#nodes], edges: [...this.#edges] },
    };
    return this.#queues.size === 0 ? data : { ...data, output_queues: new Map(this.#queues) };
  }

  /**
   * The configuration, the same as a file with this data gives.
   *
   * @throws {ConfigSchemaError} If something in it is not as it must be.
   */
  toConfig(options: ParseOptions = {}): NetConfig {
    return NetConfig.parse(this.toData(), options);
  }
}

/**
 * Starts building a net.
 *
 * @param settings Everything but nodes, edges and queues, as in a file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const config = buildNet({ retries: 1 })
 *   .node("count", { out_ports: { out: { port_type: "int" } } })
 *   .node("tee", { factory: "netrun:broadcast", factory_args: { num_outputs: 2 } })
 *   .node("print", { in_ports: { n: { port_type: "float" } } })
 *   .edge("count", "out", "tee", "in_0")
 *   .edge("tee", "out_1", "print", "n")
 *   .queue("rest", "tee", "out_0")
 *   .toConfig();
 * const resolved = await config.resolve();
 * assertEquals(resolved.validate(), []);
 * assertEquals(resolved.data.graph.edges.length, 2);
 * ```
 */
export function buildNet(settings: NetSettings = {}): NetBuilder {
  return new NetBuilder(settings);
}
