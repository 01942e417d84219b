/**
 * The error of loading code.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";

/** What a {@linkcode ModuleImportError} is about. */
export interface ModuleImportDetails {
  /** The reference as written. */
  specifier: string;
  /** Absolute URL it stands for, if it got that far. */
  resolvedUrl?: string;
  /** Names the module exports, if an export is missing. */
  exports?: string[];
  /** What went wrong beneath. */
  cause?: unknown;
}

/** A module or an export of it is missing, may not be loaded, or threw while loading. */
export class ModuleImportError extends NetrunError {
  /** The reference as written. */
  readonly specifier: string;
  /** Absolute URL it stands for, if it got that far. */
  readonly resolvedUrl?: string;
  /** Names the module exports, if an export is missing. */
  readonly exports?: string[];

  /** Creates the error. */
  constructor(message: string, details: ModuleImportDetails) {
    super("ModuleImportError", message, "cause" in details ? { cause: details.cause } : undefined);
    this.specifier = details.specifier;
    if (details.resolvedUrl !== undefined) this.resolvedUrl = details.resolvedUrl;
    if (details.exports) this.exports = details.exports;
  }
}
