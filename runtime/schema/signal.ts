/**
 * The signals that nodes can send and the controls that they can take.
 *
 * @module
 */
import * as z from "zod";

import { CONTROL_TYPES, type ControlType, SIGNAL_TYPES, type SignalType } from "./signal_names.ts";

export * from "./signal_names.ts";

/** Schema of the name of a signal. */
export const signalTypeSchema: z.ZodType<SignalType, SignalType> = z.enum(SIGNAL_TYPES)
  .meta({ id: "SignalType", description: "What a node can signal." });

/** Schema of the name of a control. */
export const controlTypeSchema: z.ZodType<ControlType, ControlType> = z.enum(CONTROL_TYPES)
  .meta({ id: "ControlType", description: "What a node can be told." });
