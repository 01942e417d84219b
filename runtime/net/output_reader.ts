/**
 * Fetching what comes into the output queues: now, later, or one after another.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { Clock } from "./clock.ts";
import { NetStateError, OutputTimeoutError } from "./error.ts";
import { Fifo } from "./fifo.ts";
import type { ConsumedOutputPacket, OutputQueues, OutputQueueSelector } from "./output_queues.ts";

/** Removes up to `count` packets from the front of a queue, as one commit, and returns them. */
export type TakeOutput = (queueName: string, count: number) => ConsumedOutputPacket[];

/** Whether to get a value alone or with where it came from. */
export interface OutputOptions {
  /**
   * Return {@linkcode ConsumedOutputPacket}s instead of bare values.
   *
   * @default {false}
   */
  includeMetadata?: boolean;
}

/** Options of waiting for output. */
export interface GetOutputOptions extends OutputOptions {
  /** How long to wait, in seconds; for ever if left out. */
  timeout?: number;
  /** Ends the wait; its reason is thrown. */
  signal?: AbortSignal;
}

/** The same options, with items instead of bare values asked for. */
export type WithMetadata<Options extends OutputOptions> = Options & { includeMetadata: true };

interface Waiter {
  readonly deliver: (item: ConsumedOutputPacket) => void;
  readonly fail: (error: unknown) => void;
}

/**
 * The reading side of {@linkcode OutputQueues}.
 *
 * Whoever asked first is served first. `serve` must be called after packets were appended.
 */
export class OutputReader {
  readonly #queues: OutputQueues;
  readonly #clock: Clock;
  readonly #take: TakeOutput;
  /** Invariant: a queue with waiters holds no packets, except between a commit and `serve`. */
  readonly #waiters = new Map<string, Fifo<Waiter>>();
  /** Closes the open iterators when the net is closed. */
  readonly #iterators = new Set<() => void>();

  /**
   * Creates a reader of `queues`.
   *
   * @param take Takes packets from a queue; by default `queues.take`, without a commit.
   */
  constructor(
    queues: OutputQueues,
    clock: Clock,
    take: TakeOutput = (queueName, count) => queues.take(queueName, count),
  ) {
    this.#queues = queues;
    this.#clock = clock;
    this.#take = take;
  }

  /**
   * Waits for the next packet of a queue and returns its value.
   *
   * @throws {OutputTimeoutError} If none comes within `timeout` seconds.
   * @throws {OutputQueueNotFoundError} If there is no such queue.
   * @throws {InvalidArgumentError} If the selector or the timeout cannot be used.
   * @throws {NetStateError} If the net is closed while waiting.
   */
  getOutput(
    queue: OutputQueueSelector,
    options: WithMetadata<GetOutputOptions>,
  ): Promise<ConsumedOutputPacket>;
  getOutput(queue: OutputQueueSelector, options?: GetOutputOptions): Promise<unknown>;
  async getOutput(queue: OutputQueueSelector, options: GetOutputOptions = {}): Promise<unknown> {
    const queueName = this.#queues.resolve(queue);
    const { timeout = Infinity, signal, includeMetadata = false } = options;
    if (typeof timeout !== "number" || !(timeout >= 0)) {
      throw new InvalidArgumentError(
        `Cannot wait for output: \`timeout\` must be a number of seconds, 0 or more, got ${timeout}`,
      );
    }
    signal?.throwIfAborted();
    const item = this.#takeOne(queueName) ?? await this.#wait(queueName, timeout, signal);
    return includeMetadata ? item : item.value;
  }

  /** The value of the next packet of a queue, or `undefined` if none waits. */
  tryGetOutput(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket | undefined;
  tryGetOutput(queue: OutputQueueSelector, options?: OutputOptions): unknown;
  tryGetOutput(queue: OutputQueueSelector, options: OutputOptions = {}): unknown {
    const item = this.#takeOne(this.#queues.resolve(queue));
    return options.includeMetadata ? item : item?.value;
  }

  /** Empties a queue and returns the values that waited in it, oldest first. */
  flushOutputQueue(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket[];
  flushOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[];
  flushOutputQueue(queue: OutputQueueSelector, options: OutputOptions = {}): unknown[] {
    const items = this.#takeAll(this.#queues.resolve(queue));
    return options.includeMetadata ? items : items.map((item) => item.value);
  }

  /** Empties all queues and returns what waited in those that held something. */
  flushAllOutputQueues(
    options: WithMetadata<OutputOptions>,
  ): Map<string, ConsumedOutputPacket[]>;
  flushAllOutputQueues(options?: OutputOptions): Map<string, unknown[]>;
  flushAllOutputQueues(options: OutputOptions = {}): Map<string, unknown[]> {
    const flushed = new Map<string, unknown[]>();
    for (const queueName of this.#queues.names) {
      const items = this.flushOutputQueue(queueName, options);
      if (items.length > 0) flushed.set(queueName, items);
    }
    return flushed;
  }

  /** Whether a packet waits in a queue. */
  hasOutput(queue: OutputQueueSelector): boolean {
    return this.outputCount(queue) > 0;
  }

  /** How many packets wait in a queue. */
  outputCount(queue: OutputQueueSelector): number {
    return this.#queues.count(this.#queues.resolve(queue));
  }

  /** What waits in a queue, oldest first; it stays there. */
  peekOutputQueue(
    queue: OutputQueueSelector,
    options: WithMetadata<OutputOptions>,
  ): ConsumedOutputPacket[];
  peekOutputQueue(queue: OutputQueueSelector, options?: OutputOptions): unknown[];
  peekOutputQueue(queue: OutputQueueSelector, options: OutputOptions = {}): unknown[] {
    const items = this.#queues.items(this.#queues.resolve(queue));
    return options.includeMetadata ? items : items.map((item) => item.value);
  }

  /**
   * Iterates over what comes into a queue, each packet once, until the net is closed and nothing is
   * left, or until `signal` is aborted.
   */
  outputs(
    queue: OutputQueueSelector,
    options: WithMetadata<Omit<GetOutputOptions, "timeout">>,
  ): AsyncIterableIterator<ConsumedOutputPacket>;
  outputs(
    queue: OutputQueueSelector,
    options?: Omit<GetOutputOptions, "timeout">,
  ): AsyncIterableIterator<unknown>;
  outputs(
    queue: OutputQueueSelector,
    options: Omit<GetOutputOptions, "timeout"> = {},
  ): AsyncIterableIterator<unknown> {
    const queueName = this.#queues.resolve(queue);
    const { includeMetadata = false } = options;
    const stop = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
    const end = () => stop.abort();
    this.#iterators.add(end);
    const done = (): IteratorResult<unknown> => {
      this.#iterators.delete(end);
      stop.abort();
      return { done: true, value: undefined };
    };
    let returned = false;
    return {
      next: async () => {
        if (returned) return done();
        let item = this.#takeOne(queueName);
        if (item === undefined) {
          if (signal.aborted) return done();
          try {
            item = await this.#wait(queueName, Infinity, signal);
          } catch (error) {
            if (signal.aborted) return done();
            throw error;
          }
        }
        return { done: false, value: includeMetadata ? item : item.value };
      },
      return: () => {
        returned = true;
        return Promise.resolve(done());
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** Hands packets that were just appended to whoever waits for them, oldest waiter first. */
  serve(): void {
    for (const [queueName, waiters] of this.#waiters) {
      while (waiters.length > 0 && this.#queues.count(queueName) > 0) {
        const waiter = waiters.take()!;
        waiter.deliver(this.#take(queueName, 1)[0]!);
      }
      if (waiters.length === 0) this.#waiters.delete(queueName);
    }
  }

  /** Whether anybody waits for output. */
  get waiting(): boolean {
    return this.#waiters.size > 0;
  }

  /**
   * Ends all waits because the net is closed: iterators end once their queue is empty, waits for a
   * single packet fail. Queues keep what they hold and can be read on.
   */
  close(): void {
    for (const end of [...this.#iterators]) end();
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const [queueName, waiting] of waiters) {
      const error = new NetStateError(
        `The net was closed while somebody waited for output queue "${queueName}"`,
      );
      for (const waiter of waiting) waiter.fail(error);
    }
  }

  #takeOne(queueName: string): ConsumedOutputPacket | undefined {
    // Whoever waits has asked before.
    if (this.waiting) this.serve();
    return this.#queues.count(queueName) > 0 ? this.#take(queueName, 1)[0] : undefined;
  }

  #takeAll(queueName: string): ConsumedOutputPacket[] {
    if (this.waiting) this.serve();
    const count = this.#queues.count(queueName);
    return count > 0 ? this.#take(queueName, count) : [];
  }

  #wait(
    queueName: string,
    timeout: number,
    signal: AbortSignal | undefined,
  ): Promise<ConsumedOutputPacket> {
    if (timeout === 0) return Promise.reject(new OutputTimeoutError(queueName, timeout));
    return new Promise((resolve, reject) => {
      const onAbort = () => {
        this.#forget(queueName, waiter);
        waiter.fail(signal!.reason);
      };
      const settle = () => {
        this.#clock.clearTimeout(timer);
        signal?.removeEventListener("abort", onAbort);
      };
      const waiter: Waiter = {
        deliver: (item) => {
          settle();
          resolve(item);
        },
        fail: (error) => {
          settle();
          reject(error);
        },
      };
      const timer = timeout === Infinity ? undefined : this.#clock.setTimeout(() => {
        this.#forget(queueName, waiter);
        waiter.fail(new OutputTimeoutError(queueName, timeout));
      }, timeout * 1000);
      signal?.addEventListener("abort", onAbort, { once: true });
      this.#enqueue(queueName, waiter);
    });
  }

  #enqueue(queueName: string, waiter: Waiter): void {
    let waiters = this.#waiters.get(queueName);
    if (waiters === undefined) this.#waiters.set(queueName, waiters = new Fifo());
    waiters.push(waiter);
  }

  #forget(queueName: string, waiter: Waiter): void {
    const waiters = this.#waiters.get(queueName);
    waiters?.remove(waiter);
    if (waiters?.length === 0) this.#waiters.delete(queueName);
  }
}
