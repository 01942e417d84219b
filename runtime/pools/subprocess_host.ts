/**
 * The main thread of a subprocess: it starts and watches Workers, in which everything else runs.
 *
 * @module
 */
import { fromHex, readLine } from "./host_input.ts";
import { HOST_KEYS, type HostStart } from "./host_protocol.ts";
import { ProcessChannel } from "../rpc/process_channel.ts";
import { connectToParent, hostId } from "./worker_connection.ts";
import type { WorkerNotice, WorkerStart } from "./worker_main.ts";

/** How long a Worker has to answer before it counts as busy. */
const pingMs = 100;

/**
 * Runs this process as a subprocess of a pool, until the one that has started it ends or says so.
 */
export async function runPoolHost(): Promise<void> {
  const input = Deno.stdin.readable.getReader();
  const line = await readLine(input);
  if (line === undefined) return;
  const start: HostStart = JSON.parse(line);
  const secret = fromHex(start.secret);
  const channel = new ProcessChannel({
    ...await connectToParent(hostId, { port: start.port, secret }),
    maxMessageSize: start.maxMessageSize,
    sendsReserved: true,
  });
  const host = new Host(start, secret, channel);
  // The other end is gone as soon as standard input ends: nobody wants what still runs here.
  void (async () => {
    while (!(await input.read()).done) { /* Nothing else is said there. */ }
    Deno.exit(0);
  })();
  try {
    await host.serve();
  } catch {
    // The connection is gone, or closed because a Worker has asked this process to end.
  }
  Deno.exit();
}

class Host {
  readonly #start: HostStart;
  readonly #secret: Uint8Array;
  readonly #channel: ProcessChannel;
  readonly #workers = new Map<number, { worker: Worker; pong: (() => void) | undefined }>();

  constructor(start: HostStart, secret: Uint8Array, channel: ProcessChannel) {
    this.#start = start;
    this.#secret = secret;
    this.#channel = channel;
  }

  async serve(): Promise<void> {
    for (;;) {
      const [key, data] = await this.#channel.recv();
      switch (key) {
        case HOST_KEYS.SPAWN:
          this.#spawn(data as number);
          break;
        case HOST_KEYS.TERMINATE:
          this.#workers.get(data as number)?.worker.terminate();
          this.#workers.delete(data as number);
          break;
        case HOST_KEYS.FLUSH:
          void this.#flush(data as [number, string]);
          break;
        case HOST_KEYS.SHUTDOWN:
          return await this.#channel.close();
      }
    }
  }

  #spawn(workerId: number): void {
    const { url, name, poolId, port, maxMessageSize, capturesConsole } = {
      ...this.#start,
    };
    const { workerPermissions } = this.#start;
    const worker = new Worker(new URL("./worker_entry.ts", import.meta.url), {
      type: "module",
      name: `${poolId}/${workerId}`,
      ...workerPermissions &&
        { deno: { permissions: workerPermissions as Deno.PermissionOptionsObject } },
    });
    const place = { worker, pong: undefined };
    this.#workers.set(workerId, place);
    worker.onmessage = ({ data }) => this.#received(workerId, data);
    const died = (reason: string) =>
      this.#send(HOST_KEYS.NOTICE, [workerId, { type: "died", reason }]);
    worker.onmessageerror = () => died("a message of it cannot be read");
    worker.onerror = (event) => {
      event.preventDefault();
      died(event.message);
    };
    const start: WorkerStart = {
      type: "start",
      workerId,
      url,
      name,
      connect: { port, secret: this.#secret },
      maxMessageSize,
      capturesConsole,
    };
    worker.postMessage(start);
  }

  #received(workerId: number, notice: WorkerNotice): void {
    switch (notice.type) {
      case "now":
        return this.#send(HOST_KEYS.RESPONSE, [workerId, notice.post]);
      case "output":
        return this.#send(HOST_KEYS.OUTPUT, [notice.entry]);
      case "pong":
        return this.#workers.get(workerId)?.pong?.();
      case "bye":
        if (notice.exits) {
          Deno.exitCode = notice.code;
          return void this.#channel.close();
        }
    }
    this.#send(HOST_KEYS.NOTICE, [workerId, notice]);
  }

  /** Sends what Workers have written, and marks in both streams how far that is. */
  async #flush([id, marker]: [number, string]): Promise<void> {
    // What a Worker has posted before its answer has arrived when that does.
    await Promise.all(Array.from(this.#workers.values(), (place) =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pingMs);
        place.pong = () => {
          clearTimeout(timer);
          resolve();
        };
        place.worker.postMessage({ type: "ping" });
      })));
    const bytes = new TextEncoder().encode(marker);
    Deno.stdout.writeSync(bytes);
    Deno.stderr.writeSync(bytes);
    this.#send(HOST_KEYS.FLUSHED, id);
  }

  #send(key: string, data: unknown): void {
    this.#channel.send(key, data).catch(() => {});
  }
}
