/**
 * Doing jobs on a worker.
 *
 * @module
 */
import { captureConsole, withConsoleSink } from "../pools/capture_console.ts";
import type { RPCChannel, WorkerChannel } from "../rpc/channel.ts";
import { type AsyncChannel, createAsyncChannelPair } from "../rpc/async_channel.ts";
import { NotSerializableError } from "../packets/error.ts";
import { ExecutionManagerProtocolKeys as KEYS, type JobServerOptions } from "./job_protocol.ts";
import type { NodeLogEntry, PrintEntry } from "./prints.ts";
import { isThenable } from "./thenable.ts";

/** A job as it arrives. */
export interface IncomingJob {
  /** Key or reference of the function. */
  readonly func: string;
  /** Its arguments. */
  readonly args: unknown[];
  /** Named arguments, passed as one object after the others; null if there are none. */
  readonly kwargs: Record<string, unknown> | null;
  /** A channel to those who wait for the job, if they want one. */
  readonly channel: RPCChannel | undefined;
}

/** What a running job can tell those who wait for it. */
export interface JobIo {
  /** Aborted when nobody waits any more. */
  readonly signal: AbortSignal;
  /** It has printed. */
  print(entries: readonly PrintEntry[]): void;
  /** It has logged. */
  log(entry: NodeLogEntry): void;
  /** Waits until what it has staged is committed. */
  yielded(staged: unknown): Promise<void>;
}

/** What a worker can do. */
export interface JobHandlers {
  /** Does a job. */
  run(job: IncomingJob, io: JobIo): unknown;
  /** Remembers a function. */
  sendFunction(key: string, reference: unknown): Promise<void> | void;
  /** What stands for a result that has no copy; undefined to fail the job. */
  substitute?(result: unknown): unknown;
}

type RunMessage = [
  msgId: string,
  func: string,
  runId: string,
  sendChannel: boolean,
  args: unknown[],
  kwargs: Record<string, unknown> | null,
];

/** Does jobs until the channel is closed. */
export async function serveJobs(channel: WorkerChannel, handlers: JobHandlers): Promise<void> {
  await new JobServer(channel, handlers).serve();
}

class JobServer {
  readonly channel: WorkerChannel;
  readonly handlers: JobHandlers;
  readonly #waiting: RunMessage[] = [];
  readonly #running = new Map<string, RunningJob>();
  #maxJobs = 1;

  constructor(channel: WorkerChannel, handlers: JobHandlers) {
    this.channel = channel;
    this.handlers = handlers;
  }

  async serve(): Promise<void> {
    try {
      for (;;) {
        const [key, data] = await this.channel.recv();
        this.#received(key, data as never);
      }
    } finally {
      for (const job of this.#running.values()) job.cancel("the channel was closed");
    }
  }

  #received(key: string, data: never): void {
    switch (key) {
      case KEYS.RUN:
        this.#waiting.push(data);
        return this.#startWaiting();
      case KEYS.SETUP: {
        const [options] = data as [JobServerOptions];
        this.#maxJobs = options.maxJobs;
        if (options.capturePrints) captureConsole();
        return;
      }
      case KEYS.SEND_FUNCTION:
        return void this.#know(data);
      case KEYS.CANCEL: {
        const [msgId, reason] = data as [string, unknown];
        const at = this.#waiting.findIndex((job) => job[0] === msgId);
        if (at < 0) return this.#running.get(msgId)?.cancel(reason);
        this.#waiting.splice(at, 1);
        const now = Date.now();
        return this.#answer([msgId, now, now, false, true, reason, 0, 0]);
      }
      case KEYS.YIELDED:
        return this.#running.get(data[0])?.goOn?.();
      case KEYS.CHANNEL: {
        const [msgId, innerKey, value] = data as [string, string, unknown];
        return this.#running.get(msgId)?.outer?.sendNow(innerKey, value);
      }
    }
  }

  async #know([msgId, key, reference]: [string, string, unknown]): Promise<void> {
    let error: unknown;
    try {
      await this.handlers.sendFunction(key, reference);
    } catch (thrown) {
      error = thrown;
    }
    this.#answerIn(KEYS.UP_SEND_FUNCTION_RESPONSE, error === undefined ? [msgId] : [msgId, error]);
  }

  #startWaiting(): void {
    while (this.#running.size < this.#maxJobs && this.#waiting.length > 0) {
      const message = this.#waiting.shift()!;
      const job = new RunningJob(this.channel, message);
      this.#running.set(message[0], job);
      void this.#run(job, message);
    }
  }

  async #run(job: RunningJob, [msgId, func, , , args, kwargs]: RunMessage): Promise<void> {
    const started = Date.now();
    try {
      // What is written arrives, whatever the job does: so it is known to have started.
      await this.channel.send(KEYS.UP_RUN_STARTED, [msgId, started]);
    } catch {
      return;
    }
    const from = performance.now();
    let value: unknown;
    let isError = false;
    try {
      const incoming = { func, args, kwargs, channel: job.inner };
      const returned = withConsoleSink(job.console, () => this.handlers.run(incoming, job));
      value = isThenable(returned) ? await returned : returned;
    } catch (error) {
      value = error;
      isError = true;
    }
    this.#running.delete(msgId);
    job.end();
    const elapsed = performance.now() - from;
    this.#answer([msgId, started, Date.now(), false, isError, value, job.notices, elapsed]);
    this.#startWaiting();
  }

  #answer(answer: unknown[]): void {
    this.channel.send(KEYS.UP_RUN_RESPONSE, answer).catch((error) => {
      if (!this.channel.isClosed) this.#answerOtherwise(answer, error);
    });
  }

  /** The result cannot be sent: says so, or sends something else in its place. */
  #answerOtherwise(answer: unknown[], error: unknown): void {
    const [msgId, started, completed, , isError, value, notices, elapsed] = answer;
    const substitute = !isError && error instanceof NotSerializableError
      ? this.handlers.substitute?.(value)
      : undefined;
    const head = [msgId, started, completed];
    const tail = [notices, elapsed];
    this.#answerIn(
      KEYS.UP_RUN_RESPONSE,
      substitute === undefined
        ? [...head, false, true, error, ...tail]
        : [...head, true, false, substitute, ...tail],
    );
  }

  #answerIn(key: string, answer: unknown[]): void {
    this.channel.send(key, answer).catch(() => {});
  }
}

/** A job while it runs. */
class RunningJob implements JobIo {
  readonly #channel: WorkerChannel;
  readonly #msgId: string;
  #abort: AbortController | undefined;
  #cancelled: { readonly reason: unknown } | undefined;
  /** What it has told so far. */
  notices = 0;
  /** Goes on with a generator. */
  goOn: (() => void) | undefined;
  readonly inner: AsyncChannel | undefined;
  readonly outer: AsyncChannel | undefined;

  constructor(channel: WorkerChannel, [msgId, , , sendChannel]: RunMessage) {
    this.#channel = channel;
    this.#msgId = msgId;
    if (sendChannel) {
      [this.inner, this.outer] = createAsyncChannelPair();
      void this.#forward(this.outer);
    }
  }

  get signal(): AbortSignal {
    if (!this.#abort) {
      this.#abort = new AbortController();
      if (this.#cancelled) this.#abort.abort(this.#cancelled.reason);
    }
    return this.#abort.signal;
  }

  cancel(reason: unknown): void {
    this.#cancelled = { reason };
    this.#abort?.abort(reason);
    this.goOn?.();
  }

  print(entries: readonly PrintEntry[]): void {
    this.#tell(KEYS.UP_PRINT_BUFFER, entries);
  }

  log(entry: NodeLogEntry): void {
    this.#tell(KEYS.UP_LOG, entry);
  }

  async yielded(staged: unknown): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.goOn = resolve;
    await this.#channel.send(KEYS.YIELD, [this.#msgId, staged]);
    await promise;
    this.goOn = undefined;
    if (this.#cancelled) throw this.#cancelled.reason;
  }

  readonly console = ({ timestamp, text }: PrintEntry): void => {
    this.print([{ timestamp, text }]);
  };

  end(): void {
    void this.outer?.close();
  }

  #tell(key: string, data: unknown): void {
    try {
      this.#channel.sendNow(key, [this.#msgId, data]);
      this.notices++;
    } catch {
      // Nobody listens any more, or a log field has no copy.
    }
  }

  async #forward(outer: AsyncChannel): Promise<void> {
    try {
      for (;;) {
        const [key, data] = await outer.recv();
        await this.#channel.send(KEYS.CHANNEL, [this.#msgId, key, data]);
      }
    } catch {
      // The job is over.
    }
  }
}
