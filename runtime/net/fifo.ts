/**
 * A queue of which both ends are cheap.
 *
 * @module
 */

/** Heads that are taken before the array is shortened. */
const minShift = 32;

/**
 * First in, first out; each operation takes constant time, on average.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const queue = new Fifo<number>();
 * queue.push(1);
 * queue.push(2);
 * assertEquals([queue.take(), queue.length, [...queue]], [1, 1, [2]]);
 * ```
 */
export class Fifo<T> implements Iterable<T> {
  /** Invariant: the items before `#head` are taken and cleared, those from it on are the queue. */
  #items: (T | undefined)[] = [];
  #head = 0;

  /** How many items it holds. */
  get length(): number {
    return this.#items.length - this.#head;
  }

  /** The item that `take` would return, or `undefined` if there is none. */
  get first(): T | undefined {
    return this.#items[this.#head];
  }

  /** Adds an item at the end. */
  push(item: T): void {
    this.#items.push(item);
  }

  /** Removes the oldest item and returns it, or `undefined` if there is none. */
  take(): T | undefined {
    if (this.#head === this.#items.length) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head++] = undefined;
    if (this.#head === this.#items.length) {
      this.#items = [];
      this.#head = 0;
    } else if (this.#head >= minShift && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    return item;
  }

  /** Removes one item from wherever it stands; returns whether it was there. Linear in the length. */
  remove(item: T): boolean {
    const index = this.#items.indexOf(item, this.#head);
    if (index < 0) return false;
    this.#items.splice(index, 1);
    return true;
  }

  /** The items, oldest first. */
  *[Symbol.iterator](): IterableIterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T;
  }
}
