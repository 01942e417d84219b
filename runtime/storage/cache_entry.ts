/**
 * Entries of the epoch cache, to bytes and back.
 *
 * @module
 */
import type { NodeLogEntry, PrintEntry } from "../execution/prints.ts";
import { isLazyPacketValue, LazyPacketValueSpec } from "../packets/lazy_value.ts";
import { joinBytes } from "./canonical.ts";
import type { RecordedActions } from "./effects.ts";
import { sha256 } from "./hashing.ts";
import { decodeStructured, encodeStructured } from "./structured.ts";

/** A value as bytes. */
export interface EncodedValue {
  /** Whether it is the specification of a value that is still to be computed. */
  readonly lazy: boolean;
  readonly bytes: Uint8Array;
}

/** An input as bytes. */
export interface EncodedInput extends EncodedValue {
  readonly portName: string;
}

/** What an entry keeps beside the columns of its row. */
export interface EntryRecord<Value = EncodedValue> {
  readonly inputs: readonly (Value & { readonly portName: string })[];
  /** Values of the packets that it created, in order. */
  readonly outputs: readonly Value[];
  /** Null in an entry that keeps inputs alone. */
  readonly actions: RecordedActions | null;
  readonly prints: readonly PrintEntry[];
  readonly logs: readonly NodeLogEntry[];
}

/** A value in a record: with its bytes, or with the blob that holds them. */
export type StoredValue =
  | EncodedValue
  | { readonly lazy: boolean; readonly blob: string; readonly size: number };

/** A record with its large values taken out. */
export interface PackedRecord {
  readonly record: Uint8Array;
  readonly blobs: readonly { readonly hash: string; readonly bytes: Uint8Array }[];
  /** Bytes of all of it. */
  readonly size: number;
}

/**
 * Encodes a value; of a lazy one its specification.
 *
 * @throws {NotSerializableError} If it would not come back equal.
 */
export function encodeValue(value: unknown): EncodedValue {
  if (!isLazyPacketValue(value)) return { lazy: false, bytes: encodeStructured(value) };
  const { funcImportPath, args, kwargs } = value;
  return { lazy: true, bytes: encodeStructured([funcImportPath, args, kwargs]) };
}

/** A fresh copy of an encoded value. */
export function decodeValue({ lazy, bytes }: EncodedValue): unknown {
  const value = decodeStructured(bytes);
  if (!lazy) return value;
  return new LazyPacketValueSpec(...value as ConstructorParameters<typeof LazyPacketValueSpec>);
}

/** Where the bytes of a value are: in the record behind its header, or in a blob. */
interface ValuePlace {
  readonly lazy: boolean;
  readonly size: number;
  readonly blob?: string;
}

/**
 * Packs a record; values of more than `maxInlineBytes` become blobs. The others stand, one after
 * another, behind a header that says what they are: arrays of bytes inside would be slow to read.
 */
export function packRecord(record: EntryRecord, maxInlineBytes: number): PackedRecord {
  const blobs: { hash: string; bytes: Uint8Array }[] = [];
  const inline: Uint8Array[] = [];
  const place = <T extends EncodedValue>({ bytes, ...rest }: T) => {
    const size = bytes.length;
    if (size <= maxInlineBytes) {
      inline.push(bytes);
      return { ...rest, size };
    }
    const hash = sha256(bytes);
    blobs.push({ hash, bytes });
    return { ...rest, size, blob: hash };
  };
  const inputs = record.inputs.map(place);
  const outputs = record.outputs.map(place);
  const header = encodeStructured({ ...record, inputs, outputs });
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, header.length);
  const packed = joinBytes([length, header, ...inline]);
  const size = blobs.reduce((sum, { bytes }) => sum + bytes.length, packed.length);
  return { record: packed, blobs, size };
}

/** Reads a packed record. The values in blobs are not read yet. */
export function unpackRecord(bytes: Uint8Array): EntryRecord<StoredValue> {
  let at = 4 + new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  const header = decodeStructured(bytes.subarray(4, at)) as EntryRecord<ValuePlace>;
  const fetch = <T extends ValuePlace>(value: T): T & StoredValue => {
    const { blob, size } = value;
    if (blob !== undefined) return { ...value, blob };
    return { ...value, bytes: bytes.subarray(at, at += size) };
  };
  return { ...header, inputs: header.inputs.map(fetch), outputs: header.outputs.map(fetch) };
}
