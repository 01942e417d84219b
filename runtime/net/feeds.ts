/**
 * Continuous input: iterables that are injected as the net has room.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { Slots } from "../../sim/condition.ts";
import type { Engine } from "./engine.ts";
import { NetStateError } from "./error.ts";
import { assertPort, injectData } from "./inject.ts";
import { waitingAt } from "./manual_epoch.ts";

/** Options of `feed`. */
export interface FeedOptions {
  /**
   * So many packets may be in the net, above those that stood there when nothing moved last.
   *
   * @default {1000}
   */
  maxInNet?: number;
  /** Closes the feed; its reason is what the feed rejects with. */
  signal?: AbortSignal;
}

/** What can be fed. */
export type FeedSource = Iterable<unknown> | AsyncIterable<unknown>;

interface Feed {
  readonly nodeName: string;
  readonly portName: string;
  readonly slots: Slots;
  readonly maxInNet: number;
  readonly iterator: Iterator<unknown> | AsyncIterator<unknown>;
  /** The next value, as soon as it is known. */
  next: { readonly value: unknown } | undefined;
  injected: number;
  readonly end: (outcome: { readonly error?: unknown }) => void;
}

/** The open feeds of a net. They take turns, packet by packet. */
export class Feeds {
  readonly #engine: Engine;
  #open: Feed[] = [];
  /** Packets that stood in the net when nothing moved last: a feed is not held back by those. */
  #standing = 0;

  /** Creates the feeds of a net, none of them open. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Whether a feed is open. */
  get isOpen(): boolean {
    return this.#open.length > 0;
  }

  /** Whether a feed is open that waits for its source. */
  get isWaiting(): boolean {
    return this.#open.some(({ next }) => next === undefined);
  }

  /** Opens a feed; resolves with the number of packets when its source has ended. */
  open(
    nodeName: string,
    portName: string,
    source: FeedSource,
    { maxInNet = 1000, signal }: FeedOptions,
  ): Promise<number> {
    assertPort(this.#engine, nodeName, portName);
    if (!(maxInNet >= 1)) {
      throw new InvalidArgumentError(
        `Cannot feed node "${nodeName}": \`maxInNet\` must be 1 or more, got ${maxInNet}`,
      );
    }
    signal?.throwIfAborted();
    const { slots } = this.#engine.graph.node(nodeName)!.inPorts
      .find(({ name }) => name === portName)!;
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    const onAbort = () => this.#close(feed, signal!.reason);
    const feed: Feed = {
      nodeName,
      portName,
      slots,
      maxInNet,
      iterator: Symbol.asyncIterator in source
        ? source[Symbol.asyncIterator]()
        : source[Symbol.iterator](),
      next: undefined,
      injected: 0,
      end: (outcome) => {
        this.#open = this.#open.filter((other) => other !== feed);
        signal?.removeEventListener("abort", onAbort);
        if ("error" in outcome) reject(outcome.error);
        else resolve(feed.injected);
        this.#engine.wakeup.wake();
      },
    };
    signal?.addEventListener("abort", onAbort, { once: true });
    this.#open.push(feed);
    this.#pull(feed);
    return promise;
  }

  /** Injects as much as there is room for; whether that was anything. */
  pump(): boolean {
    if (this.#open.length === 0) return false;
    let hasInjected = false;
    for (let goesOn = true; goesOn;) {
      goesOn = false;
      for (const feed of this.#open) {
        if (!feed.next || !this.#hasRoom(feed)) continue;
        this.#inject(feed);
        goesOn = hasInjected = true;
      }
    }
    return hasInjected;
  }

  /** Nothing moves: what is in the net may stand there, and each feed gets room for one packet. */
  pumpStill(): boolean {
    this.#standing = this.#engine.state.packets.size;
    let hasInjected = false;
    for (const feed of this.#open) {
      if (!feed.next || !this.#hasPortRoom(feed)) continue;
      this.#inject(feed);
      hasInjected = true;
    }
    return hasInjected;
  }

  /** Closes all feeds, because the net is closed. */
  close(): void {
    for (const feed of this.#open) {
      const where = `input port "${feed.portName}" of node "${feed.nodeName}"`;
      this.#close(feed, new NetStateError(`The net was closed while ${where} was being fed`));
    }
  }

  #close(feed: Feed, error: unknown): void {
    feed.end({ error });
    // What the source does about it concerns nobody any more.
    void (async () => await feed.iterator.return?.())().catch(() => {});
  }

  #inject(feed: Feed): void {
    const { value } = feed.next!;
    feed.next = undefined;
    injectData(this.#engine, feed.nodeName, feed.portName, [value]);
    feed.injected++;
    this.#pull(feed);
  }

  #pull(feed: Feed): void {
    try {
      const step = feed.iterator.next();
      if (step instanceof Promise) {
        step.then((step) => this.#take(feed, step), (error) => feed.end({ error }));
      } else this.#take(feed, step as IteratorResult<unknown>);
    } catch (error) {
      feed.end({ error });
    }
  }

  #take(feed: Feed, step: IteratorResult<unknown>): void {
    if (step.done) return feed.end({});
    feed.next = { value: step.value };
    this.#engine.wakeup.wake();
  }

  #hasRoom(feed: Feed): boolean {
    const inside = this.#engine.state.packets.size;
    this.#standing = Math.min(this.#standing, inside);
    return inside - this.#standing < feed.maxInNet && this.#hasPortRoom(feed);
  }

  #hasPortRoom({ nodeName, portName, slots }: Feed): boolean {
    return slots.type === "infinite" ||
      waitingAt(this.#engine, nodeName, portName) < slots.capacity;
  }
}
