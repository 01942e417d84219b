/**
 * What is the same for all backends: checked keys, deadlines, repeated tries, errors.
 *
 * @module
 */
import type { BackendOptions, StorageBackend } from "./backend.ts";
import { joinBytes } from "./canonical.ts";
import {
  type BackendOperation,
  StorageBackendError,
  StorageError,
  StorageKeyNotFoundError,
} from "./error.ts";
import { checkStorageKey } from "./storage_key.ts";

/** How a driver failed. */
export interface DriverFailure {
  /** Whether it means that there is nothing under the key. */
  absent?: boolean;
  /** Whether the same call may succeed later. */
  retryable?: boolean;
  /** What went wrong, without credentials. */
  message: string;
}

/** What a kind of backend has to do itself. Whatever it throws, `explain` knows. */
export interface BackendDriver {
  /** Type and place, without credentials. */
  readonly name: string;
  write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void>;
  open(key: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>>;
  delete(key: string, signal: AbortSignal): Promise<void>;
  /** Size in bytes, null if there is nothing. */
  stat(key: string, signal: AbortSignal): Promise<number | null>;
  close(): Promise<void>;
  /** What a thrown value means. */
  explain(error: unknown): DriverFailure;
}

/** How patient a {@linkcode KeyedBackend} is. */
export interface Patience {
  /**
   * Most tries of an operation.
   *
   * @default {3}
   */
  tries?: number;
  /**
   * Wait before the second try in ms; each further one is twice as long.
   *
   * @default {200}
   */
  retryDelayMs?: number;
  /**
   * Time that one try may take in ms.
   *
   * @default {60_000}
   */
  deadlineMs?: number;
}

/** Thrown by drivers where there is nothing under a key. */
export class Absent extends Error {}

/** A backend made of a driver. */
export class KeyedBackend implements StorageBackend {
  readonly #driver: BackendDriver;
  readonly #tries: number;
  readonly #retryDelayMs: number;
  readonly #deadlineMs: number;

  /** Creates the backend. */
  constructor(driver: BackendDriver, patience: Patience = {}) {
    this.#driver = driver;
    this.#tries = patience.tries ?? 3;
    this.#retryDelayMs = patience.retryDelayMs ?? 200;
    this.#deadlineMs = patience.deadlineMs ?? 60_000;
  }

  get name(): string {
    return this.#driver.name;
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    options?: BackendOptions,
  ): Promise<void> {
    // A stream that was begun cannot be sent again.
    const tries = data instanceof Uint8Array ? this.#tries : 1;
    await this.#do("write", key, options, (signal) => this.#driver.write(key, data, signal), tries);
  }

  async open(key: string, options?: BackendOptions): Promise<ReadableStream<Uint8Array>> {
    return await this.#do("open", key, options, (signal) => this.#driver.open(key, signal));
  }

  async read(key: string, options?: BackendOptions): Promise<Uint8Array> {
    return await this.#do("read", key, options, async (signal) => {
      const chunks: Uint8Array[] = [];
      for await (const chunk of await this.#driver.open(key, signal)) chunks.push(chunk);
      signal.throwIfAborted();
      return chunks.length === 1 ? chunks[0]! : joinBytes(chunks);
    });
  }

  async delete(key: string, options?: BackendOptions): Promise<void> {
    await this.#do("delete", key, options, (signal) => this.#driver.delete(key, signal));
  }

  async exists(key: string, options?: BackendOptions): Promise<boolean> {
    return await this.stat(key, options) !== null;
  }

  async stat(key: string, options?: BackendOptions): Promise<{ size: number } | null> {
    const size = await this.#do("stat", key, options, (signal) => this.#driver.stat(key, signal));
    return size === null ? null : { size };
  }

  /** Ends the connection, if there is one. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#driver.close();
  }

  async #do<T>(
    op: BackendOperation,
    key: string,
    { signal }: BackendOptions = {},
    attempt: (signal: AbortSignal) => Promise<T>,
    tries: number = this.#tries,
  ): Promise<T> {
    checkStorageKey(key);
    for (let tried = 1;; tried++) {
      signal?.throwIfAborted();
      const deadline = new AbortController();
      const timer = setTimeout(
        () => deadline.abort(new DeadlineError(this.#deadlineMs)),
        this.#deadlineMs,
      );
      const both = signal ? AbortSignal.any([signal, deadline.signal]) : deadline.signal;
      try {
        return await orAborted(attempt(both), both);
      } catch (error) {
        if (signal?.aborted) throw signal.reason;
        const failure = this.#failure(op, key, error);
        const mayRetry = failure instanceof StorageBackendError && failure.retryable;
        if (!mayRetry || tried >= tries) throw failure;
      } finally {
        clearTimeout(timer);
      }
      await delay(this.#retryDelayMs * 2 ** (tried - 1), signal);
    }
  }

  #failure(op: BackendOperation, key: string, error: unknown): unknown {
    if (error instanceof StorageError) return error;
    if (error instanceof Absent) return new StorageKeyNotFoundError(this.name, key);
    const { absent = false, retryable = false, message } = error instanceof DeadlineError
      ? { message: error.message, retryable: false }
      : this.#driver.explain(error);
    if (absent && op !== "write") return new StorageKeyNotFoundError(this.name, key);
    return new StorageBackendError({ backend: this.name, op, key, retryable }, message, {
      cause: error,
    });
  }
}

/** Why an operation is aborted that takes too long. */
export class DeadlineError extends Error {
  constructor(deadlineMs: number) {
    super(`it took longer than ${deadlineMs / 1000} s`);
  }
}

/** Settles as the work does, or rejects as soon as the signal is aborted. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function delay(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = () => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", abort);
      resolve();
    }, ms);
    signal?.addEventListener("abort", abort, { once: true });
  });
}
