/**
 * Doing jobs on a worker.
 *
 * @module
 */
import { setImmediate } from "node:timers";
import { captureConsole, withConsoleSink } from "../pools/capture_console.ts";
import type { RPCChannel, WorkerChannel } from "../rpc/channel.ts";
import { NotSerializableError } from "../packets/error.ts";
import { JobChannel } from "./job_channel.ts";
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
  /** What of its result is to be moved, not copied. */
  move(objects: Transferable[] | undefined): void;
  /** Waits until what it has staged, of which `moved` is not copied, is committed. */
  yielded(staged: unknown, moved: Transferable[] | undefined): Promise<void>;
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

/** How long jobs may follow each other before messages are looked at, in ms. */
const turnMs = 20;
/** Deno looks whether anything has come over a connection at every 61st turn, if there is no rest. */
const turnsToLook = 64;

class JobServer {
  readonly channel: WorkerChannel;
  readonly handlers: JobHandlers;
  readonly #waiting: RunMessage[] = [];
  readonly #running = new Map<string, RunningJob>();
  #maxJobs = 1;
  #capturesPrints = false;
  /** Whether jobs are being started already: what ends meanwhile need not start the next one. */
  #isStarting = false;
  /** Until when jobs may follow each other, in ms. */
  #turnEnds = 0;
  /** Whether messages are being looked at. */
  #isLooking = false;

  constructor(channel: WorkerChannel, handlers: JobHandlers) {
    this.channel = channel;
    this.handlers = handlers;
  }

  async serve(): Promise<void> {
    try {
      await this.channel.listen((key, data) => {
        if (!this.#isLooking) this.#look();
        this.#received(key, data as never);
      });
    } finally {
      for (const job of this.#running.values()) job.cancel("the channel was closed");
    }
  }

  #look(): void {
    this.#isLooking = true;
    this.#turnEnds = performance.now() + turnMs;
    queueMicrotask(() => this.#isLooking = false);
  }

  #received(key: string, data: never): void {
    switch (key) {
      case KEYS.RUN:
        this.#waiting.push(data);
        return this.#startWaiting();
      case KEYS.SETUP: {
        const [options] = data as [JobServerOptions];
        this.#maxJobs = options.maxJobs;
        this.#capturesPrints = options.capturePrints;
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
        const [msgId, innerKey, value] = data as [string, string?, unknown?];
        const channel = this.#running.get(msgId)?.channel;
        if (innerKey !== undefined) return channel?.receive(innerKey, value);
        return channel?.end("the other end was closed");
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
    if (this.#isStarting) return;
    this.#isStarting = true;
    this.#startNext();
  }

  /** Starts jobs one after the other, as long as there is room and time. */
  #startNext(): void {
    while (this.#waiting.length > 0 && this.#running.size < this.#maxJobs) {
      const now = performance.now();
      if (now > this.#turnEnds) return this.#endTurn();
      const job = new RunningJob(this.channel, this.#waiting.shift()!, now);
      this.#running.set(job.msgId, job);
      const told = this.#tellStarted(job);
      if (!told) this.#run(job);
      else {
        return void told.then(() => {
          this.#run(job);
          this.#startNext();
        }, ignore);
      }
    }
    this.#isStarting = false;
  }

  /** What is cancelled before it starts never does: so messages must get their turn. */
  #endTurn(): void {
    let turns = 0;
    const turn = () => {
      if (++turns < turnsToLook) return void setImmediate(turn);
      this.#turnEnds = performance.now() + turnMs;
      this.#startNext();
    };
    turn();
  }

  /**
   * Says that a job starts, in one message with the answers before it. What is written arrives,
   * whatever the job does: so it is known to have started.
   */
  #tellStarted(job: RunningJob): Promise<void> | undefined {
    try {
      this.channel.post(KEYS.UP_RUN_STARTED, [job.msgId, job.started], ignore);
      return this.channel.flush();
    } catch (error) {
      // Nobody is there any more.
      return Promise.reject(error);
    }
  }

  #run(job: RunningJob): void {
    let returned: unknown;
    try {
      returned = this.#capturesPrints
        ? withConsoleSink(job.console, () => this.handlers.run(job, job))
        : this.handlers.run(job, job);
    } catch (error) {
      return this.#ended(job, true, error);
    }
    if (!isThenable(returned)) return this.#ended(job, false, returned);
    returned.then(
      (value) => this.#ended(job, false, value),
      (error) => this.#ended(job, true, error),
    );
  }

  #ended(job: RunningJob, isError: boolean, value: unknown): void {
    const { msgId, started, notices } = job;
    this.#running.delete(msgId);
    job.end();
    const moved = isError ? undefined : job.moved;
    this.#answer(
      [msgId, started, Date.now(), false, isError, value, notices, job.elapsedMs],
      moved,
    );
    this.#startWaiting();
  }

  #answer(answer: unknown[], moved?: Transferable[]): void {
    const failed = (error: unknown) => {
      if (!this.channel.isClosed) this.#answerOtherwise(answer, error);
    };
    try {
      this.channel.post(KEYS.UP_RUN_RESPONSE, answer, failed, moved && { transfer: moved });
    } catch (error) {
      failed(error);
    }
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

function ignore(): void {}

/** A job while it runs. */
class RunningJob implements JobIo, IncomingJob {
  readonly msgId: string;
  readonly func: string;
  readonly args: unknown[];
  readonly kwargs: Record<string, unknown> | null;
  /** When it started, in ms UTC. */
  readonly started = Date.now();
  readonly #began: number;
  readonly #channel: WorkerChannel;
  #abort: AbortController | undefined;
  #cancelled: { readonly reason: unknown } | undefined;
  #isOver = false;
  /** What it has told so far. */
  notices = 0;
  /** What of its result is moved. */
  moved: Transferable[] | undefined;
  /** Goes on with a generator. */
  goOn: (() => void) | undefined;
  /** To those who wait for it, if they want one. */
  readonly channel: JobChannel | undefined;

  constructor(channel: WorkerChannel, message: RunMessage, began: number) {
    const [msgId, func, , sendChannel, args, kwargs] = message;
    this.#channel = channel;
    this.#began = began;
    this.msgId = msgId;
    this.func = func;
    this.args = args;
    this.kwargs = kwargs;
    if (!sendChannel) return;
    this.channel = new JobChannel((message, options) =>
      channel.send(KEYS.CHANNEL, [msgId, ...message], options)
    );
  }

  /** How long it has run, in ms. */
  get elapsedMs(): number {
    return performance.now() - this.#began;
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
    this.end();
  }

  print(entries: readonly PrintEntry[]): void {
    this.#tell(KEYS.UP_PRINT_BUFFER, entries);
  }

  log(entry: NodeLogEntry): void {
    this.#tell(KEYS.UP_LOG, entry);
  }

  move(objects: Transferable[] | undefined): void {
    this.moved = objects;
  }

  async yielded(staged: unknown, moved: Transferable[] | undefined): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.goOn = resolve;
    await this.#channel.send(KEYS.YIELD, [this.msgId, staged], moved && { transfer: moved });
    await promise;
    this.goOn = undefined;
    if (this.#cancelled) throw this.#cancelled.reason;
  }

  readonly console = ({ timestamp, text }: PrintEntry): boolean => {
    if (this.#isOver) return false;
    this.print([{ timestamp, text }]);
    return true;
  };

  end(): void {
    this.#isOver = true;
    this.channel?.end("the job is over");
  }

  #tell(key: string, data: unknown): void {
    try {
      this.#channel.sendNow(key, [this.msgId, data]);
      this.notices++;
    } catch {
      // Nobody listens any more, or a log field has no copy.
    }
  }
}
