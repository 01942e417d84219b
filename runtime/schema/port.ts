/**
 * Ports: how many packets they hold and what values they take.
 *
 * @module
 */
import * as z from "zod";
import {
  bool,
  choice,
  closedObject,
  float,
  int,
  isRecord,
  object,
  refined,
  str,
  v,
} from "./field.ts";
import type { VarRef, Written } from "./reference.ts";

/** Any number of packets. */
export interface InfiniteSlots {
  /** Tag. */
  type: "infinite";
}

/** At most `capacity` packets. */
export interface FiniteSlots<Ref = VarRef> {
  /** Tag. */
  type: "finite";
  /** Number of packets, 0 or more. */
  capacity: number | Ref;
}

/** How many packets a port holds. */
export type SlotsSpec<Ref = VarRef> = InfiniteSlots | FiniteSlots<Ref>;

/** The type of a port's values, stated as an object. */
export interface PortTypeSpec {
  /** Type expression, or the name to show. */
  name: string;
  /** Also accept instances of subclasses. */
  isinstance_check?: boolean;
  /** In memory only: show the name, check nothing. */
  unchecked?: boolean;
  /** In memory only: what to check, where `name` alone does not say it. */
  type?: unknown;
  /** In memory only: the JSON Schema of a port declared with a zod schema. */
  schema?: unknown;
}

/** A class, as a port type in code: values must be instances of it. */
// deno-lint-ignore ban-types
export type PortTypeClass = Function & { prototype: unknown };

/** A zod schema or what looks like one, as a port type in code: values are parsed with it. */
export interface PortTypeParser {
  /** Checks a value. */
  safeParse(value: unknown): unknown;
}

/** The type of a port's values; null accepts everything. */
export type PortType = string | PortTypeSpec | PortTypeClass | PortTypeParser;

/** Fires when everything upstream is done. */
export interface GatherUntilDone {
  /** Wait until nothing upstream can send any more. */
  until: "done";
  /** Also fire once, perhaps with nothing, when a run ends without the condition having fired. */
  empty: boolean;
}

/** Fires at the latest some time after the port became non-empty. */
export interface GatherMaxWait {
  /** Seconds after which what waits is taken though a count is not reached. */
  max_wait: number;
}

/** When an input port that collects packets lets go of fewer than its condition waits for. */
export type GatherConfig = GatherUntilDone | GatherMaxWait;

/** What may be written for a {@linkcode GatherConfig}. */
export type GatherConfigInput =
  | Written<GatherUntilDone, "until"> & { until: "done" }
  | GatherMaxWait;

/** One port of a node. */
export interface PortConfig<Ref = VarRef> {
  /** How many packets it holds. */
  slots_spec: SlotsSpec<Ref>;
  /** What values it takes; null accepts everything. */
  port_type: PortType | null;
  /** How an input port collects packets. */
  gather: GatherConfig | null;
  /** In memory only, set by factories: without an edge nobody waits for this input port. */
  optional?: boolean;
}

/** What may be written for a {@linkcode PortConfig}. */
export interface PortConfigInput extends Written<PortConfig, "gather"> {
  /** How an input port collects packets. */
  gather?: GatherConfigInput | null | undefined;
}

const finiteSlots = object("FiniteSlots", "At most `capacity` packets.", {
  type: z.literal("finite").describe("Tag."),
  capacity: v(int({ min: 0 })).describe("Number of packets, 0 or more."),
});

const infiniteSlots = object("InfiniteSlots", "Any number of packets.", {
  type: z.literal("infinite").describe("Tag."),
});

/** Schema of a {@linkcode SlotsSpec}. */
export const slotsSpecSchema: z.ZodType<SlotsSpec, SlotsSpec> = z
  .discriminatedUnion("type", [infiniteSlots, finiteSlots])
  .meta({ id: "SlotsSpec", description: "How many packets a port holds." });

/** The schema that {@linkcode portTypeSpecSchema} is, with the types that zod infers. */
export const portTypeSpecInferred = object(
  "PortTypeSpec",
  "The type of a port's values.",
  {
    name: str.describe("Type expression, or the name to show."),
    isinstance_check: bool.exactOptional().describe("Also accept instances of subclasses."),
  },
);

/** Schema of a {@linkcode PortTypeSpec}, as it may be written. */
export const portTypeSpecSchema: z.ZodType<PortTypeSpec, PortTypeSpec> = portTypeSpecInferred;

const portTypeCode = z.custom<PortTypeClass | PortTypeParser>(
  (value) => typeof value === "function" || isParser(value),
);

function isParser(value: unknown): boolean {
  return isRecord(value) && typeof value.safeParse === "function";
}

/** Schema of a {@linkcode PortType}. */
export const portTypeSchema: z.ZodType<PortType, PortType> = choice(
  [z.string("must be a string or an object with a `name`"), portTypeSpecSchema, portTypeCode],
  (value) => typeof value === "function" || isParser(value) ? 2 : isRecord(value) ? 1 : 0,
  2,
);

const gatherUntilDone = closedObject("GatherUntilDone", "Fires when everything upstream is done.", {
  until: z.literal("done").describe("Wait until nothing upstream can send any more."),
  empty: bool.default(false).describe(
    "Also fire once, perhaps with nothing, when a run ends without the condition having fired.",
  ),
});

const gatherMaxWait = closedObject(
  "GatherMaxWait",
  "Fires at the latest some time after the port became non-empty.",
  {
    max_wait: float({ min: 0 }).describe(
      "Seconds after which what waits is taken though a count is not reached.",
    ),
  },
);

/** Schema of a {@linkcode GatherConfig}. */
export const gatherConfigSchema: z.ZodType<GatherConfig, GatherConfigInput> = choice(
  [gatherUntilDone, gatherMaxWait],
  (value) => isRecord(value) && Object.hasOwn(value, "max_wait") ? 1 : 0,
);

/** The schema that {@linkcode portConfigSchema} is, with the types that zod infers. */
export const portConfigInferred = refined(
  object("PortConfig", "One port of a node.", {
    slots_spec: slotsSpecSchema.default({ type: "infinite" }).describe(
      "How many packets it holds.",
    ),
    port_type: portTypeSchema.nullable().default(null).describe(
      "What values it takes; null accepts everything.",
    ),
    gather: gatherConfigSchema.nullable().default(null).describe(
      "How an input port collects packets.",
    ),
  }),
  {
    holds: ({ gather, slots_spec }) =>
      !isRecord(gather) || !("until" in gather) || !isRecord(slots_spec) ||
      slots_spec.type !== "finite",
    path: "slots_spec",
    code: "range",
    message: "must be infinite: a port that gathers until all is done cannot be full",
  },
);

/** Schema of a {@linkcode PortConfig}. */
export const portConfigSchema: z.ZodType<PortConfig, PortConfigInput> = portConfigInferred;
