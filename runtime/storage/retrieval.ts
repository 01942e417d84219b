/**
 * Reading stored values: verified, decompressed, decoded.
 *
 * @module
 */
import type { BackendOptions, StorageBackend } from "./backend.ts";
import { type BundleFormat, unpackBundle } from "./bundle.ts";
import { decompress } from "./compression.ts";
import { StoredValueCorruptError } from "./error.ts";
import { sha256 } from "./hashing.ts";
import { type Codec, codecOf, decodeWith } from "./serialization.ts";

/** Where a value is, and how it was stored. */
export interface StoredValuePlace extends BackendOptions {
  /** The backend. */
  backend: StorageBackend;
  /** The key. */
  key: string;
  /** Name of the serialization, or a codec of one's own. */
  serialization: string | Codec;
  /** Name of the compression; by default none. */
  compression?: string | null;
  /** SHA-256 of the stored bytes; by default they are not verified. */
  sha256?: string;
  /** Number of the stored bytes; by default it is not verified. */
  size?: number;
  /**
   * Most bytes before decompression.
   *
   * @default {1 GiB}
   */
  maxBytes?: number;
}

const defaultMaxBytes = 1024 ** 3;

/**
 * Reads a stored value.
 *
 * @throws {StorageKeyNotFoundError} If there is nothing under the key.
 * @throws {StoredValueCorruptError} If it is not what was stored.
 * @throws {StorageBackendError} If the backend fails.
 */
export async function retrieveValue(place: StoredValuePlace): Promise<unknown> {
  const { key, serialization, compression, maxBytes = defaultMaxBytes } = place;
  const bytes = await readVerified(place);
  const raw = compression ? await decompress(bytes, compression, { maxBytes }) : bytes;
  return await decodeWith(codecFor(serialization), raw, `"${key}"`);
}

/** Where a value in a bundle is. */
export interface BundledValuePlace extends BackendOptions {
  /** The backend. */
  backend: StorageBackend;
  /** Key of the bundle. */
  bundleKey: string;
  /** Name of the value's file in the bundle. */
  entryName: string;
  /** How the bundle is packed. */
  bundleFormat: BundleFormat;
  /** Number of bytes of the value's file. */
  size: number;
  /** Name of the serialization, or a codec of one's own. */
  serialization: string | Codec;
  /** SHA-256 of the bundle; by default it is not verified. */
  sha256?: string;
}

/**
 * Reads a value out of a bundle.
 *
 * @throws {StorageKeyNotFoundError} If there is nothing under the key.
 * @throws {StoredValueCorruptError} If it is not what was stored.
 * @throws {StorageBackendError} If the backend fails.
 */
export async function retrieveFromBundle(place: BundledValuePlace): Promise<unknown> {
  const { bundleKey, entryName, bundleFormat, size, serialization, sha256, backend } = place;
  const bytes = await readVerified({
    backend,
    key: bundleKey,
    ...sha256 !== undefined && { sha256 },
    signal: place.signal,
  });
  const files = await unpackBundle(bytes, bundleFormat, new Map([[entryName, size]]));
  return await decodeWith(codecFor(serialization), files.get(entryName)!, `"${entryName}"`);
}

/** Reads bytes, and compares them with what is known of them. */
export async function readVerified(
  { backend, key, size, sha256: hash, signal }: Pick<
    StoredValuePlace,
    "backend" | "key" | "size" | "sha256" | "signal"
  >,
): Promise<Uint8Array> {
  const bytes = await backend.read(key, { signal });
  if (size !== undefined && bytes.length !== size) {
    throw new StoredValueCorruptError(`"${key}"`, `it has ${bytes.length} bytes, not ${size}`);
  }
  if (hash !== undefined && sha256(bytes) !== hash) {
    throw new StoredValueCorruptError(`"${key}"`, "its SHA-256 is not the recorded one");
  }
  return bytes;
}

function codecFor(serialization: string | Codec): Codec {
  return typeof serialization === "string" ? codecOf(serialization) : serialization;
}
