/**
 * How `node()` declares ports.
 *
 * @module
 */
import type * as z from "zod";

/** Packets of any value. */
export interface AnyPort<T = unknown> {
  /** Tag. */
  readonly port: "any";
  /** Never there; carries the type of the values. */
  readonly valueType?: T;
}

/**
 * An input port of which several packets are taken at a time: they hold values of type `Input`, of
 * which the function gets what the schema makes, `T`.
 */
export interface BatchPort<T = unknown, Input = unknown> {
  /** Tag. */
  readonly port: "batch";
  /** What each value is checked against. */
  readonly schema?: z.ZodType<T, Input>;
  /** At most so many packets; all that wait if absent. */
  readonly count?: number;
  /** Only when at least so many wait. */
  readonly waitFor?: number;
  /** Only when nothing upstream is left to do. */
  readonly until?: "done";
  /** With `until`: also with no packet at all. */
  readonly empty?: boolean;
  /** Take what waits, however few, so many seconds after the first came. */
  readonly maxWait?: number;
  /** Never there; carries the type of what the function gets. */
  readonly valueType?: T;
  /** Never there; carries the type of what the packets hold. */
  readonly inputType?: Input;
}

/** An input port that may stay unconnected. */
export interface OptionalPort<Schema extends z.ZodType = z.ZodType> {
  /** Tag. */
  readonly port: "optional";
  /** What the value is checked against. */
  readonly schema: Schema;
}

/** An output port for packets that the function makes itself, by `ctx.createPacket…`. */
export interface PreCreatedPort<T = unknown> {
  /** Tag. */
  readonly port: "preCreated";
  /** What their values are checked against. */
  readonly schema?: z.ZodType<unknown, T>;
  /** Never there; carries the type of the values. */
  readonly valueType?: T;
}

/** Declaration of an input port. */
export type InputPort = z.ZodType | AnyPort<unknown> | BatchPort<unknown> | OptionalPort;

/** Declaration of an output port. */
export type OutputPort = z.ZodType | AnyPort<unknown> | PreCreatedPort<unknown>;

/** How a {@linkcode batch} is taken. */
export type BatchOptions =
  /** At most `count` packets; not before `waitFor` wait, or `maxWait` seconds are over. */
  | { count?: number; waitFor?: number; maxWait?: number }
  /** Everything, when nothing upstream is left to do; with `empty` also if that is nothing. */
  | { until: "done"; empty?: boolean };

/**
 * A port for packets of any value: nothing is checked.
 *
 * @example
 * ```ts
 * import { node } from "@netrun/netrun/node";
 *
 * export const size = node(
 *   { in: { value: any<string | unknown[]>() }, out: any<number>() },
 *   ({ value }) => value.length,
 * );
 * ```
 */
export function any<T = unknown>(): AnyPort<T> {
  return { port: "any" };
}

/**
 * An input port of which all waiting packets are taken at a time: the function gets an array.
 *
 * @param schema What each value is checked against; absent: nothing is checked.
 * @param options How many packets, and when.
 */
export function batch<T = unknown, Input = T>(
  schema?: z.ZodType<T, Input>,
  options?: BatchOptions,
): BatchPort<T, Input> {
  return { port: "batch", ...(schema === undefined ? {} : { schema }), ...options };
}

/**
 * An input port that may stay unconnected: the function then gets `undefined`, or what the schema
 * has as its default.
 */
export function optional<Schema extends z.ZodType>(schema: Schema): OptionalPort<Schema> {
  return { port: "optional", schema };
}

/**
 * An output port for packets that the function makes itself: it returns their ids, from
 * `ctx.createPacket` or `ctx.createPacketFromValueFunc`.
 */
export function preCreated<T = unknown>(schema?: z.ZodType<unknown, T>): PreCreatedPort<T> {
  return { port: "preCreated", ...(schema === undefined ? {} : { schema }) };
}
