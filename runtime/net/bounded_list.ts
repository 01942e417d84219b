/**
 * A list that forgets its oldest items rather than growing without end.
 *
 * @module
 */

/** Keeps the newest items, at most as many as it was made for. */
export class BoundedList<T> {
  readonly #limit: number;
  #items: T[] = [];
  /** Items before this index are forgotten; they are removed in bulk, so that a push stays cheap. */
  #first = 0;
  #hasForgotten = false;

  /** Creates an empty list for `limit` items. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** How many items it holds. */
  get size(): number {
    return this.#items.length - this.#first;
  }

  /** Whether the next push makes it forget an item for the first time since it was cleared. */
  get isJustFull(): boolean {
    return this.size === this.#limit && !this.#hasForgotten;
  }

  /** Adds an item at the end. */
  push(item: T): void {
    if (this.size === this.#limit) {
      this.#first++;
      this.#hasForgotten = true;
    }
    this.#items.push(item);
    if (this.#first >= this.#limit) {
      this.#items = this.#items.slice(this.#first);
      this.#first = 0;
    }
  }

  /** Forgets all items. */
  clear(): void {
    this.#items = [];
    this.#first = 0;
    this.#hasForgotten = false;
  }

  /** A copy of the items, oldest first. */
  toArray(): T[] {
    return this.#items.slice(this.#first);
  }
}
