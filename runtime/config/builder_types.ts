/**
 * The ports of nodes as the builder's types know them.
 *
 * @module
 */

/** Port types by port name, of both sides of a node. */
export interface NodePorts {
  /** Input ports. */
  in: object;
  /** Output ports. */
  out: object;
}

/** Ports of any name, of nodes whose factory is not known to the compiler. */
export interface AnyPorts {
  /** Port types by name. */
  [port: string]: unknown;
}

/** The type of a port's values as stated. */
export type StatedType<Port> = Port extends { readonly port_type: infer Type } ? Type : null;

/** The ports that a node states on one side. */
export type StatedPorts<Config, Key extends "in_ports" | "out_ports"> = Config extends
  { readonly [Side in Key]: infer Ports } ? Ports extends ReadonlyMap<string, unknown> ? AnyPorts
  : { [Port in keyof Ports]: StatedType<Ports[Port]> }
  : Record<never, never>;

/** The items of a list in the node's execution settings. */
export type ListedIn<Config, Key extends string> = Config extends
  { readonly execution_config: { readonly [Name in Key]: infer List } }
  ? List extends readonly (infer Item extends string)[] ? Item : never
  : never;

/** The node's error port. */
export type ErrorPort<Config> = Config extends
  { readonly execution_config: { readonly error_port: infer Port extends string } } ? Port
  : never;

/** Names of the factory that copies packets. */
export type BroadcastName =
  | "netrun:broadcast"
  | "netrun.node_factories.broadcast";

/** Names of the factory that waits for a packet on every port. */
export type JoinName = "netrun:join" | "netrun.node_factories.join";

/** `Prefix_0`, `Prefix_1`, … */
export type NumberedPorts<
  Prefix extends string,
  Count,
  Names extends string[] = [],
> = Count extends number ? number extends Count ? { [Name in `${Prefix}_${number}`]: null }
  : Names["length"] extends Count ? { [Name in Names[number]]: null }
  : Names["length"] extends 100 ? { [Name in `${Prefix}_${number}`]: null }
  : NumberedPorts<Prefix, Count, [...Names, `${Prefix}_${Names["length"]}`]>
  : never;

/** An argument of the node's factory, or its default. */
export type FactoryArg<Config, Key extends string, Default> = Config extends
  { readonly factory_args: { readonly [Name in Key]: infer Value } } ? Value : Default;

/** The input ports of a join. */
export type JoinedPorts<Ports> = Ports extends readonly (infer Name extends string)[]
  ? { [Port in Name]: null }
  : { [Port in keyof Ports]: null };

/** The ports that the node's factory makes. */
export type FactoryPorts<Config> = Config extends { readonly factory: infer Factory }
  ? Factory extends BroadcastName ? {
      in: NumberedPorts<"in", FactoryArg<Config, "num_inputs", 1>>;
      out: NumberedPorts<"out", FactoryArg<Config, "num_outputs", 2>>;
    }
  : Factory extends JoinName
    ? { in: JoinedPorts<FactoryArg<Config, "ports", ["a", "b"]>>; out: { out: null } }
  : Factory extends null | undefined ? NodePorts
  : { in: AnyPorts; out: AnyPorts }
  : { in: Record<never, never>; out: Record<never, never> };

/** All ports of a node. */
export interface PortsOfNode<Config> {
  /** Input ports. */
  in:
    & FactoryPorts<Config>["in"]
    & StatedPorts<Config, "in_ports">
    & { [Type in ListedIn<Config, "controls"> as `__control_${Type}__`]: null };
  /** Output ports. */
  out:
    & FactoryPorts<Config>["out"]
    & StatedPorts<Config, "out_ports">
    & { [Type in ListedIn<Config, "signals"> as `__signal_${Type}__`]: null }
    & { [Port in ErrorPort<Config>]: null };
}

/** A node and one of its ports. */
export type PortIn<Nodes, Side extends "in" | "out"> = {
  [Node in keyof Nodes & string]: Nodes[Node] extends { [Key in Side]: infer Ports }
    ? readonly [node: Node, port: keyof Ports & string]
    : never;
}[keyof Nodes & string];

/** The ports of a subgraph by name, each with the node and port inside. */
export interface SubgraphPorts<Nodes> {
  /** Input ports. */
  in?: { readonly [outer: string]: PortIn<Nodes, "in"> };
  /** Output ports. */
  out?: { readonly [outer: string]: PortIn<Nodes, "out"> };
}

/** The types of the ports that one side of a subgraph exposes. */
export type ExposedTypes<Nodes, Ports, Side extends "in" | "out"> = Ports extends
  { readonly [Key in Side]: infer Exposed }
  ? { [Outer in keyof Exposed]: InnerType<Nodes, Exposed[Outer], Side> }
  : Record<never, never>;

/** The type of a port inside. */
export type InnerType<Nodes, Port, Side extends "in" | "out"> = Port extends
  readonly [infer Node extends keyof Nodes, infer Name]
  ? Nodes[Node] extends { [Key in Side]: infer Ports }
    ? Name extends keyof Ports ? Ports[Name] : null
  : null
  : null;

/** The ports of a subgraph. */
export interface PortsOfSubgraph<Nodes, Ports> {
  /** Input ports. */
  in: ExposedTypes<Nodes, Ports, "in">;
  /** Output ports. */
  out: ExposedTypes<Nodes, Ports, "out">;
}
