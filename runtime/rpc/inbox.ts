/**
 * Messages that have arrived, and those who wait for them.
 *
 * @module
 */
import type { RecvOptions } from "./channel.ts";
import { RecvTimeout } from "./error.ts";

interface Waiter<T> {
  resolve(item: T): void;
  reject(error: unknown): void;
}

/** An item, or an error to be thrown in its place. */
type Entry<T> = { readonly item: T } | { readonly error: unknown };

/** A queue with a head that only moves on, so that taking costs the same however much waits. */
class Queue<T> {
  #items: T[] = [];
  #head = 0;

  get length(): number {
    return this.#items.length - this.#head;
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head]!;
    this.#items[this.#head++] = undefined as T;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  clear(): void {
    this.#items = [];
    this.#head = 0;
  }
}

/** Hands what arrives to those who wait, both in order. */
export class Inbox<T> {
  readonly #entries = new Queue<Entry<T>>();
  readonly #waiters = new Set<Waiter<T>>();
  #end: { readonly error: unknown } | undefined;
  #listener: ((item: T) => void) | undefined;
  /** Rejects what {@linkcode listen} has returned. */
  #stopListening: ((error: unknown) => void) | undefined;

  /** Whether nothing more arrives. */
  get isEnded(): boolean {
    return this.#end !== undefined;
  }

  /** Adds an item. */
  push(item: T): void {
    if (this.#end) return;
    if (this.#listener) return this.#hand(item);
    const waiter = this.#nextWaiter();
    if (waiter) waiter.resolve(item);
    else this.#entries.push({ item });
  }

  /** Adds an error, which is thrown once, in its turn. */
  pushError(error: unknown): void {
    if (this.#end) return;
    const waiter = this.#nextWaiter();
    if (waiter) waiter.reject(error);
    else this.#entries.push({ error });
  }

  /** Ends it: after what has arrived, `error` is thrown for ever. */
  end(error: unknown): void {
    if (this.#end) return;
    this.#end = { error };
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters.clear();
    this.#stopListening?.(error);
  }

  /** Ends it and drops what has arrived. */
  drop(error: unknown): void {
    this.#entries.clear();
    this.#end = undefined;
    this.end(error);
  }

  /** The next item; undefined if there is none yet. */
  tryTake(): T | undefined {
    const entry = this.#entries.shift();
    if (!entry) {
      if (this.#end) throw this.#end.error;
      return undefined;
    }
    if ("error" in entry) throw entry.error;
    return entry.item;
  }

  /** Waits for the next item. */
  take({ timeout, signal }: RecvOptions = {}): Promise<T> {
    const entry = this.#entries.shift();
    if (entry) {
      return "error" in entry ? Promise.reject(entry.error) : Promise.resolve(entry.item);
    }
    if (this.#end) return Promise.reject(this.#end.error);
    if (signal?.aborted) return Promise.reject(signal.reason);
    return new Promise((resolve, reject) => {
      if (timeout === undefined && !signal) {
        this.#waiters.add({ resolve, reject });
        return;
      }
      let timer: ReturnType<typeof setTimeout> | undefined;
      const stop = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", aborted);
        this.#waiters.delete(waiter);
      };
      const waiter: Waiter<T> = {
        resolve(item) {
          stop();
          resolve(item);
        },
        reject(error) {
          stop();
          reject(error);
        },
      };
      const aborted = () => waiter.reject(signal!.reason);
      if (timeout !== undefined) {
        timer = setTimeout(() => waiter.reject(new RecvTimeout(timeout)), timeout * 1000);
      }
      signal?.addEventListener("abort", aborted);
      this.#waiters.add(waiter);
    });
  }

  /** Hands over every item, those of now and those to come; rejects when there will be no more. */
  listen(listener: (item: T) => void): Promise<never> {
    return new Promise((_, reject) => {
      for (;;) {
        const entry = this.#entries.shift();
        if (!entry) break;
        if ("error" in entry) return reject(entry.error);
        listener(entry.item);
      }
      if (this.#end) return reject(this.#end.error);
      this.#listener = listener;
      this.#stopListening = reject;
    });
  }

  #hand(item: T): void {
    try {
      this.#listener!(item);
    } catch (error) {
      this.#stopListening!(error);
    }
  }

  #nextWaiter(): Waiter<T> | undefined {
    for (const waiter of this.#waiters) {
      this.#waiters.delete(waiter);
      return waiter;
    }
    return undefined;
  }
}
