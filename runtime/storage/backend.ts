/**
 * What every place of storage can do.
 *
 * @module
 */

/** Options of an operation of a backend. */
export interface BackendOptions {
  /** Ends the operation; it rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/** A place where bytes are kept under keys. */
export interface StorageBackend extends AsyncDisposable {
  /** Type and place, without credentials: what messages call it. */
  readonly name: string;
  /**
   * Writes all of `data` under a key, or nothing; replaces what was there.
   *
   * @throws {InvalidStorageKeyError | StorageBackendError}
   */
  write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    options?: BackendOptions,
  ): Promise<void>;
  /**
   * Opens what is under a key.
   *
   * @throws {StorageKeyNotFoundError | InvalidStorageKeyError | StorageBackendError}
   */
  open(key: string, options?: BackendOptions): Promise<ReadableStream<Uint8Array>>;
  /**
   * Reads all that is under a key.
   *
   * @throws {StorageKeyNotFoundError | InvalidStorageKeyError | StorageBackendError}
   */
  read(key: string, options?: BackendOptions): Promise<Uint8Array>;
  /**
   * Deletes what is under a key.
   *
   * @throws {StorageKeyNotFoundError | InvalidStorageKeyError | StorageBackendError}
   */
  delete(key: string, options?: BackendOptions): Promise<void>;
  /** Whether there is something under a key. */
  exists(key: string, options?: BackendOptions): Promise<boolean>;
  /** Size in bytes of what is under a key; null if there is nothing. */
  stat(key: string, options?: BackendOptions): Promise<{ size: number } | null>;
}
