/**
 * What a function is as a node: where its arguments come from and where its result goes.
 *
 * @module
 */
import type * as z from "zod";
import type { CallArgument, SourceLocation } from "../modules/signature.ts";
import type { PortType } from "../schema/port.ts";

/** How many packets of a port an epoch takes. */
export interface BatchPlan {
  /** At most so many; all that wait if absent. */
  count?: number;
  /** Only when at least so many wait. */
  waitFor?: number;
  /** Only when nothing upstream is left to do. */
  until?: "done";
  /** With `until`: also with no packet at all. */
  empty?: boolean;
  /** Take what waits, however few, so many seconds after the first came. */
  maxWait?: number;
}

/** A port of the node. */
export interface PortPlan {
  /** Name of the port. */
  port: string;
  /** Type of its values; null: anything. */
  type: PortType | null;
  /** What values are checked against and made of, for a port declared with a schema. */
  schema?: z.ZodType;
  /** What the doc comment says about it. */
  description?: string;
}

/** An input port. */
export interface InputPlan extends PortPlan {
  /** Without an edge nobody waits for it. */
  optional: boolean;
  /** The function gets an array of values; absent: it gets one value. */
  batch?: BatchPlan;
}

/** An output port. */
export interface OutputPlan extends PortPlan {
  /** The function hands over the id of a packet that it made itself. */
  preCreated: boolean;
}

/** How the result is routed. */
export type ResultPlan =
  /** Nowhere. */
  | { kind: "none" }
  /** As it is, through one port. */
  | { kind: "single"; output: OutputPlan }
  /** Member by member of a plain object. */
  | { kind: "object"; outputs: OutputPlan[] }
  /** Element by element of an array, in the order of the ports. */
  | { kind: "tuple"; outputs: OutputPlan[] };

/** A function as a node. */
export interface FunctionPlan {
  /** The function as the configuration names it. */
  ref: string;
  /** Name of the node, for where the configuration gives none. */
  name: string;
  /** What the node does. */
  description?: string;
  /** Input ports, in order. */
  inputs: InputPlan[];
  /** How to call the function. */
  arguments: CallArgument[];
  /** What becomes of its result. */
  result: ResultPlan;
  /** Each value that the result yields is routed by itself. */
  yields: boolean;
  /** The function sends its output by `ctx`. */
  manualOutput: boolean;
  /** What is yielded goes on its way at once. */
  stream: boolean;
  /** What the function states about its node: config objects or TOML texts, the later over the former. */
  nodeConfigs: unknown[];
  /** Where the function is written, if known. */
  location?: SourceLocation;
}

/** Output ports of a result, in order. */
export function outputsOf(result: ResultPlan): OutputPlan[] {
  if (result.kind === "none") return [];
  return result.kind === "single" ? [result.output] : result.outputs;
}
