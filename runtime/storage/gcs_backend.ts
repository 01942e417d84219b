/**
 * Objects in a Google Cloud Storage bucket.
 *
 * @module
 */
import { Writable } from "node:stream";
import type { GCSBackendConfig } from "../schema/backend.ts";
import type { BackendDriver, DriverFailure } from "./keyed_backend.ts";
import {
  HTTPFailure,
  isConnectionFailure,
  isPassingStatus,
  loadVendor,
  messageOf,
} from "./vendor.ts";

const specifier = "npm:@google-cloud/storage@^7.17.0";

/** What is used of the vendor's client. */
interface GCSModule {
  Storage: new (options: Record<string, unknown>) => GCSStorage;
}
interface GCSStorage {
  /** Where it is, by default Google. */
  readonly apiEndpoint: string;
  /** Whether that is another place, which is not logged in to. */
  readonly customEndpoint?: boolean;
  readonly authClient: { getRequestHeaders(url: string): Promise<HeadersInit> };
  bucket(name: string): GCSBucket;
}
interface GCSBucket {
  file(name: string): GCSFile;
  exists(): Promise<[boolean]>;
}
interface GCSFile {
  save(data: Uint8Array, options: Record<string, unknown>): Promise<void>;
  createWriteStream(options: Record<string, unknown>): Writable;
  delete(): Promise<unknown>;
  getMetadata(): Promise<[{ size?: string | number }]>;
}

/** Keeps what is under a key in the object of that name. */
export class GCSDriver implements BackendDriver {
  readonly name: string;
  readonly #config: GCSBackendConfig<never>;
  #storage: Promise<GCSStorage> | undefined;
  #bucketIsThere = false;

  /** Creates the driver. */
  constructor(config: GCSBackendConfig<never>) {
    this.#config = config;
    const { endpoint_url, bucket, prefix } = config;
    this.name = `gcs ${endpoint_url === null ? "" : `${endpoint_url}/`}${bucket}/${prefix}`;
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const file = await this.#file(key);
    const options = { resumable: false, validation: false };
    if (data instanceof Uint8Array) return await file.save(data, options);
    await data.pipeTo(Writable.toWeb(file.createWriteStream(options)), { signal });
  }

  /** Asks by itself: a stream of the client stays open for ever when its connection breaks. */
  async open(key: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { bucket, prefix } = this.#config;
    const storage = await this.#connected();
    const { apiEndpoint, customEndpoint, authClient } = storage;
    const name = encodeURIComponent(prefix + key);
    const url = `${apiEndpoint}/storage/v1/b/${encodeURIComponent(bucket)}/o/${name}?alt=media`;
    const headers = customEndpoint ? {} : await authClient.getRequestHeaders(url);
    return await this.#asking(fetch(url, { headers, signal }).then(bodyOf));
  }

  async delete(key: string): Promise<void> {
    await this.#asking((await this.#file(key)).delete());
  }

  async stat(key: string): Promise<number | null> {
    try {
      const [{ size }] = await this.#asking((await this.#file(key)).getMetadata());
      return Number(size ?? 0);
    } catch (error) {
      if (!this.explain(error).absent) throw error;
      return null;
    }
  }

  close(): Promise<void> {
    this.#storage = undefined;
    return Promise.resolve();
  }

  explain(error: unknown): DriverFailure {
    const { code, status } = error as { code?: unknown; status?: unknown };
    const answered = [code, status].find((number) => typeof number === "number");
    return {
      absent: answered === 404,
      retryable: isPassingStatus(answered) || isConnectionFailure(error),
      message: [code, messageOf(error)].filter((part) => part !== undefined).join(" "),
    };
  }

  /** Waits for an answer; that something is not there may mean that there is no bucket. */
  async #asking<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (this.explain(error).absent) await this.#requireBucket();
      throw error;
    }
  }

  async #requireBucket(): Promise<void> {
    if (this.#bucketIsThere) return;
    const bucket = (await this.#connected()).bucket(this.#config.bucket);
    const exists = await bucket.exists().then(([exists]) => exists, (error) => {
      // Who may read and write objects need not be allowed to look at the bucket itself.
      if ((error as { code?: unknown }).code === 403) return true;
      throw error;
    });
    if (!exists) throw new Error(`there is no bucket "${this.#config.bucket}"`);
    this.#bucketIsThere = true;
  }

  async #file(key: string): Promise<GCSFile> {
    const { bucket, prefix } = this.#config;
    return (await this.#connected()).bucket(bucket).file(prefix + key);
  }

  #connected(): Promise<GCSStorage> {
    return this.#storage ??= this.#connect();
  }

  async #connect(): Promise<GCSStorage> {
    const { credentials_path, endpoint_url } = this.#config;
    const { Storage } = await loadVendor<GCSModule>(specifier);
    return new Storage({
      // Trying again is done by whoever calls.
      retryOptions: { autoRetry: false, maxRetries: 0 },
      ...credentials_path !== null && { keyFilename: credentials_path },
      ...endpoint_url !== null && {
        apiEndpoint: endpoint_url,
        useAuthWithCustomEndpoint: false,
        projectId: "netrun",
      },
    });
  }
}

async function bodyOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  if (response.ok) return response.body!;
  throw new HTTPFailure(response.status, await response.text());
}
