/**
 * Callbacks that are awaited one after another, such as those of `onEpochStart`.
 *
 * @module
 */
import { isThenable } from "../execution/thenable.ts";

/** Told when a callback failed; the others are called all the same. */
export type CallbackFailure = (error: unknown) => void;

interface Registration<Args extends readonly unknown[]> {
  readonly callback: (...args: Args) => unknown;
  readonly node: string | undefined;
}

/**
 * A list of callbacks, called in the order of registration; each may be asynchronous and is awaited
 * before the next is called. A callback that fails is reported and never stops the others.
 *
 * While no callback returns a promise, nothing is awaited and `call` returns nothing.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const list = new CallbackList<[string]>(console.warn);
 * const seen: string[] = [];
 * list.add((epochId) => seen.push(epochId), { node: "A" });
 * await list.call("A", "01J0");
 * await list.call("B", "01J1");
 * assertEquals(seen, ["01J0"]);
 * ```
 */
export class CallbackList<Args extends readonly unknown[]> {
  /** Replaced, never changed, so that removing one during a call skips nobody. */
  #registrations: readonly Registration<Args>[] = [];
  readonly #onFailure: CallbackFailure;

  /** Creates an empty list that reports failures to `onFailure`. */
  constructor(onFailure: CallbackFailure) {
    this.#onFailure = onFailure;
  }

  /** How many callbacks it holds. */
  get size(): number {
    return this.#registrations.length;
  }

  /**
   * Adds a callback and returns what removes it, as often as one likes.
   *
   * @param callback What to call.
   * @param options `node`: call it for this node alone.
   */
  add(callback: (...args: Args) => unknown, options: { node?: string } = {}): () => void {
    const registration = { callback, node: options.node };
    this.#registrations = [...this.#registrations, registration];
    return () => {
      this.#registrations = this.#registrations.filter((other) => other !== registration);
    };
  }

  /** Calls the callbacks of a node, and those of all nodes; a promise only if one of them is. */
  call(nodeName: string | undefined, ...args: Args): Promise<void> | undefined {
    return this.#callFrom(this.#registrations, 0, nodeName, args);
  }

  #callFrom(
    registrations: readonly Registration<Args>[],
    start: number,
    nodeName: string | undefined,
    args: Args,
  ): Promise<void> | undefined {
    for (let i = start; i < registrations.length; i++) {
      const { callback, node } = registrations[i]!;
      if (node !== undefined && node !== nodeName) continue;
      try {
        const result = callback(...args);
        if (isThenable(result)) return this.#await(result, registrations, i + 1, nodeName, args);
      } catch (error) {
        this.#onFailure(error);
      }
    }
    return undefined;
  }

  async #await(
    result: PromiseLike<unknown>,
    registrations: readonly Registration<Args>[],
    next: number,
    nodeName: string | undefined,
    args: Args,
  ): Promise<void> {
    try {
      await result;
    } catch (error) {
      this.#onFailure(error);
    }
    await this.#callFrom(registrations, next, nodeName, args);
  }
}
