/**
 * Requests of a client that the server answers, in whatever order.
 *
 * @module
 */

interface Asker {
  resolve(result: unknown): void;
  reject(error: unknown): void;
}

/** Requests that have no answer yet. */
export class RemoteRequests {
  readonly #asked = new Map<number, Asker>();
  #count = 0;

  /** Sends a request; resolves with its answer. */
  async ask(send: (id: number) => Promise<void>): Promise<unknown> {
    const id = ++this.#count;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#asked.set(id, { resolve, reject });
    send(id).catch((error) => this.#take(id)?.reject(error));
    return await promise;
  }

  /** An answer has come. */
  answered({ id, result, error }: { id: number; result?: unknown; error?: unknown }): void {
    const asker = this.#take(id);
    if (error === undefined) asker?.resolve(result);
    else asker?.reject(error);
  }

  /** No answer comes any more. */
  fail(error: Error): void {
    for (const { reject } of this.#asked.values()) reject(error);
    this.#asked.clear();
  }

  #take(id: number): Asker | undefined {
    const asker = this.#asked.get(id);
    this.#asked.delete(id);
    return asker;
  }
}
