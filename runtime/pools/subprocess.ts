/**
 * One subprocess with its Workers, as the process that has started it sees it.
 *
 * @module
 */
import { ProcessChannel } from "../rpc/process_channel.ts";
import { fromPortable } from "../rpc/portable.ts";
import { within } from "../rpc/within.ts";
import type { PoolPermissions } from "../schema/pool.ts";
import type { OutputEntry } from "./capture_console.ts";
import { type CrashDetails, WorkerCrashed, WorkerTimeout } from "./error.ts";
import { HostedWorker, lastWords } from "./hosted_worker.ts";
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
    if (!this.#end) await this.#channel?.send(HOST_KEYS.SHUTDOWN, null).catch(() => {});
    const timer = setTimeout(() => this.kill(), lastWords * 1000);
    await this.ended;
    clearTimeout(timer);
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
    await Promise.all(
      this.#readers.map((reader) => within(lastWords, reader.done).catch(() => {})),
    );
    for (const reader of this.#readers) reader.cancel();
    this.#output.end();
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

function closeBoth({ input, output }: ConnectionPair): void {
  input.close();
  output.close();
}
