/**
 * Delivers the events of a net, in order, to whoever listens.
 *
 * @module
 */
import { isThenable } from "../execution/thenable.ts";
import type { NetRuntimeEvent, NetRuntimeEventBody, WarningEvent } from "./event.ts";

/** Receives the events of a net. What it returns is not awaited; a rejection gives a warning. */
export type EventCallback = (event: NetRuntimeEvent) => unknown;

/** A warning as it goes to the console or to whoever was named instead. */
export type WarningSink = (warning: WarningEvent) => void;

/** Options of an {@linkcode EventStream}. */
export interface EventStreamOptions {
  /** Reads the time in ms UTC. */
  now: () => number;
  /**
   * Receives each warning, whether or not anybody listens to the stream.
   *
   * @default {console.warn}
   */
  onWarning?: WarningSink | undefined;
}

/**
 * The events of one net, numbered from 1 without gaps and delivered synchronously.
 *
 * Nobody sees event n+1 before everybody has seen event n: what a callback brings about while it
 * runs is delivered after the event that it was called with. To build nothing when nobody listens,
 * look at `active` first.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const stream = new EventStream({ now: () => 0 });
 * const seen: string[] = [];
 * const remove = stream.subscribe((event) => seen.push(`${event.seq} ${event.type}`));
 * if (stream.active) stream.emit({ type: "state", phase: "running" });
 * remove();
 * assertEquals(seen, ["1 state"]);
 * assertEquals(stream.active, false);
 * ```
 */
export class EventStream {
  /** Replaced, never changed, so that an event reaches all who listened when it was emitted. */
  #callbacks: readonly EventCallback[] = [];
  readonly #waiting: NetRuntimeEvent[] = [];
  #delivering = false;
  #seq = 0;
  readonly #now: () => number;
  readonly #onWarning: WarningSink;

  /** Creates a stream that nobody listens to yet. */
  constructor(options: EventStreamOptions) {
    this.#now = options.now;
    this.#onWarning = options.onWarning ?? printWarning;
  }

  /** Whether anybody listens. */
  get active(): boolean {
    return this.#callbacks.length > 0;
  }

  /** Number of the last event, 0 before the first. */
  get seq(): number {
    return this.#seq;
  }

  /** Calls `callback` with every event from now on, until the returned function is called. */
  subscribe(callback: EventCallback): () => void {
    let removed = false;
    // A registration of its own, so that the same function may listen twice.
    const registration: EventCallback = (event) => removed ? undefined : callback(event);
    this.#callbacks = [...this.#callbacks, registration];
    return () => {
      removed = true;
      this.#callbacks = this.#callbacks.filter((other) => other !== registration);
    };
  }

  /** Numbers an event and delivers it. Does nothing if nobody listens. */
  emit(body: NetRuntimeEventBody, timestamp: number = this.#now()): void {
    if (this.#callbacks.length === 0) return;
    this.#waiting.push({ seq: ++this.#seq, timestamp, ...body });
    if (this.#delivering) return;
    this.#delivering = true;
    try {
      // The list grows while it is walked; the order is that of `seq`.
      for (let i = 0; i < this.#waiting.length; i++) this.#deliver(this.#waiting[i]!);
    } finally {
      this.#waiting.length = 0;
      this.#delivering = false;
    }
  }

  /** Emits a warning and hands it to `onWarning`. */
  warn(code: string, message: string, nodeName?: string): void {
    const warning: WarningEvent = { type: "warning", code, message };
    if (nodeName !== undefined) warning.nodeName = nodeName;
    this.emit(warning);
    this.#onWarning(warning);
  }

  #deliver(event: NetRuntimeEvent): void {
    for (const callback of this.#callbacks) {
      try {
        const result = callback(event);
        if (isThenable(result)) {
          result.then(undefined, (error) => this.#subscriberFailed(event, error));
        }
      } catch (error) {
        this.#subscriberFailed(event, error);
      }
    }
  }

  #subscriberFailed(event: NetRuntimeEvent, error: unknown): void {
    const message = `An onEvent callback failed on event ${event.seq} (${event.type}): ${error}`;
    // A callback that fails on warnings too must not be answered with a warning event for ever.
    if (event.type === "warning") {
      this.#onWarning({ type: "warning", code: "callback_failed", message });
    } else this.warn("callback_failed", message);
  }
}

function printWarning({ code, message, nodeName }: WarningEvent): void {
  console.warn(`netrun: ${nodeName === undefined ? "" : `[${nodeName}] `}${message} (${code})`);
}
