/**
 * One subprocess with its Workers, as the process that has started it sees it.
 *
 * @module
 */
import { ProcessChannel } from "../rpc/process_channel.ts";
import { fromPortable, type Substitute } from "../rpc/portable.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import type { OutputEntry } from "./capture_console.ts";
import { type CrashDetails, WorkerCrashed, WorkerException, WorkerTimeout } from "./error.ts";
import { toHex } from "./host_input.ts";
import { HOST_KEYS, type HostNotice, type HostResponse, type HostStart } from "./host_protocol.ts";
import { OutputBuffer } from "./output_buffer.ts";
import { OutputReader } from "./output_reader.ts";
import { subprocessCommand } from "./subprocess_command.ts";
import type { ConnectionPair, SubprocessListener } from "./subprocess_listener.ts";
import type { LinkEvents, WorkerLink } from "./supervised_pool.ts";
import { hostId, secretSize } from "./worker_connection.ts";

/** What a {@linkcode Subprocess} is started with. */
export interface SubprocessOptions {
  readonly url: string;
  readonly name: string;
  readonly poolId: string;
  readonly listener: SubprocessListener;
  readonly projectRoot: string;
  readonly startTimeout: number;
  readonly maxMessageSize: number;
  readonly permissions: "inherit" | "none" | PoolPermissions;
  readonly env: readonly string[] | null;
  readonly maxHeapMb: number | null;
  readonly redirectsOutput: boolean;
  readonly keepsOutput: boolean;
  readonly outputInterval: number;
  readonly onOutput: ((entries: OutputEntry[]) => void) | undefined;
}

/** How long what has been sent before an end is waited for. */
const lastWordsMs = 1000;

/** A subprocess. */
export class Subprocess {
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>;
  readonly #options: SubprocessOptions;
  readonly #child: Deno.ChildProcess;
  readonly #secret: string;
  readonly #workers = new Map<number, HostedWorker>();
  readonly #output: OutputBuffer;
  readonly #readers: OutputReader[] = [];
  readonly #flushes = new Map<number, () => void>();
  readonly #stdin: WritableStreamDefaultWriter<Uint8Array>;
  #channel: ProcessChannel | undefined;
  #flushCount = 0;
  /** How it has ended, if it has. */
  #end: CrashDetails & { reason: string } | undefined;

  private constructor(options: SubprocessOptions, child: Deno.ChildProcess, secret: string) {
    this.#options = options;
    this.#child = child;
    this.#secret = secret;
    this.#stdin = child.stdin.getWriter();
    this.#output = new OutputBuffer({
      keeps: options.keepsOutput,
      interval: options.outputInterval,
      onOutput: options.onOutput,
    });
    if (options.redirectsOutput) {
      for (const [stream, isStdout] of [[child.stdout, true], [child.stderr, false]] as const) {
        this.#readers.push(
          new OutputReader(stream, isStdout, (entry) => this.#output.add([entry])),
        );
      }
    }
    this.ended = this.#watch();
  }

  /** Starts a subprocess; resolves when it has connected. */
  static async start(options: SubprocessOptions): Promise<Subprocess> {
    const { listener, redirectsOutput, startTimeout, poolId } = options;
    const secretBytes = crypto.getRandomValues(new Uint8Array(secretSize));
    const secret = toHex(secretBytes);
    const { program, args, env, clearEnv, workerPermissions } = await subprocessCommand({
      permissions: options.permissions,
      env: options.env,
      max_heap_mb: options.maxHeapMb,
      projectRoot: options.projectRoot,
      port: listener.port,
    });
    const stream = redirectsOutput ? "piped" : "inherit";
    const child = new Deno.Command(program, {
      args,
      env,
      clearEnv,
      cwd: options.projectRoot,
      stdin: "piped",
      stdout: stream,
      stderr: stream,
      // A terminal sends its interrupt to all that are not: this process decides when they end.
      detached: true,
    }).spawn();
    const process = new Subprocess(options, child, secret);
    const start: HostStart = {
      port: listener.port,
      secret,
      url: options.url,
      name: options.name,
      poolId,
      maxMessageSize: options.maxMessageSize,
      capturesConsole: redirectsOutput,
      workerPermissions,
    };
    const { pair, forget } = listener.expect(secret, hostId);
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      await process.#stdin.write(new TextEncoder().encode(JSON.stringify(start) + "\n"));
      const { input, output } = await Promise.race([
        pair,
        process.ended.then(() => {
          throw process.#failedToStart();
        }),
        new Promise<never>((_, reject) => {
          timer = setTimeout(
            () => reject(new WorkerTimeout(-1, startTimeout, "start its process")),
            startTimeout * 1000,
          );
        }),
      ]);
      process.#channel = new ProcessChannel({
        input,
        output,
        maxMessageSize: options.maxMessageSize,
        sendsReserved: true,
        deliver: (key, data) => process.#received(key, data),
      });
      return process;
    } catch (error) {
      forget();
      process.kill();
      await process.ended;
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Id of the process. */
  get pid(): number {
    return this.#child.pid;
  }

  /** Starts a Worker in it; resolves when that is ready. */
  async launch(workerId: number, events: LinkEvents): Promise<WorkerLink> {
    const { listener, startTimeout, maxMessageSize, poolId } = this.#options;
    const { pair, forget } = listener.expect(this.#secret, workerId);
    const worker = new HostedWorker(this, poolId, workerId, events);
    this.#workers.set(workerId, worker);
    if (this.#end) worker.died(this.#end.reason, this.#end);
    const timer = setTimeout(
      () => worker.fail(new WorkerTimeout(workerId, startTimeout, "become ready")),
      startTimeout * 1000,
    );
    try {
      await this.#channel!.send(HOST_KEYS.SPAWN, workerId).catch(() => {});
      const connections = await Promise.race([pair, worker.ready.then(() => pair)]);
      worker.connect(
        new ProcessChannel({
          ...connections,
          maxMessageSize,
          deliver: (key, data) => worker.message(key, data),
          ended: (error) => void (error && worker.cut(error.reason)),
        }),
      );
      await worker.ready;
      return worker;
    } catch (error) {
      forget();
      this.terminate(workerId);
      if (worker.isConnected) await worker.disconnect();
      else void pair.then(closeBoth);
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is left of a Worker. */
  terminate(workerId: number): void {
    this.#channel?.send(HOST_KEYS.TERMINATE, workerId).catch(() => {});
  }

  /** Ends it at once, with everything that it has started. */
  kill(): void {
    try {
      // It leads a group of its own.
      if (Deno.build.os !== "windows") Deno.kill(-this.#child.pid, "SIGKILL");
    } catch {
      // The group is gone, or may not be signalled.
    }
    try {
      this.#child.kill("SIGKILL");
    } catch {
      // It has ended.
    }
  }

  /** Returns and forgets what it has written so far. */
  async flush(): Promise<OutputEntry[]> {
    if (this.#readers.length > 0 && !this.#end) {
      const id = ++this.#flushCount;
      const marker = `\u0000${this.#secret}:${id}\n`;
      const answered = Promise.withResolvers<void>();
      this.#flushes.set(id, answered.resolve);
      const seen = this.#readers.map((reader) => reader.waitFor(marker));
      this.#channel!.send(HOST_KEYS.FLUSH, [id, marker]).catch(() => answered.resolve());
      await Promise.race([Promise.all([answered.promise, ...seen]), this.ended]);
      this.#flushes.delete(id);
    }
    return this.#output.take();
  }

  /** Lets it end; resolves when it has. */
  async close(): Promise<void> {
    if (!this.#end) {
      await this.#channel?.send(HOST_KEYS.SHUTDOWN, null).catch(() => {});
      const timer = setTimeout(() => this.kill(), lastWordsMs);
      await this.ended;
      clearTimeout(timer);
    }
    this.#output.deliver();
  }

  #failedToStart(): WorkerCrashed {
    const text = this.#output.take().map(({ text }) => text).join("").trim();
    const { reason } = this.#end!;
    return new WorkerCrashed(
      this.#options.poolId,
      -1,
      text === "" ? reason : `${reason}: ${text}`,
      this.#end,
    );
  }

  async #watch(): Promise<void> {
    const { code, signal } = await this.#child.status;
    this.#end = signal === null
      ? { reason: `Process exited with code ${code}`, exitCode: code }
      : { reason: `Process was ended by ${signal}`, exitCode: code, signal };
    await this.#stdin.abort().catch(() => {});
    await Promise.all(this.#readers.map((reader) => within(lastWordsMs, reader.done)));
    for (const reader of this.#readers) reader.cancel();
    this.#channel?.abort(this.#end.reason);
    await Promise.all(
      Array.from(this.#workers.values(), (worker) => worker.died(this.#end!.reason, this.#end)),
    );
  }

  #received(key: string, data: unknown): void {
    switch (key) {
      case HOST_KEYS.NOTICE: {
        const [workerId, notice] = data as HostNotice;
        return void this.#workers.get(workerId)?.notice(notice);
      }
      case HOST_KEYS.RESPONSE: {
        const [workerId, [messageKey, value, substitutes]] = data as HostResponse;
        return this.#workers.get(workerId)?.message(messageKey, fromPortable(value, substitutes));
      }
      case HOST_KEYS.OUTPUT:
        return this.#output.add(data as OutputEntry[]);
      case HOST_KEYS.FLUSHED:
        return this.#flushes.get(data as number)?.();
    }
  }
}

/** A Worker of a subprocess. */
class HostedWorker implements WorkerLink {
  /** Resolves when it is ready. */
  readonly ready: Promise<void>;
  readonly #process: Subprocess;
  readonly #poolId: string;
  readonly #workerId: number;
  readonly #events: LinkEvents;
  readonly #readiness = Promise.withResolvers<void>();
  readonly #done = Promise.withResolvers<void>();
  #channel: ProcessChannel | undefined;
  #isReady = false;
  #isOver = false;

  constructor(process: Subprocess, poolId: string, workerId: number, events: LinkEvents) {
    this.#process = process;
    this.#poolId = poolId;
    this.#workerId = workerId;
    this.#events = events;
    this.ready = this.#readiness.promise;
    this.ready.catch(() => {});
  }

  connect(channel: ProcessChannel): void {
    this.#channel = channel;
  }

  get isConnected(): boolean {
    return this.#channel !== undefined;
  }

  async disconnect(): Promise<void> {
    this.#channel?.abort("the worker has ended");
    await this.#channel?.readToEnd;
  }

  message(key: string, data: unknown): void {
    this.#events.message(key, data);
  }

  send(key: string, data: unknown): Promise<void> {
    return this.#channel!.send(key, data);
  }

  post(key: string, data: unknown, failed: (error: unknown) => void): void {
    this.#channel!.post(key, data, failed);
  }

  async shutdown(): Promise<void> {
    await this.#channel!.close();
    await this.#done.promise;
  }

  /** Ends the whole process, unless the Worker has ended by itself: nothing less stops what spins. */
  async kill(_reason: string): Promise<void> {
    if (this.#isOver) return this.#process.terminate(this.#workerId);
    this.#isOver = true;
    this.#process.kill();
    await this.#process.ended;
    this.#channel?.abort("its process was ended");
  }

  /** It cannot become ready. */
  fail(error: Error): void {
    this.#isOver = true;
    this.#readiness.reject(error);
  }

  async notice(notice: HostNotice[1]): Promise<void> {
    switch (notice.type) {
      case "ready":
        this.#isReady = true;
        return this.#readiness.resolve();
      case "done":
        this.#isOver = true;
        return this.#done.resolve();
      case "failed":
      case "threw": {
        const substitutes = notice.substitutes as readonly Substitute[] | undefined;
        const thrown = fromPortable(notice.error, substitutes);
        return await this.#over(new WorkerException(this.#workerId, thrown));
      }
      case "returned":
        return await this.died("its function returned");
      case "bye":
        return await this.died(`it closed itself with code ${notice.code}`);
      case "died":
        return await this.died(notice.reason);
    }
  }

  /** Its connection is broken. Why it has ended others know better, if it has. */
  async cut(reason: string): Promise<void> {
    if (this.#isOver) return;
    await within(lastWordsMs, Promise.race([this.#process.ended, this.#done.promise]));
    await this.died(`its connection is broken: ${reason}`);
  }

  async died(reason: string, details?: CrashDetails): Promise<void> {
    await this.#over(new WorkerCrashed(this.#poolId, this.#workerId, reason, details));
  }

  async #over(error: WorkerCrashed | WorkerException): Promise<void> {
    this.#done.resolve();
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.#isReady) return this.#readiness.reject(error);
    // What it has sent before counts: whether a job had started must be known.
    if (this.#channel) await within(lastWordsMs, this.#channel.readToEnd);
    this.#channel?.abort(error.message);
    this.#events.ended(error);
  }
}

function closeBoth({ input, output }: ConnectionPair): void {
  input.close();
  output.close();
}

/** Waits for a promise, but not longer. */
async function within(ms: number, promise: Promise<unknown>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([promise, new Promise<void>((resolve) => timer = setTimeout(resolve, ms))]);
  clearTimeout(timer);
}
