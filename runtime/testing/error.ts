/**
 * Errors of testing nets.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";

/** A flow test cannot be run as it is written. */
export class FlowTestError extends NetrunError {
  /** Creates the error. */
  constructor(message: string, options?: ErrorOptions) {
    super("FlowTestError", message, options);
  }
}
