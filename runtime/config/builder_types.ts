/**
 * The ports of nodes as the builder's types know them.
 *
 * @module
 */
import type { FactoryPorts } from "./factory_ports.ts";
import type { AnyPorts } from "./function_ports.ts";

/** Port types by port name, of both sides of a node. */
export interface NodePorts {
  /** Input ports. */
  in: object;
  /** Output ports. */
  out: object;
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

/**
 * Ports that a factory makes together with those that the node states: a stated type counts, and
 * without one that of the factory.
 */
export type MergedPorts<Made, Stated> = string extends keyof Made ? Made & Stated
  :
    & Omit<Made, keyof Stated>
    & {
      [Port in keyof Stated]: Stated[Port] extends null
        ? Port extends keyof Made ? Made[Port] : null
        : Stated[Port];
    };

/** A node that a function makes, with what is stated besides. */
export type FunctionNode<Fn, Config> = Config & {
  readonly factory: "netrun:function";
  readonly factory_args: { readonly func: Fn };
};

/** All ports of a node. */
export interface PortsOfNode<Config> {
  /** Input ports. */
  in:
    & MergedPorts<FactoryPorts<Config>["in"], StatedPorts<Config, "in_ports">>
    & { [Type in ListedIn<Config, "controls"> as `__control_${Type}__`]: null };
  /** Output ports. */
  out:
    & MergedPorts<FactoryPorts<Config>["out"], StatedPorts<Config, "out_ports">>
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
