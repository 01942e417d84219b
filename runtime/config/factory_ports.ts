/**
 * The ports that a built-in factory makes of literal arguments, as the compiler knows them.
 *
 * @module
 */
import type { AnyPorts, FunctionPorts } from "./function_ports.ts";

/** An argument of a factory, or its default. */
export type FactoryArg<Args, Key extends string, Default> = Args extends
  { readonly [Name in Key]: infer Value } ? Value : Default;

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

/** Ports named by a list, or by the keys of an object. */
export type NamedPorts<Names> = Names extends ReadonlyMap<unknown, unknown> ? AnyPorts
  : Names extends readonly (infer Name extends string)[] ? { [Port in Name]: null }
  : { [Port in keyof Names]: null };

/** A port, if there is an argument. */
export type PortIf<Args, Key extends string, Port extends string> = Key extends keyof Args
  ? { [Name in Port]: null }
  : Record<never, never>;

/** The ports that each built-in factory makes, by the name after `netrun:`. */
export interface BuiltInPorts<Args> {
  /** Those of the function. */
  function: FunctionPorts<FactoryArg<Args, "func", string>>;
  /** The same under the name that other versions use. */
  from_function: FunctionPorts<FactoryArg<Args, "func", string>>;
  /** As many as asked for. */
  broadcast: {
    in: NumberedPorts<"in", FactoryArg<Args, "num_inputs", 1>>;
    out: NumberedPorts<"out", FactoryArg<Args, "num_outputs", 2>>;
  };
  /** Inputs as named. */
  join: {
    in: NamedPorts<FactoryArg<Args, "ports", ["a", "b"]>>;
    out: { out: null } & PortIf<Args, "by", "unmatched">;
  };
  /** An input only if the file is not stated. */
  read: {
    in: "path" extends keyof Args ? Record<never, never> : { path: "string" };
    out: { out: null };
  };
  /** One input. */
  write: { in: { in: null }; out: Record<never, never> };
  /** Inputs as named. */
  command: {
    in: NamedPorts<FactoryArg<Args, "inputs", ["in"]>>;
    out:
      & { out: null }
      & (false extends FactoryArg<Args, "check", true> ? { status: null } : unknown);
  };
}

/** The arguments that a node states. */
export type ArgsOf<Config> = Config extends { readonly factory_args: infer Args } ? Args
  : Record<never, never>;

/** The ports that the node's factory makes. */
export type FactoryPorts<Config> = Config extends { readonly factory: infer Factory }
  ? Factory extends `netrun:${infer Name}` | `netrun.node_factories.${infer Name}`
    ? Name extends keyof BuiltInPorts<unknown> ? BuiltInPorts<ArgsOf<Config>>[Name]
    : { in: AnyPorts; out: AnyPorts }
  : { in: AnyPorts; out: AnyPorts }
  : { in: Record<never, never>; out: Record<never, never> };
