/**
 * What a targeted run collects.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";

/** Inputs that reached a target of a targeted run and would start an epoch there. */
export interface TargetInputSalvo {
  /** The target. */
  nodeName: string;
  /** The input salvo condition that the packets satisfy. */
  salvoCondition: string;
  /** The epoch that holds them; it can still be started. */
  epochId: EpochId;
  /** Values by input port, in salvo order. A lazy value is given as its specification. */
  packets: Map<string, unknown[]>;
}
