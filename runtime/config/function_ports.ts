/**
 * The ports that a function has as a node, as the compiler knows them.
 *
 * @module
 */
import type * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import type { Declaration, DeclaredPorts, NODE_DECLARATION } from "../factories/node.ts";
import type { AnyPort, BatchPort, OptionalPort, PreCreatedPort } from "../factories/port_spec.ts";

/** Ports of any name, of nodes whose ports are not known to the compiler. */
export interface AnyPorts {
  /** Port types by name. */
  [port: string]: unknown;
}

/** Type of a port of which the compiler knows the values. */
export interface Holding<Value> {
  /** The type of its values. */
  readonly holds: Value;
}

/** What packets at a declared input port hold: what its schema takes. */
export type TakenBy<Port> = Port extends BatchPort<infer _, infer Value> ? Holding<Value>
  : Port extends OptionalPort<infer Schema> ? Holding<z.input<Schema>>
  : Port extends AnyPort<infer Value> ? Holding<Value>
  : Port extends z.ZodType ? Holding<z.input<Port>>
  : null;

/** What packets of a declared output port hold: what its schema makes. */
export type MadeBy<Port> = Port extends PreCreatedPort<infer Value> ? Holding<Value>
  : Port extends AnyPort<infer Value> ? Holding<Value>
  : Port extends z.ZodType ? Holding<z.output<Port>>
  : null;

/** The output ports of a declaration: those named, or `out` for a single one. */
export type DeclaredOutPorts<Outs> = Outs extends z.ZodType | { readonly port: string }
  ? { out: MadeBy<Outs> }
  : { [Port in keyof Outs]: MadeBy<Outs[Port]> };

/**
 * The input ports of a function whose type is stated as `NodeFn`. An array may be that of a batch, or
 * one value.
 */
export type StatedInPorts<In> = {
  [Port in keyof In]: In[Port] extends readonly (infer Item)[] ? Holding<In[Port] | Item>
    : Holding<In[Port]>;
};

/**
 * The output ports of a function whose type is stated as `NodeFn`. An object may be that of its
 * ports, or the one value of `out`.
 */
export type StatedOutPorts<Values> = Values extends BuiltInObject ? { out: Holding<Values> }
  : Values extends object ?
      & Omit<{ out: Holding<Values> }, keyof Values>
      & { [Port in keyof Values]: Holding<Values[Port]> }
  : { out: Holding<Values> };

/** Objects that are one value and never stand for ports. */
export type BuiltInObject =
  | readonly unknown[]
  | ((...args: never[]) => unknown)
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | Date
  | RegExp
  | Error
  | URL
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream;

/** Names of parameters that are no ports. */
export type ReservedName = "ctx" | "print" | "log";

/**
 * The input ports of a function that is not declared: the members of its only parameter, if that is an
 * object. The names of other parameters are no part of its type.
 */
export type ParameterPorts<Parameters> = Parameters extends readonly [] ? Record<never, never>
  : Parameters extends readonly [infer Values, context?: NodeExecutionContext]
    ? 0 extends 1 & Values ? AnyPorts
    : NodeExecutionContext extends Values
      ? Values extends NodeExecutionContext ? Record<never, never> : AnyPorts
    : Values extends BuiltInObject ? AnyPorts
    : Values extends object ? {
        [Port in Exclude<keyof Values, ReservedName>]-?: Holding<Exclude<Values[Port], undefined>>;
      }
    : AnyPorts
  : AnyPorts;

/** The output port of a function that is not declared. */
export type ResultPorts<Result> = 0 extends 1 & Result ? { out: null }
  : Awaited<Result> extends Generator<infer Value> | AsyncGenerator<infer Value>
    ? { out: Holding<Value> }
  : Awaited<Result> extends void ? Record<never, never>
  : { out: Holding<Exclude<Awaited<Result>, undefined | void>> };

/** The ports of a function. */
export type FunctionPorts<Fn> = typeof NODE_DECLARATION extends keyof Fn
  ? NonNullable<Fn[typeof NODE_DECLARATION]> extends Declaration<infer Values, infer Ports>
    ? Ports extends DeclaredPorts<infer In, infer Outs>
      ? { in: { [Port in keyof In]: TakenBy<In[Port]> }; out: DeclaredOutPorts<Outs> }
    : Fn extends (inputs: infer In, ...rest: never[]) => unknown
      ? { in: StatedInPorts<In>; out: StatedOutPorts<Values> }
    : { in: AnyPorts; out: AnyPorts }
  : { in: AnyPorts; out: AnyPorts }
  : Fn extends (...args: infer Parameters) => infer Result
    ? { in: ParameterPorts<Parameters>; out: ResultPorts<Result> }
  : { in: AnyPorts; out: AnyPorts };
