/**
 * Objects in an S3 bucket.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { S3BackendConfig } from "../schema/backend.ts";
import { Absent, type BackendDriver, type DriverFailure } from "./keyed_backend.ts";
import { inPieces, isConnectionFailure, isPassingStatus, loadVendor } from "./vendor.ts";

const specifier = "npm:@aws-sdk/client-s3@^3.980.0";

/** An upload of more bytes is made in parts of so many. */
const partBytes = 16 * 1024 * 1024;

/** What is used of the vendor's client. */
interface S3Module {
  S3Client: new (options: Record<string, unknown>) => S3Client;
  PutObjectCommand: CommandClass;
  GetObjectCommand: CommandClass;
  HeadObjectCommand: CommandClass;
  HeadBucketCommand: CommandClass;
  DeleteObjectCommand: CommandClass;
  CreateMultipartUploadCommand: CommandClass;
  UploadPartCommand: CommandClass;
  CompleteMultipartUploadCommand: CommandClass;
  AbortMultipartUploadCommand: CommandClass;
}
type CommandClass = new (input: Record<string, unknown>) => object;
interface S3Client {
  send(command: object, options?: { abortSignal: AbortSignal }): Promise<S3Answer>;
  destroy(): void;
}
interface S3Answer {
  Body?: { transformToWebStream(): ReadableStream<Uint8Array> };
  ContentLength?: number;
  UploadId?: string;
  ETag?: string;
}

/** Keeps what is under a key in the object of that name. */
export class S3Driver implements BackendDriver {
  readonly name: string;
  readonly #config: S3BackendConfig<never>;
  #open: Promise<{ vendor: S3Module; client: S3Client }> | undefined;
  #bucketIsThere = false;

  /**
   * Creates the driver.
   *
   * @throws {InvalidArgumentError} If only one of the two keys is given.
   */
  constructor(config: S3BackendConfig<never>) {
    if ((config.access_key === null) !== (config.secret_key === null)) {
      throw new InvalidArgumentError(
        `Cannot use the S3 bucket "${config.bucket}": give both \`access_key\` and \`secret_key\`, ` +
          "or neither, which leaves them to the environment",
      );
    }
    this.#config = config;
    const { endpoint_url, bucket, prefix } = config;
    this.name = `s3 ${endpoint_url === null ? "" : `${endpoint_url}/`}${bucket}/${prefix}`;
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const pieces = inPieces(data, partBytes)[Symbol.asyncIterator]();
    const first = await pieces.next();
    const second = first.done ? first : await pieces.next();
    if (second.done) {
      const Body = first.done ? new Uint8Array() : first.value;
      await this.#send("PutObjectCommand", { Key: this.#key(key), Body }, signal);
      return;
    }
    const Key = this.#key(key);
    const { UploadId } = await this.#send("CreateMultipartUploadCommand", { Key }, signal);
    try {
      const Parts: { PartNumber: number; ETag: string | undefined }[] = [];
      const upload = async (Body: Uint8Array) => {
        const PartNumber = Parts.length + 1;
        const input = { Key, UploadId, PartNumber, Body };
        const { ETag } = await this.#send("UploadPartCommand", input, signal);
        Parts.push({ PartNumber, ETag });
      };
      await upload(first.value!);
      await upload(second.value);
      for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
        await upload(next.value);
      }
      const MultipartUpload = { Parts };
      const input = { Key, UploadId, MultipartUpload };
      await this.#send("CompleteMultipartUploadCommand", input, signal);
    } catch (error) {
      await this.#send("AbortMultipartUploadCommand", { Key, UploadId }).catch(() => {});
      throw error;
    }
  }

  async open(key: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const { Body } = await this.#send("GetObjectCommand", { Key: this.#key(key) }, signal);
    return Body!.transformToWebStream();
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    // Deleting never says that there was nothing.
    if (await this.stat(key, signal) === null) throw new Absent();
    await this.#send("DeleteObjectCommand", { Key: this.#key(key) }, signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<number | null> {
    try {
      const { ContentLength } = await this.#send(
        "HeadObjectCommand",
        { Key: this.#key(key) },
        signal,
      );
      return ContentLength ?? 0;
    } catch (error) {
      if (!this.explain(error).absent) throw error;
      await this.#requireBucket(signal);
      return null;
    }
  }

  async close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    (await open?.catch(() => undefined))?.client.destroy();
  }

  explain(error: unknown): DriverFailure {
    const { name, message, $metadata } = error as {
      name?: string;
      message?: string;
      $metadata?: { httpStatusCode?: number };
    };
    const status = $metadata?.httpStatusCode;
    return {
      absent: name === "NoSuchKey" || name === "NotFound",
      retryable: isPassingStatus(status) || isConnectionFailure(error),
      message: [status, name, message].filter((part) => part !== undefined).join(" "),
    };
  }

  /** Asking for an object says "not found" of a bucket too. */
  async #requireBucket(signal: AbortSignal): Promise<void> {
    if (this.#bucketIsThere) return;
    try {
      await this.#send("HeadBucketCommand", {}, signal);
    } catch (cause) {
      if (!this.explain(cause).absent) throw cause;
      throw new Error(`there is no bucket "${this.#config.bucket}", or it may not be seen`);
    }
    this.#bucketIsThere = true;
  }

  #key(key: string): string {
    return this.#config.prefix + key;
  }

  async #send(
    command: Exclude<keyof S3Module, "S3Client">,
    input: Record<string, unknown>,
    signal?: AbortSignal,
  ): Promise<S3Answer> {
    const { vendor, client } = await (this.#open ??= this.#connect());
    return await client.send(
      new vendor[command]({ Bucket: this.#config.bucket, ...input }),
      signal && { abortSignal: signal },
    );
  }

  async #connect(): Promise<{ vendor: S3Module; client: S3Client }> {
    const { region, endpoint_url, access_key, secret_key, session_token, force_path_style } =
      this.#config;
    const vendor = await loadVendor<S3Module>(specifier);
    const client = new vendor.S3Client({
      region: region ?? (endpoint_url === null ? undefined : "us-east-1"),
      endpoint: endpoint_url ?? undefined,
      forcePathStyle: force_path_style ?? endpoint_url !== null,
      // Trying again is done by whoever calls.
      maxAttempts: 1,
      // Servers other than Amazon's do not all know the newer checksums.
      requestChecksumCalculation: "WHEN_REQUIRED",
      responseChecksumValidation: "WHEN_REQUIRED",
      ...access_key !== null && {
        credentials: {
          accessKeyId: access_key,
          secretAccessKey: secret_key,
          ...session_token !== null && { sessionToken: session_token },
        },
      },
    });
    return { vendor, client };
  }
}
