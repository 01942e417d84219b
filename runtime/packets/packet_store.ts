/**
 * The values of packets.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { PacketNotFoundError } from "../../sim/error.ts";
import { IdMap } from "../../sim/id_map.ts";
import { PacketAlreadyRegisteredError } from "./error.ts";
import {
  isLazyPacketValue,
  type LazyPacketValueSpec,
  type LazyValueEvaluator,
} from "./lazy_value.ts";

/** What may be asked of a {@linkcode PacketStore} without changing it. */
export interface ReadonlyPacketStore {
  /** How many packets have a value. */
  readonly size: number;
  /** Whether the packet has a value. */
  exists(id: PacketId): boolean;
  /**
   * The value of a packet; a lazy one as its {@linkcode LazyPacketValueSpec}.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   */
  peek(id: PacketId): unknown;
  /** The packets that have a value, in no particular order. */
  ids(): IterableIterator<PacketId>;
}

/**
 * A packet's value. A class, because entries of a literal that once lived long are put among the old
 * objects at birth, and keep what they refer to alive until the next full collection.
 */
class Entry {
  readonly id: PacketId;
  value: unknown;

  constructor(id: PacketId, value: unknown) {
    this.id = id;
    this.value = value;
  }
}

/**
 * Holds the value of each packet of a net: any value, kept by reference, or the specification of a
 * lazy one.
 *
 * The simulator says where a packet is, the store what it carries; whoever changes one changes the
 * other, so that both know the same ids.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const store = new PacketStore();
 * store.register("01J0", { row: 1 });
 * assertEquals(store.peek("01J0"), { row: 1 });
 * assertEquals(store.take("01J0"), { row: 1 });
 * assertEquals(store.exists("01J0"), false);
 * ```
 */
export class PacketStore implements ReadonlyPacketStore {
  readonly #entries = new IdMap<Entry>();
  /** Lazy values that are being computed. Concurrent callers share one computation. */
  readonly #pending = new Map<PacketId, Promise<unknown>>();
  readonly #evaluate: LazyValueEvaluator;

  /**
   * Creates an empty store.
   *
   * @param evaluate Computes lazy values; without it `consume` and `resolve` refuse them.
   */
  constructor(evaluate: LazyValueEvaluator = refuse) {
    this.#evaluate = evaluate;
  }

  /** How many packets have a value. */
  get size(): number {
    return this.#entries.size;
  }

  /** Whether the packet has a value. */
  exists(id: PacketId): boolean {
    return this.#entries.get(id) !== undefined;
  }

  /** The packets that have a value, in no particular order. */
  *ids(): IterableIterator<PacketId> {
    for (const { id } of this.#entries.values()) yield id;
  }

  /**
   * Gives a packet its value.
   *
   * @throws {PacketAlreadyRegisteredError} If it has one.
   */
  register(id: PacketId, value: unknown): void {
    if (this.#entries.get(id) !== undefined) throw new PacketAlreadyRegisteredError(id);
    this.#entries.add(new Entry(id, value));
  }

  /**
   * The value of a packet; a lazy one as its {@linkcode LazyPacketValueSpec}.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   */
  peek(id: PacketId): unknown {
    return this.#get(id).value;
  }

  /**
   * Removes a packet and returns its value as it stands, without computing a lazy one.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   */
  take(id: PacketId): unknown {
    const { value } = this.#get(id);
    this.#entries.delete(id);
    return value;
  }

  /**
   * Removes a packet without computing its value.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   */
  destroy(id: PacketId): void {
    if (!this.#entries.delete(id)) throw new PacketNotFoundError(id);
  }

  /**
   * Removes a packet and returns its value; a lazy one is computed first.
   *
   * The packet is gone from the start of the call. If computing fails, it is put back as it was.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   * @throws {LazyPacketValueEvaluationError} If the function of a lazy value throws.
   */
  async consume(id: PacketId): Promise<unknown> {
    const value = this.take(id);
    if (!isLazyPacketValue(value)) return value;
    try {
      return await this.#compute(id, value);
    } catch (error) {
      if (!this.exists(id)) this.register(id, value);
      throw error;
    }
  }

  /**
   * The value of a packet, which stays in the store; a lazy one is computed once and kept.
   *
   * @throws {PacketNotFoundError} If the packet has no value here.
   * @throws {LazyPacketValueEvaluationError} If the function of a lazy value throws.
   */
  async resolve(id: PacketId): Promise<unknown> {
    const entry = this.#get(id);
    const { value } = entry;
    if (!isLazyPacketValue(value)) return value;
    // If it is taken or destroyed meanwhile, the entry is in the store no more.
    return entry.value = await this.#compute(id, value);
  }

  #get(id: PacketId): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new PacketNotFoundError(id);
    return entry;
  }

  #compute(id: PacketId, spec: LazyPacketValueSpec): Promise<unknown> {
    const running = this.#pending.get(id);
    if (running !== undefined) return running;
    const computed = Promise.resolve(this.#evaluate(spec, id))
      .finally(() => this.#pending.delete(id));
    this.#pending.set(id, computed);
    return computed;
  }
}

function refuse(spec: LazyPacketValueSpec): never {
  throw new TypeError(
    `Cannot compute \`${spec.funcImportPath}\`: the packet store was made without an evaluator`,
  );
}
