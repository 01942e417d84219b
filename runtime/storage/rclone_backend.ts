/**
 * Whatever the program rclone reaches.
 *
 * @module
 */
import { basename, dirname } from "node:path/posix";
import type { RcloneBackendConfig } from "../schema/backend.ts";
import { joinBytes } from "./canonical.ts";
import { MissingStorageDependencyError } from "./error.ts";
import { Absent, type BackendDriver, type DriverFailure } from "./keyed_backend.ts";
import {
  HTTPFailure,
  inPieces,
  isConnectionFailure,
  isPassingStatus,
  messageOf,
} from "./vendor.ts";

/** A running rclone. */
interface Server {
  readonly url: string;
  readonly authorization: string;
  readonly process: Deno.ChildProcess;
  readonly errors: Promise<void>;
}

/** Keeps what is under a key in the file of that path below a remote. */
export class RcloneDriver implements BackendDriver {
  readonly name: string;
  readonly #config: RcloneBackendConfig<never>;
  #server: Promise<Server> | undefined;

  /**
   * Creates the driver.
   *
   * @throws {MissingStorageDependencyError} If there is no program rclone.
   */
  constructor(config: RcloneBackendConfig<never>) {
    this.#config = config;
    this.name = `rclone ${config.remote}`;
    try {
      new Deno.Command("rclone", { args: ["version"], stdout: "null", stderr: "null" })
        .outputSync();
    } catch (cause) {
      if (!(cause instanceof Deno.errors.NotFound)) throw cause;
      throw new MissingStorageDependencyError(
        "rclone",
        `Cannot use the backend "${config.remote}": the program rclone is not installed`,
        { cause },
      );
    }
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const pieces: Uint8Array[] = [];
    for await (const piece of inPieces(data, 1024 * 1024)) pieces.push(piece);
    const form = new FormData();
    form.append("file", new Blob([joinBytes(pieces)]), basename(key));
    const folder = dirname(key) === "." ? "" : dirname(key);
    const query = new URLSearchParams({ fs: this.#config.remote, remote: folder });
    await this.#fetch(`operations/uploadfile?${query}`, { method: "POST", body: form, signal });
  }

  async open(key: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    if (await this.stat(key, signal) === null) throw new Absent();
    const path = key.split("/").map(encodeURIComponent).join("/");
    const remote = encodeURIComponent(`[${this.#config.remote}]`);
    const response = await this.#fetch(`${remote}/${path}`, { signal });
    return response.body!;
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    // Of the name of a folder some remotes delete all files in it.
    if (await this.stat(key, signal) === null) throw new Absent();
    await this.#call("operations/deletefile", key, signal);
  }

  async stat(key: string, signal: AbortSignal): Promise<number | null> {
    const { item } = await this.#call("operations/stat", key, signal) as {
      item: { Size: number; IsDir: boolean } | null;
    };
    return item === null || item.IsDir ? null : item.Size;
  }

  async close(): Promise<void> {
    const server = await this.#server?.catch(() => undefined);
    this.#server = undefined;
    if (!server) return;
    server.process.kill("SIGTERM");
    await Promise.all([server.process.status, server.errors]);
  }

  explain(error: unknown): DriverFailure {
    const message = messageOf(error);
    if (error instanceof HTTPFailure) {
      return { absent: error.status === 404, retryable: isPassingStatus(error.status), message };
    }
    return { retryable: isConnectionFailure(error), message };
  }

  async #call(operation: string, key: string, signal: AbortSignal): Promise<unknown> {
    const response = await this.#fetch(operation, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ fs: this.#config.remote, remote: key }),
      signal,
    });
    return await response.json();
  }

  async #fetch(path: string, init: RequestInit): Promise<Response> {
    const { url, authorization } = await this.#running();
    const headers = new Headers(init.headers);
    headers.set("authorization", authorization);
    const response = await fetch(`${url}${path}`, { ...init, headers });
    if (response.ok) {
      if (path.startsWith("operations/uploadfile")) await response.body?.cancel();
      return response;
    }
    const text = await response.text();
    throw new HTTPFailure(response.status, messageIn(text));
  }

  /** The running rclone; after it has ended, for whatever reason, another is started. */
  #running(): Promise<Server> {
    if (this.#server) return this.#server;
    const server = this.#start();
    const forget = () => {
      if (this.#server === server) this.#server = undefined;
    };
    server.then(({ process }) => process.status.then(forget), forget);
    return this.#server = server;
  }

  async #start(): Promise<Server> {
    const user = crypto.randomUUID();
    const password = crypto.randomUUID();
    const { config_path } = this.#config;
    const process = new Deno.Command("rclone", {
      args: ["rcd", "--rc-serve", "--rc-addr", "127.0.0.1:0"],
      env: {
        RCLONE_RC_USER: user,
        RCLONE_RC_PASS: password,
        ...config_path !== null && { RCLONE_CONFIG: config_path },
      },
      stdin: "null",
      stdout: "null",
      stderr: "piped",
    }).spawn();
    const { promise, resolve, reject } = Promise.withResolvers<string>();
    const errors = readAddress(process.stderr, resolve, reject);
    return {
      url: await promise,
      authorization: `Basic ${btoa(`${user}:${password}`)}`,
      process,
      errors,
    };
  }
}

/** Reads what rclone prints to its end, and finds the address that it serves. */
async function readAddress(
  lines: ReadableStream<Uint8Array>,
  found: (url: string) => void,
  failed: (error: Error) => void,
): Promise<void> {
  let text = "";
  for await (const chunk of lines.pipeThrough(new TextDecoderStream() as never)) {
    // Only the beginning matters.
    if (text.length < 10_000) text += chunk;
    const address = /Serving remote control on (http\S+)/.exec(text)?.[1];
    if (address !== undefined) found(address);
  }
  failed(new Error(`rclone ended: ${text.trim().split("\n").at(-1)}`));
}

function messageIn(text: string): string {
  try {
    return String((JSON.parse(text) as { error?: unknown }).error ?? text);
  } catch {
    return text.trim();
  }
}
