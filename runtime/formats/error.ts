/**
 * The error of reading and writing records.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";

/** Where a record stands. */
export interface RecordPlace {
  /** The file, or another name for where the records come from or go to. */
  source: string;
  /** Line in it, from 1, where known. */
  line?: number | undefined;
}

/** A record cannot be read from, or written to, a file of its format. */
export class RecordFormatError extends NetrunError {
  /** The file, or another name for where the records come from or go to. */
  readonly source: string;
  /** Line in it, from 1, where known. */
  readonly line?: number;

  /** Creates the error. */
  constructor(place: RecordPlace, message: string, options?: ErrorOptions) {
    const at = place.line === undefined ? place.source : `${place.source}:${place.line}`;
    super("RecordFormatError", `${at}: ${message}`, options);
    this.source = place.source;
    if (place.line !== undefined) this.line = place.line;
  }
}
