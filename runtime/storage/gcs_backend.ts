/**
 * Objects in a Google Cloud Storage bucket.
 *
 * @module
 */
import { Readable, Writable } from "node:stream";
import type { GCSBackendConfig } from "../schema/backend.ts";
import type { BackendDriver, DriverFailure } from "./keyed_backend.ts";
import { isConnectionFailure, isPassingStatus, loadVendor } from "./vendor.ts";

const specifier = "npm:@google-cloud/storage@^7.17.0";

/** What is used of the vendor's client. */
interface GCSModule {
  Storage: new (options: Record<string, unknown>) => { bucket(name: string): GCSBucket };
}
interface GCSBucket {
  file(name: string): GCSFile;
  exists(): Promise<[boolean]>;
}
interface GCSFile {
  save(data: Uint8Array, options: Record<string, unknown>): Promise<void>;
  createWriteStream(options: Record<string, unknown>): Writable;
  createReadStream(options: Record<string, unknown>): Readable;
  delete(): Promise<unknown>;
  getMetadata(): Promise<[{ size?: string | number }]>;
}

/** Keeps what is under a key in the object of that name. */
export class GCSDriver implements BackendDriver {
  readonly name: string;
  readonly #config: GCSBackendConfig<never>;
  #bucket: Promise<GCSBucket> | undefined;
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

  async open(key: string): Promise<ReadableStream<Uint8Array>> {
    const file = await this.#file(key);
    // A stream says only when it is read that there is nothing.
    await file.getMetadata();
    return Readable.toWeb(file.createReadStream({ decompress: false })) as ReadableStream<
      Uint8Array
    >;
  }

  async delete(key: string): Promise<void> {
    await (await this.#file(key)).delete();
  }

  async stat(key: string): Promise<number | null> {
    try {
      const [{ size }] = await (await this.#file(key)).getMetadata();
      return Number(size ?? 0);
    } catch (error) {
      if (!this.explain(error).absent) throw error;
      await this.#requireBucket();
      return null;
    }
  }

  close(): Promise<void> {
    this.#bucket = undefined;
    return Promise.resolve();
  }

  explain(error: unknown): DriverFailure {
    const { code, message } = error as { code?: unknown; message?: string };
    const status = typeof code === "number" ? code : undefined;
    return {
      absent: status === 404,
      retryable: isPassingStatus(status) || isConnectionFailure(error),
      message: [code, message].filter((part) => part !== undefined).join(" "),
    };
  }

  async #requireBucket(): Promise<void> {
    if (this.#bucketIsThere) return;
    const [exists] = await (await this.#bucket!).exists();
    if (!exists) throw new Error(`there is no bucket "${this.#config.bucket}"`);
    this.#bucketIsThere = true;
  }

  async #file(key: string): Promise<GCSFile> {
    return (await (this.#bucket ??= this.#connect())).file(this.#config.prefix + key);
  }

  async #connect(): Promise<GCSBucket> {
    const { bucket, credentials_path, endpoint_url } = this.#config;
    const { Storage } = await loadVendor<GCSModule>(specifier);
    const storage = new Storage({
      // Trying again is done by whoever calls.
      retryOptions: { autoRetry: false, maxRetries: 0 },
      ...credentials_path !== null && { keyFilename: credentials_path },
      ...endpoint_url !== null && {
        apiEndpoint: endpoint_url,
        useAuthWithCustomEndpoint: false,
        projectId: "netrun",
      },
    });
    return storage.bucket(bucket);
  }
}
