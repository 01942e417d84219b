/**
 * Storing values: packet store, serialization, compression, hashing, backends, retrieval, and what the
 * cache of a net shows.
 *
 * @example A value as a compressed file, and back
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { compress, openBackend, retrieveValue, serialize } from "@netrun/netrun/storage";
 *
 * const folder = await Deno.makeTempDir();
 * await using backend = openBackend({ type: "local", base_path: folder });
 * const bytes = await compress(await serialize({ total: 42 }, "json"), "gzip");
 * await backend.write("report.json.gz", bytes);
 * assertEquals(
 *   await retrieveValue({
 *     backend,
 *     key: "report.json.gz",
 *     serialization: "json",
 *     compression: "gzip",
 *   }),
 *   { total: 42 },
 * );
 * await Deno.remove(folder, { recursive: true });
 * ```
 *
 * @module
 */
export type { PacketId } from "../../sim/action.ts";
export { NetrunError, type NetrunErrorOptions } from "../../sim/error.ts";
export type { NodeLogEntry } from "../execution/prints.ts";
export type { LogLevel } from "../execution/node_execution_context.ts";
export {
  LazyPacketValueEvaluationError,
  NotSerializableError,
  PacketAlreadyRegisteredError,
} from "../packets/error.ts";
export { LazyPacketValueSpec, type LazyValueEvaluator } from "../packets/lazy_value.ts";
export { PacketStore, type ReadonlyPacketStore } from "../packets/packet_store.ts";
export type {
  BackendConfig,
  GCSBackendConfig,
  LocalBackendConfig,
  RcloneBackendConfig,
  S3BackendConfig,
  SSHBackendConfig,
} from "../schema/backend.ts";
export type { EnvRef, VarRef } from "../schema/reference.ts";
export type { BackendOptions, StorageBackend } from "./backend.ts";
export type { BundleFormat } from "./bundle.ts";
export { canonicalBytes } from "./canonical.ts";
export { compress, compressionExtension, decompress } from "./compression.ts";
export type { PacketRef, RecordedAction, RecordedActions } from "./effects.ts";
export {
  type BackendFailure,
  type BackendOperation,
  FileStorageHashMismatchError,
  InvalidStorageKeyError,
  MissingStorageDependencyError,
  StorageBackendError,
  StorageError,
  StorageKeyNotFoundError,
  StoredValueCorruptError,
  UnsupportedCompressionError,
  UnsupportedSerializationError,
} from "./error.ts";
export { hashBytes, type HashMethod } from "./hashing.ts";
export type { Patience } from "./keyed_backend.ts";
export type {
  CacheClearFilter,
  CachedEpoch,
  CacheStats,
  CacheVerification,
  NetCache,
  PortValues,
} from "./net_cache.ts";
export { openBackend } from "./open_backend.ts";
export {
  type BundledValuePlace,
  retrieveFromBundle,
  retrieveValue,
  type StoredValuePlace,
} from "./retrieval.ts";
export { type Codec, deserialize, getFileExtension, serialize } from "./serialization.ts";
export { keyPart } from "./storage_key.ts";
