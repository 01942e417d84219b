/**
 * Values of packets that are still in files.
 *
 * @module
 */
import { LazyPacketValueSpec } from "../packets/lazy_value.ts";
import type { StoredFile } from "./manifest.ts";

/** Where the value of a packet is: plain data, without credentials. */
export interface StoredFileRef {
  readonly backendId: string;
  readonly file: StoredFile;
  readonly serialization: string;
  readonly compression: string | null;
}

/** The value of a packet as a file that is read when the packet is taken. */
export class StoredFileValue extends LazyPacketValueSpec {
  /** Where it is. */
  readonly ref: StoredFileRef;

  /** Creates the value. */
  constructor(ref: StoredFileRef) {
    super(`stored file ${ref.file.key}`);
    this.ref = ref;
  }
}
