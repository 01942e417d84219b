/**
 * A map from ids to objects that carry them.
 *
 * @module
 */

const SMALLEST = 64;
/** A table of so many slots is kept when it empties: what fills and empties would rebuild it. */
const KEPT = 4096;
/** Longest walk from an id's slot that is still taken for chance. */
const LONGEST_WALK = 64;

/**
 * Objects by their `id`, in open addressing with linear probing.
 *
 * Entries come and go all the time: unlike a `Map`, the table is not rebuilt for that. Invariants:
 * at most half of the slots are taken, and no slot between an id's own and the one it is in is free.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const map = new IdMap<{ id: string; value: number }>();
 * map.add({ id: "a", value: 1 });
 * assertEquals(map.get("a")?.value, 1);
 * assertEquals(map.delete("a")?.value, 1);
 * assertEquals(map.size, 0);
 * ```
 */
export class IdMap<T extends { readonly id: string }> {
  #ids: (string | undefined)[] = emptySlots(SMALLEST);
  #objects: (T | undefined)[] = emptySlots(SMALLEST);
  #mask = SMALLEST - 1;
  #shift = Math.clz32(SMALLEST) + 1;
  #size = 0;
  /** Ids that differ at the front only are hashed whole, as soon as that shows. */
  #hashesAll = false;

  /** How many objects there are. */
  get size(): number {
    return this.#size;
  }

  /** The object with that id, if there is one. */
  get(id: string): T | undefined {
    return this.#objects[this.#walk(this.#hash(id), id)];
  }

  /** Adds an object, unless there is one with its id; says whether it was added. */
  add(object: T): boolean {
    const own = this.#hash(object.id);
    const slot = this.#walk(own, object.id);
    if (this.#ids[slot] !== undefined) return false;
    this.#ids[slot] = object.id;
    this.#objects[slot] = object;
    this.#size++;
    if (this.#size * 2 > this.#mask) {
      this.#resize(this.#mask * 2 + 2);
    } else if (((slot - own) & this.#mask) > LONGEST_WALK && !this.#hashesAll) {
      this.#hashesAll = true;
      this.#resize(this.#mask + 1);
    }
    return true;
  }

  /** Removes the object with that id and returns it, if there is one. */
  delete(id: string): T | undefined {
    const ids = this.#ids;
    const objects = this.#objects;
    const mask = this.#mask;
    let hole = this.#walk(this.#hash(id), id);
    const deleted = objects[hole];
    if (deleted === undefined) return undefined;
    // What was pushed behind the hole moves up, unless it would come to lie before its own slot.
    let slot = hole;
    for (;;) {
      slot = (slot + 1) & mask;
      const next = ids[slot];
      if (next === undefined) break;
      if (((slot - this.#hash(next)) & mask) >= ((slot - hole) & mask)) {
        ids[hole] = next;
        objects[hole] = objects[slot];
        hole = slot;
      }
    }
    ids[hole] = undefined;
    objects[hole] = undefined;
    this.#size--;
    if (mask > KEPT && this.#size * 16 < mask) this.#resize((mask + 1) / 2);
    return deleted;
  }

  /** All objects, in no particular order. */
  *values(): Generator<T> {
    for (const object of this.#objects) if (object !== undefined) yield object;
  }

  /** The slot of an id, or the free one where it would be put, from its own slot on. */
  #walk(own: number, id: string): number {
    const ids = this.#ids;
    const mask = this.#mask;
    for (let slot = own;; slot = (slot + 1) & mask) {
      const other = ids[slot];
      if (other === id || other === undefined) return slot;
    }
  }

  #resize(length: number): void {
    const objects = this.#objects;
    this.#ids = emptySlots(length);
    this.#objects = emptySlots(length);
    this.#mask = length - 1;
    this.#shift = Math.clz32(length) + 1;
    for (const object of objects) {
      if (object === undefined) continue;
      const slot = this.#walk(this.#hash(object.id), object.id);
      this.#ids[slot] = object.id;
      this.#objects[slot] = object;
    }
  }

  /** The own slot of an id: by its last four letters, which differ in ids that count up. */
  #hash(id: string): number {
    const end = id.length;
    const number = this.#hashesAll || end < 4
      ? hashOfAll(id)
      : id.charCodeAt(end - 1) ^ id.charCodeAt(end - 2) << 7 ^ id.charCodeAt(end - 3) << 14 ^
        id.charCodeAt(end - 4) << 21;
    // Fibonacci hashing: neighbours are spread out, or they would form long walks.
    return Math.imul(number, 0x9e37_79b1) >>> this.#shift;
  }
}

function emptySlots<T>(length: number): (T | undefined)[] {
  const slots: (T | undefined)[] = [];
  for (let i = 0; i < length; i++) slots.push(undefined);
  return slots;
}

function hashOfAll(id: string): number {
  let hash = 0;
  for (let i = 0; i < id.length; i++) hash = Math.imul(hash, 31) + id.charCodeAt(i) | 0;
  return hash;
}
