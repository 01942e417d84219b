/**
 * What the next step has to look at.
 *
 * @module
 */

/**
 * Numbers of edges or nodes, each listed at most once, worked off in declaration order.
 *
 * Mostly they are added in order: the list is sorted only when one was not. Two arrays take turns,
 * so that what is added while the list is worked off waits for the next time.
 */
export class ReadyList {
  readonly #listed: Uint8Array;
  #numbers: Int32Array;
  #length = 0;
  #sorted = true;
  #taken: Int32Array;

  /** Creates an empty list for the numbers below `length`. */
  constructor(length: number) {
    this.#listed = new Uint8Array(length);
    this.#numbers = new Int32Array(length);
    this.#taken = new Int32Array(length);
  }

  /** Lists a number, unless it is listed. */
  add(number: number): void {
    if (this.#listed[number] !== 0) return;
    this.#listed[number] = 1;
    if (this.#length > 0 && this.#numbers[this.#length - 1]! > number) this.#sorted = false;
    this.#numbers[this.#length++] = number;
  }

  /** Empties the list, and returns how many numbers were in it: {@linkcode taken} has them. */
  takeAll(): number {
    const length = this.#length;
    if (length === 0) return 0;
    const numbers = this.#numbers;
    if (!this.#sorted) numbers.subarray(0, length).sort();
    for (let i = 0; i < length; i++) this.#listed[numbers[i]!] = 0;
    this.#numbers = this.#taken;
    this.#taken = numbers;
    this.#length = 0;
    this.#sorted = true;
    return length;
  }

  /** One of the numbers taken last, in order. */
  taken(index: number): number {
    return this.#taken[index]!;
  }

  /** Drops numbers from the end until one is ready; says whether there is one. */
  some(isReady: (number: number) => boolean): boolean {
    while (this.#length > 0) {
      const last = this.#numbers[this.#length - 1]!;
      if (isReady(last)) return true;
      this.#listed[last] = 0;
      this.#length--;
    }
    return false;
  }
}
