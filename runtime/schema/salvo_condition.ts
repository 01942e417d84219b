/**
 * Salvo conditions: when packets start an epoch, and when an epoch sends packets.
 *
 * @module
 */
import * as z from "zod";
import { int, mapOf, object, str, v } from "./field.ts";
import type { MapInput, VarRef } from "./reference.ts";

/** How often a condition may fire in one epoch. */
export type MaxSalvos<Ref = VarRef> =
  | { /** Tag. */ type: "infinite" }
  | { /** Tag. */ type: "finite"; /** Number of salvos, 0 or more. */ max: number | Ref };

/** How many packets of a port belong to a salvo. */
export type PacketCount<Ref = VarRef> =
  | { /** Tag. */ type: "all" }
  | { /** Tag. */ type: "count"; /** At most this many. */ count: number | Ref };

/** What can be asked of a port. */
export type PortState<Ref = VarRef> =
  | { /** Tag. */ type: "empty" | "full" | "non_empty" | "non_full" }
  | {
    /** Tag. */
    type:
      | "equals"
      | "less_than"
      | "greater_than"
      | "equals_or_less_than"
      | "equals_or_greater_than";
    /** Number of packets to compare with, 0 or more. */
    value: number | Ref;
  };

/** The term of a condition. */
export type TermConfig<Ref = VarRef> =
  | { /** Tag. */ type: "true" | "false" }
  | {
    /** Tag. */
    type: "port";
    /** Name of the port. */
    port_name: string | Ref;
    /** What must hold of it. */
    state: PortState<Ref>;
  }
  | { /** Tag. */ type: "and" | "or"; /** Its parts; may be empty. */ terms: TermConfig<Ref>[] }
  | { /** Tag. */ type: "not"; /** What must not hold. */ term: TermConfig<Ref> };

/** A salvo condition. */
export interface SalvoConditionConfig<Ref = VarRef> {
  /** How often it may fire in one epoch; input conditions need finite 1. */
  max_salvos: MaxSalvos<Ref>;
  /** Which packets make up the salvo: by port, in order. */
  ports: Map<string, PacketCount<Ref>>;
  /** When it fires. */
  term: TermConfig<Ref>;
  /** In memory only, set by factories: ports are fitted to the edges and ports of the node. */
  generated?: boolean;
  /** In memory only: the simulator does not fire it by itself. */
  manual?: boolean;
}

/** What may be written for a {@linkcode SalvoConditionConfig}. */
export interface SalvoConditionConfigInput extends Omit<SalvoConditionConfig, "ports"> {
  /** Which packets make up the salvo: by port, in order. */
  ports: MapInput<PacketCount>;
}

/** Schema of a {@linkcode MaxSalvos}. */
export const maxSalvosSchema: z.ZodType<MaxSalvos, MaxSalvos> = z.discriminatedUnion("type", [
  object("InfiniteSalvos", "Any number of times.", {
    type: z.literal("infinite").describe("Tag."),
  }),
  object("FiniteSalvos", "At most `max` times.", {
    type: z.literal("finite").describe("Tag."),
    max: v(int({ min: 0 })).describe("Number of salvos, 0 or more."),
  }),
]).meta({ id: "MaxSalvos", description: "How often a condition may fire in one epoch." });

/** Schema of a {@linkcode PacketCount}. */
export const packetCountSchema: z.ZodType<PacketCount, PacketCount> = z.discriminatedUnion("type", [
  object("AllPackets", "All packets of the port.", { type: z.literal("all").describe("Tag.") }),
  object("CountedPackets", "At most `count` packets of the port.", {
    type: z.literal("count").describe("Tag."),
    count: v(int({ min: 0 })).describe("At most this many."),
  }),
]).meta({ id: "PacketCount", description: "How many packets of a port belong to a salvo." });

/** Schema of a {@linkcode PortState}. */
export const portStateSchema: z.ZodType<PortState, PortState> = z.discriminatedUnion("type", [
  object("FillState", "How full the port is.", {
    type: z.enum(["empty", "full", "non_empty", "non_full"]).describe("Tag."),
  }),
  object("CountState", "How many packets wait at the port.", {
    type: z.enum([
      "equals",
      "less_than",
      "greater_than",
      "equals_or_less_than",
      "equals_or_greater_than",
    ]).describe("Tag."),
    value: v(int({ min: 0 })).describe("Number of packets to compare with, 0 or more."),
  }),
]).meta({ id: "PortState", description: "What can be asked of a port." });

const innerTerm: z.ZodType<TermConfig, TermConfig> = z.lazy(() => termConfigSchema)
  .meta({ id: "InnerTerm" });

/** Schema of a {@linkcode TermConfig}. */
export const termConfigSchema: z.ZodType<TermConfig, TermConfig> = z.discriminatedUnion("type", [
  object("ConstantTerm", "Always or never holds.", {
    type: z.enum(["true", "false"]).describe("Tag."),
  }),
  object("PortTerm", "Holds if a port is in some state.", {
    type: z.literal("port").describe("Tag."),
    port_name: v(str).describe("Name of the port."),
    state: portStateSchema.describe("What must hold of it."),
  }),
  object("CompoundTerm", "Holds if all, or one, of its parts do.", {
    type: z.enum(["and", "or"]).describe("Tag."),
    terms: z.array(innerTerm).describe("Its parts; may be empty."),
  }),
  object("NotTerm", "Holds if its part does not.", {
    type: z.literal("not").describe("Tag."),
    term: innerTerm.describe("What must not hold."),
  }),
]).meta({ id: "TermConfig", description: "The term of a condition." });

/** The schema that {@linkcode salvoConditionConfigSchema} is, with the types that zod infers. */
export const salvoConditionConfigInferred = object("SalvoConditionConfig", "A salvo condition.", {
  max_salvos: maxSalvosSchema.describe(
    "How often it may fire in one epoch; input conditions need finite 1.",
  ),
  ports: mapOf(packetCountSchema).describe("Which packets make up the salvo: by port, in order."),
  term: termConfigSchema.describe("When it fires."),
});

/** Schema of a {@linkcode SalvoConditionConfig}. */
export const salvoConditionConfigSchema: z.ZodType<
  SalvoConditionConfig,
  SalvoConditionConfigInput
> = salvoConditionConfigInferred;
