/**
 * Functions that the workers of a pool have to know.
 *
 * @module
 */
import type { ListenablePool } from "../pools/pool.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";

/** Makes functions known to workers, and remembers which, for those that come later. */
export class FunctionRegistrations {
  readonly #pool: ListenablePool;
  readonly #references = new Map<string, unknown>();
  readonly #answers = new Map<string, PromiseWithResolvers<void>>();
  #exchanges = 0;

  /** Creates an empty list. */
  constructor(pool: ListenablePool) {
    this.#pool = pool;
  }

  /** Remembers a function for workers that come later. */
  remember(key: string, reference: unknown): void {
    this.#references.set(key, reference);
  }

  /** Makes a function known to a worker. */
  send(workerId: number, key: string, reference: unknown): void {
    // A worker that cannot be reached has ended, and the pool says so.
    this.#pool.post(workerId, KEYS.SEND_FUNCTION, [this.#nextId(), key, reference], ignore);
  }

  /** Makes all functions known to a worker. */
  sendAll(workerId: number): void {
    for (const [key, reference] of this.#references) this.send(workerId, key, reference);
  }

  /** Makes a function known to a worker; rejects if it cannot be had there. */
  async sendAndWait(workerId: number, key: string, reference: unknown): Promise<void> {
    const answer = Promise.withResolvers<void>();
    const msgId = this.#nextId();
    this.#answers.set(msgId, answer);
    this.#pool.post(workerId, KEYS.SEND_FUNCTION, [msgId, key, reference], answer.reject);
    try {
      await answer.promise;
    } finally {
      this.#answers.delete(msgId);
    }
  }

  /** Takes what a worker answers: the id of the exchange, and an error if there is one. */
  answered(data: readonly unknown[]): void {
    const answer = this.#answers.get(data[0] as string);
    if (data.length > 1) answer?.reject(data[1]);
    else answer?.resolve();
  }

  /** No answers come any more. */
  fail(error: unknown): void {
    for (const { reject } of this.#answers.values()) reject(error);
  }

  #nextId(): string {
    return `x${++this.#exchanges}`;
  }
}

function ignore(): void {}
