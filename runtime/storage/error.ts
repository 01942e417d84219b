/**
 * Errors of storing values: keys, codecs, backends, files.
 *
 * @module
 */
import { NetrunError } from "../../sim/error.ts";

/** Root of all errors of storage. */
export class StorageError extends NetrunError {}

/** An operation of a backend. */
export type BackendOperation = "open" | "write" | "read" | "delete" | "exists" | "stat" | "close";

/** What a {@linkcode StorageBackendError} is about. */
export interface BackendFailure {
  /** Type of the backend and where it is, without credentials. */
  backend: string;
  /** What was to be done. */
  op: BackendOperation;
  /** The key it was to be done to; empty if to none. */
  key: string;
  /** Whether the same call may succeed later. */
  retryable: boolean;
}

/** A backend could not do what it was asked to; an absent key is never the reason. */
export class StorageBackendError extends StorageError {
  /** Type of the backend and where it is, without credentials. */
  readonly backend: string;
  /** What was to be done. */
  readonly op: BackendOperation;
  /** The key it was to be done to; empty if to none. */
  readonly key: string;
  /** Whether the same call may succeed later. */
  readonly retryable: boolean;

  /** Creates the error. */
  constructor(
    { backend, op, key, retryable }: BackendFailure,
    why: string,
    options?: ErrorOptions,
  ) {
    const what = key === "" ? "" : ` "${key}"`;
    super("StorageBackendError", `Cannot ${op}${what} (${backend}): ${why}`, options);
    this.backend = backend;
    this.op = op;
    this.key = key;
    this.retryable = retryable;
  }
}

/** A backend has nothing under a key. */
export class StorageKeyNotFoundError extends StorageError {
  /** Type of the backend and where it is, without credentials. */
  readonly backend: string;
  /** The key. */
  readonly key: string;

  /** Creates the error. */
  constructor(backend: string, key: string, options?: ErrorOptions) {
    super("StorageKeyNotFoundError", `There is nothing under "${key}" (${backend})`, options);
    this.backend = backend;
    this.key = key;
  }
}

/** A key could lead out of its backend, or means different things on different backends. */
export class InvalidStorageKeyError extends StorageError {
  /** The key. */
  readonly key: string;

  /** Creates the error. */
  constructor(key: string, why: string) {
    super(
      "InvalidStorageKeyError",
      `Cannot use the storage key ${JSON.stringify(key.slice(0, 200))}: ${why}`,
    );
    this.key = key;
  }
}

/** Stored bytes are not what was stored. */
export class StoredValueCorruptError extends StorageError {
  /** What is wrong with them. */
  readonly reason: string;

  /** Creates the error. */
  constructor(what: string, reason: string, options?: ErrorOptions) {
    super("StoredValueCorruptError", `Cannot read ${what}: ${reason}`, options);
    this.reason = reason;
  }
}

/** A package or program that a setting needs is not there. */
export class MissingStorageDependencyError extends StorageError {
  /** The package or program. */
  readonly package: string;

  /** Creates the error. */
  constructor(dependency: string, message: string, options?: ErrorOptions) {
    super("MissingStorageDependencyError", message, options);
    this.package = dependency;
  }
}

/** A serialization does not exist or cannot be used here. */
export class UnsupportedSerializationError extends StorageError {
  /** Its name. */
  readonly serialization: string;

  /** Creates the error. */
  constructor(serialization: string, why: string) {
    super(
      "UnsupportedSerializationError",
      `Cannot use the serialization "${serialization}": ${why}`,
    );
    this.serialization = serialization;
  }
}

/** A compression does not exist or cannot be used here. */
export class UnsupportedCompressionError extends StorageError {
  /** Its name. */
  readonly compression: string;

  /** Creates the error. */
  constructor(compression: string, why: string) {
    super("UnsupportedCompressionError", `Cannot use the compression "${compression}": ${why}`);
    this.compression = compression;
  }
}

/** A node met other inputs than those its stored files were made of. */
export class FileStorageHashMismatchError extends StorageError {
  /** The node. */
  readonly nodeName: string;
  /** Digest of the inputs that the files were made of. */
  readonly stored: string;
  /** Digest of the inputs that came. */
  readonly current: string;

  /** Creates the error. */
  constructor(nodeName: string, stored: string, current: string) {
    super(
      "FileStorageHashMismatchError",
      `Node "${nodeName}" has stored files of other inputs (${stored.slice(0, 12)}…, now ` +
        `${current.slice(0, 12)}…): set \`on_hash_change = "overwrite"\` to replace them, or ` +
        '`slots = "per_input"` to keep files for each input',
    );
    this.nodeName = nodeName;
    this.stored = stored;
    this.current = current;
  }
}
