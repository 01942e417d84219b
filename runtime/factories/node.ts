/**
 * Writing nodes: what a module of node functions imports.
 *
 * Small on purpose, since every worker loads it.
 *
 * @example A function declared with the types of its ports
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const split = node(
 *   {
 *     in: { rows: batch(z.string(), { count: 100 }) },
 *     out: { even: z.array(z.string()), odd: z.array(z.string()) },
 *   },
 *   ({ rows }) => ({
 *     even: rows.filter((_, i) => i % 2 === 0),
 *     odd: rows.filter((_, i) => i % 2 === 1),
 *   }),
 * );
 * assertEquals(split.length, 1);
 * ```
 *
 * @module
 */
import type * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import type { NodeConfigInput } from "../schema/node.ts";
import type { PacketId } from "../../sim/action.ts";
import type {
  AnyPort,
  BatchPort,
  InputPort,
  OptionalPort,
  OutputPort,
  PreCreatedPort,
} from "./port_spec.ts";

export type { NodeExecutionContext, NodeFunction } from "../execution/node_execution_context.ts";
export type { NodeFuncs } from "./protocol.ts";
export type {
  AnyPort,
  BatchOptions,
  BatchPort,
  InputPort,
  OptionalPort,
  OutputPort,
  PreCreatedPort,
} from "./port_spec.ts";
export { any, batch, optional, preCreated } from "./port_spec.ts";
export {
  HTTPError,
  httpError,
  type HTTPErrorDetails,
  NonRetryableError,
  RetryAfterError,
} from "./error.ts";

/** Under this key a function made by {@linkcode node} holds its declaration. */
export const NODE_DECLARATION: unique symbol = Symbol.for("netrun.node");

/**
 * Parameter type of a function: all waiting packets of the port, as an array.
 *
 * `Batch<T, 5>` takes at most five, `Batch<T, 5, 5>` waits for five, `Batch<T, "done">` waits until
 * nothing upstream is left to do.
 */
export type Batch<T, Count extends number | "done" = number, WaitFor extends number = number> =
  Count extends number | "done" ? WaitFor extends number ? T[] : never : never;

/** Result type of a function: one port `out`, whatever `T` is. */
export type Out<T> = T;

/** Result type of a function: a port for each member of `T`; what is left out sends nothing. */
export type Outputs<T> = { [Port in keyof T]?: T[Port] | undefined };

/** Result type of a function: the id of a packet that it made itself, with a value of type `T`. */
export type PreCreatedPacket<T = unknown> = T extends unknown ? PacketId : never;

/** Value that a function gets from an input port. */
export type InputValue<Port> = Port extends BatchPort<infer T, infer _> ? T[]
  : Port extends OptionalPort<infer Schema>
    ? undefined extends z.input<Schema> ? z.output<Schema> : z.output<Schema> | undefined
  : Port extends AnyPort<infer T> ? T
  : Port extends z.ZodType ? z.output<Port>
  : never;

/** Value that a function returns for an output port. */
export type OutputValue<Port> = Port extends PreCreatedPort<infer T> ? PreCreatedPacket<T>
  : Port extends AnyPort<infer T> ? T
  : Port extends z.ZodType ? z.input<Port>
  : never;

/** What a declared function gets: the values of its input ports by name. */
export type InputValues<In> = { [Port in keyof In]: InputValue<In[Port]> };

/** What a declared function returns: one value, or the values of its output ports by name. */
export type OutputValues<Outs> = Outs extends OutputPort ? OutputValue<Outs>
  : { [Port in keyof Outs]: OutputValue<Outs[Port]> };

/**
 * What a function may send at a time: the value of its only port, or nothing; or the values of some
 * of its ports by name, where a member left out, or undefined, sends nothing.
 */
export type Sendable<Outs, Manual = false> = Manual extends true ? void
  : Outs extends OutputPort ? OutputValue<Outs> | void
  : keyof Outs extends never ? void
  : { [Port in keyof Outs]?: OutputValue<Outs[Port]> | undefined };

/** What a function may return: what it sends, now or later, once or again and again. */
export type NodeResult<Value> =
  | Value
  | Promise<Value>
  | Generator<Value, Value | void>
  | AsyncGenerator<Value, Value | void>
  | AsyncIterable<Value>
  | ReadableStream<Value>;

/** Declaration of a node. */
export interface NodeSpec<
  In extends Record<string, InputPort> = Record<string, InputPort>,
  Outs extends OutputPort | Record<string, OutputPort> =
    | OutputPort
    | Record<string, OutputPort>,
  Manual extends boolean = boolean,
> {
  /** Input ports, in order. */
  in?: In;
  /** Output ports, in order; or one schema for a single port `out`. None if absent. */
  out?: Outs;
  /** Name of the node, for where the configuration gives none. */
  name?: string;
  /** What the node does, in Markdown. */
  description?: string;
  /** Further fields of the node, merged over what follows from the rest. */
  nodeConfig?: NodeConfigInput | string;
  /** The function sends its output by `ctx` and returns nothing. */
  manualOutput?: Manual;
  /** The function is a generator, and each value goes on its way as soon as it is yielded. */
  stream?: boolean;
}

/** Input and output ports as declared. */
export interface DeclaredPorts<In, Outs> {
  /** Input ports. */
  readonly in: In;
  /** Output ports; or one schema for a single port `out`. */
  readonly out: Outs;
}

/** A declaration as a function's type knows it. */
export interface Declaration<Values = unknown, Ports = unknown> extends NodeSpec {
  /** Never there; carries the type of the output value or of the output values by port. */
  readonly values?: Values;
  /** Never there; carries the types of the ports, where they are known. */
  readonly ports?: Ports;
}

/**
 * A function made by {@linkcode node}: `In` are its input values by port, `Values` its output value
 * or its output values by port. Modules published on JSR state this type.
 *
 * What `node()` returns also knows the ports exactly as declared (`Ports`): the compiler then finds
 * wrong edges in nets that are built in TypeScript.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const half: NodeFn<{ value: number }, number> = node(
 *   { in: { value: z.number() }, out: z.number() },
 *   ({ value }) => value / 2,
 * );
 * assertEquals(typeof half, "function");
 * ```
 */
export type NodeFn<In, Values, Result = NodeResult<Sent<Values> | void>, Ports = unknown> = {
  (inputs: In, ctx: NodeExecutionContext): Result;
  /** The declaration. */
  readonly [NODE_DECLARATION]?: Declaration<Values, Ports>;
};

/** All of the values by port, or some of them; any other value as it is. */
export type Sent<Values> = Values extends readonly unknown[] ? Values
  : Values extends object ? { [Port in keyof Values]?: Values[Port] | undefined }
  : Values;

/**
 * Declares what ports a function has, instead of having them read from its source.
 *
 * The values are checked against the schemas, and the function gets what they make of them, so that
 * defaults and transformations count. The declaration survives bundlers, minifiers and `bind`.
 *
 * @param spec Ports, texts and how output is sent.
 * @param fn Called as `fn(inputs, ctx)`, with the values of the input ports by name.
 * @returns `fn` itself.
 * @throws {TypeError} If `fn` is no function.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import * as z from "zod";
 *
 * const greet = node(
 *   { in: { name: z.string(), greeting: z.string().default("Hello") }, out: z.string() },
 *   ({ name, greeting }) => `${greeting}, ${name}!`,
 * );
 * assertEquals(Object.keys(greet), []);
 * ```
 */
export function node<
  const In extends Record<string, InputPort> = Record<never, never>,
  const Outs extends OutputPort | Record<string, OutputPort> = Record<never, never>,
  const Manual extends boolean = false,
  Result extends NodeResult<Sendable<Outs, Manual>> = NodeResult<Sendable<Outs, Manual>>,
>(
  spec: NodeSpec<In, Outs, Manual>,
  fn: (inputs: InputValues<In>, ctx: NodeExecutionContext) => Result,
): NodeFn<InputValues<In>, OutputValues<Outs>, Result, DeclaredPorts<In, Outs>> {
  if (typeof fn !== "function") {
    throw new TypeError(`Cannot declare a node: the second argument must be a function, got ${fn}`);
  }
  return Object.defineProperty(fn, NODE_DECLARATION, { value: spec });
}

/** The declaration of a function made by {@linkcode node}; undefined for any other value. */
export function declarationOf(fn: unknown): NodeSpec | undefined {
  return typeof fn === "function" && Object.hasOwn(fn, NODE_DECLARATION)
    ? (fn as unknown as { [NODE_DECLARATION]: NodeSpec })[NODE_DECLARATION]
    : undefined;
}
