/**
 * Files in a folder of another machine, by SFTP.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { dirname, join } from "node:path/posix";
import { Readable } from "node:stream";
import type { SSHBackendConfig } from "../schema/backend.ts";
import { fingerprint, isKnownHost } from "./host_key.ts";
import { Absent, type BackendDriver, DeadlineError, type DriverFailure } from "./keyed_backend.ts";
import { isConnectionFailure, loadVendor } from "./vendor.ts";

const specifier = "npm:ssh2-sftp-client@^12.0.0";

/** What is used of the vendor's client. */
interface SFTPModule {
  default: new (name: string, listeners: Record<string, (error?: Error) => void>) => SFTPClient;
}
interface SFTPClient {
  /** The client that carries it. */
  client: { setNoDelay(on: boolean): void; destroy(): void };
  connect(options: Record<string, unknown>): Promise<unknown>;
  mkdir(path: string, recursive: boolean): Promise<unknown>;
  put(source: Buffer | Readable, path: string): Promise<unknown>;
  posixRename(from: string, to: string): Promise<unknown>;
  createReadStream(path: string): Readable;
  stat(path: string): Promise<{ size: number; isDirectory: boolean }>;
  delete(path: string): Promise<unknown>;
  end(): Promise<unknown>;
}

/** Keeps what is under a key in the file of that path below a folder. */
export class SSHDriver implements BackendDriver {
  readonly name: string;
  readonly #config: SSHBackendConfig<never>;
  #client: Promise<SFTPClient> | undefined;
  /** The same, once it is connected. */
  #open: SFTPClient | undefined;
  /** Folders that are known to be there. */
  readonly #folders = new Set<string>();
  /** Files that a lost connection left half written, to be removed by the next. */
  readonly #drafts = new Set<string>();

  /** Creates the driver. */
  constructor(config: SSHBackendConfig<never>) {
    this.#config = config;
    this.name = `ssh ${config.host}:${config.port}${join("/", config.base_path)}`;
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    await this.#using(signal, (client) => this.#write(client, this.#path(key), data, signal));
  }

  async #write(
    client: SFTPClient,
    path: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const folder = dirname(path);
    if (!this.#folders.has(folder)) {
      await client.mkdir(folder, true);
      this.#folders.add(folder);
    }
    const draft = `${folder}/.${crypto.randomUUID()}.part`;
    const source = data instanceof Uint8Array
      ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
      : Readable.fromWeb(data as never, { signal });
    try {
      await client.put(source, draft);
      signal.throwIfAborted();
      await client.posixRename(draft, path);
    } catch (error) {
      this.#folders.delete(folder);
      if (isLost(error)) this.#drafts.add(draft);
      else await client.delete(draft).catch(() => {});
      throw error;
    }
  }

  open(key: string, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    return this.#using(signal, async (client) => {
      if (await this.#stat(client, key) === null) throw new Absent();
      const stream = client.createReadStream(this.#path(key));
      signal.addEventListener("abort", () => stream.destroy(), { once: true });
      stream.once("error", (error) => isLost(error) && this.#forget(client));
      return Readable.toWeb(stream) as ReadableStream<Uint8Array>;
    });
  }

  async delete(key: string, signal: AbortSignal): Promise<void> {
    await this.#using(signal, async (client) => {
      if (await this.#stat(client, key) === null) throw new Absent();
      await client.delete(this.#path(key));
    });
  }

  stat(key: string, signal: AbortSignal): Promise<number | null> {
    return this.#using(signal, (client) => this.#stat(client, key));
  }

  async #stat(client: SFTPClient, key: string): Promise<number | null> {
    try {
      const { size, isDirectory } = await client.stat(this.#path(key));
      return isDirectory ? null : size;
    } catch (error) {
      if (this.explain(error).absent) return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    const client = this.#client;
    this.#client = this.#open = undefined;
    await (await client?.catch(() => undefined))?.end();
  }

  explain(error: unknown): DriverFailure {
    const { code, message } = error as { code?: unknown; message?: string };
    return {
      absent: code === 2 || code === "ENOENT",
      retryable: isLost(error),
      message: message ?? String(error),
    };
  }

  #path(key: string): string {
    return join(this.#config.base_path, key);
  }

  /** Does something with the connection, which is given up if it turns out to be lost. */
  async #using<T>(signal: AbortSignal, work: (client: SFTPClient) => Promise<T>): Promise<T> {
    const client = await this.#connected();
    const giveUp = () => {
      if (signal.reason instanceof DeadlineError) this.#forget(client);
    };
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      return await work(client);
    } catch (error) {
      if (isLost(error)) this.#forget(client);
      throw error;
    }
  }

  #connected(): Promise<SFTPClient> {
    if (this.#client) return this.#client;
    const connecting = this.#connect();
    this.#client = connecting;
    connecting.then((client) => this.#open = client, () => this.#client = undefined);
    return connecting;
  }

  /** The connection is lost: the next operation connects anew. */
  #forget(client: SFTPClient): void {
    if (this.#open !== client) return;
    this.#client = this.#open = undefined;
    this.#folders.clear();
    client.client.destroy();
  }

  async #connect(): Promise<SFTPClient> {
    const { host, port, username, key_path, key_passphrase, password } = this.#config;
    const { default: Client } = await loadVendor<SFTPModule>(specifier);
    const isRight = await this.#hostVerifier();
    let refused: string | undefined;
    const forget = () => this.#forget(client);
    // Without listeners the client prints what happens to it.
    const client = new Client("netrun", { error: forget, end: forget, close: forget });
    try {
      await client.connect({
        host,
        port,
        username: username ?? Deno.env.get("USER"),
        readyTimeout: 20_000,
        hostVerifier: (key: Uint8Array) => {
          if (!isRight(key)) refused = fingerprint(key);
          return refused === undefined;
        },
        ...key_path !== null && { privateKey: await Deno.readTextFile(key_path) },
        ...key_passphrase !== null && { passphrase: key_passphrase },
        ...password !== null && { password },
        ...key_path === null && password === null && { agent: Deno.env.get("SSH_AUTH_SOCK") },
      });
    } catch (error) {
      if (refused === undefined) throw error;
      throw new Error(
        `the key of ${host}:${port}, ${refused}, is not the expected one: set \`host_key\`, or add ` +
          "it to the known hosts, if you trust it",
      );
    }
    // Otherwise a small file waits for a timer of the network.
    client.client.setNoDelay(true);
    for (const draft of this.#drafts) await client.delete(draft).catch(() => {});
    this.#drafts.clear();
    return client;
  }

  async #hostVerifier(): Promise<(key: Uint8Array) => boolean> {
    const { host, port, host_key, known_hosts_path } = this.#config;
    if (host_key !== null) return (key) => fingerprint(key) === host_key;
    const home = Deno.env.get("HOME") ?? Deno.env.get("USERPROFILE") ?? "";
    const path = known_hosts_path ?? join(home, ".ssh", "known_hosts");
    let knownHosts: string;
    try {
      knownHosts = await Deno.readTextFile(path);
    } catch {
      return () => false;
    }
    return (key) => isKnownHost(knownHosts, host, port, key);
  }
}

/** Whether an error says that there is no connection any more. */
function isLost(error: unknown): boolean {
  const { code, message = "" } = error as { code?: unknown; message?: string };
  return isConnectionFailure(error) || code === "ERR_NOT_CONNECTED" ||
    /No response from server|Connection lost|Unexpected (?:end|close) event/i.test(message);
}
