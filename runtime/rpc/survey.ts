/**
 * Looking a value over before it is copied.
 *
 * @module
 */
import { LazyPacketValueSpec } from "../packets/lazy_value.ts";
import { isPlainObject } from "../packets/type_check.ts";
import { showValue, typeName } from "../packets/type_name.ts";

/** Deepest nesting that travels. */
const maxDepth = 1000;
/** What each part counts, beside its text or bytes. */
const partSize = 8;
/** Largest value that travels as a text. */
const maxTextSize = 65_536;
/** So many objects are remembered in a list; a set is dear to make. */
const few = 24;

/**
 * What becomes of views and buffers: `cut` makes views of their own of those that show less than their
 * whole buffer, of which a structured clone would carry all; `keep` leaves all as they are; `move`
 * cuts, and makes copies of all that are large, which can be moved: that is one copy instead of two.
 */
export type ViewPolicy = "cut" | "keep" | "move";

/** From this size on, in bytes, buffers are worth being moved. */
const movedSize = 65_536;

/** Looks for what has no copy, and takes note on the way of what has to be replaced. */
export class Survey {
  /** What has no copy, if anything has none: where the survey ended. */
  obstacle: string | undefined = undefined;
  /** About how many bytes the value takes: those of texts and buffers, and 8 for each part. */
  size = 0;
  /** Whether all of it is what JSON has, and nothing occurs twice. */
  #isPlain = true;
  readonly #views: ViewPolicy;
  #list: object[] | undefined = undefined;
  #set: Set<object> | undefined = undefined;
  /** Steps to the obstacle, the last one first. */
  #steps: string[] | undefined = undefined;

  /** Prepares a survey. */
  constructor(views: ViewPolicy = "cut") {
    this.#views = views;
  }

  /** Whether it is small, and JSON would give it back equal in every way. */
  get isText(): boolean {
    return this.#isPlain && this.size <= maxTextSize;
  }

  /** Where the obstacle is. */
  get path(): string {
    return this.#steps?.reverse().join("") ?? "";
  }

  /** Whether something in the value has to be replaced. */
  visit(value: unknown, depth: number): boolean {
    this.size += partSize;
    switch (typeof value) {
      case "string":
        this.size += value.length;
        return false;
      case "number":
        // JSON keeps neither the sign of zero nor what is not finite.
        if (value - value !== 0 || (value === 0 && 1 / value < 0)) this.#isPlain = false;
        return false;
      case "boolean":
        return false;
      case "object":
        return value !== null && this.#visitObject(value, depth);
      case "function":
      case "symbol":
        this.obstacle = typeof value;
        return false;
      default:
        this.#isPlain = false;
        return false;
    }
  }

  #visitObject(value: object, depth: number): boolean {
    if (!this.#isNew(value)) return false;
    if (depth > maxDepth) {
      this.obstacle = `nesting deeper than ${maxDepth}`;
      return false;
    }
    if (Array.isArray(value)) return this.#visitItems(value, depth + 1);
    if (isPlainObject(value)) return this.#visitMembers(value, depth + 1);
    this.#isPlain = false;
    if (value instanceof Error || value instanceof LazyPacketValueSpec) return true;
    if (ArrayBuffer.isView(value)) {
      this.size += value.byteLength;
      if (this.#views === "keep") return false;
      return isPartial(value) || this.#views === "move" && isMovable(value.buffer);
    }
    const tag = tagOf(value);
    if (leafTags.has(tag)) {
      if (!(value instanceof ArrayBuffer)) return false;
      this.size += value.byteLength;
      return this.#views === "move" && isMovable(value);
    }
    if (tag === "Map") return this.#visitMap(value as Map<unknown, unknown>, depth + 1);
    if (tag === "Set") return this.#visitSet(value as Set<unknown>, depth + 1);
    if (tag === "Object") return this.#visitMembers(value, depth + 1);
    this.obstacle = typeName(value);
    return false;
  }

  #visitItems(items: readonly unknown[], depth: number): boolean {
    let needsCopy = false;
    for (let i = 0; i < items.length; i++) {
      if (this.visit(items[i], depth)) needsCopy = true;
      if (this.obstacle !== undefined) return this.#cameBy(`[${i}]`);
    }
    // The lists that a regular expression gives have names beside their items.
    if (this.isText && Object.keys(items).length > items.length) this.#isPlain = false;
    return needsCopy;
  }

  #visitMembers(value: object, depth: number): boolean {
    let needsCopy = false;
    for (const key of Object.keys(value)) {
      this.size += key.length;
      if (this.visit((value as Record<string, unknown>)[key], depth)) needsCopy = true;
      if (this.obstacle !== undefined) return this.#cameBy(keyStep(key));
    }
    return needsCopy;
  }

  #visitMap(map: ReadonlyMap<unknown, unknown>, depth: number): boolean {
    let needsCopy = false;
    for (const [key, member] of map) {
      if (this.visit(key, depth)) needsCopy = true;
      if (this.obstacle !== undefined) return this.#cameBy(".key()");
      if (this.visit(member, depth)) needsCopy = true;
      if (this.obstacle !== undefined) return this.#cameBy(`.get(${showValue(key)})`);
    }
    return needsCopy;
  }

  #visitSet(set: ReadonlySet<unknown>, depth: number): boolean {
    let needsCopy = false;
    for (const member of set) {
      if (this.visit(member, depth)) needsCopy = true;
      if (this.obstacle !== undefined) return this.#cameBy(".element");
    }
    return needsCopy;
  }

  #cameBy(step: string): false {
    (this.#steps ??= []).push(step);
    return false;
  }

  /** Remembers an object; what occurs twice is no tree, as texts are. */
  #isNew(value: object): boolean {
    if (this.#set ? this.#set.has(value) : this.#list?.includes(value)) {
      this.#isPlain = false;
      return false;
    }
    if (this.#set) this.#set.add(value);
    else if (!this.#list) this.#list = [value];
    else if (this.#list.push(value) > few) this.#set = new Set(this.#list);
    return true;
  }
}

/** Whether a view shows less than its whole buffer: copies would carry all of that. */
export function isPartial({ byteLength, buffer }: ArrayBufferView): boolean {
  return byteLength < buffer.byteLength;
}

/** Whether a buffer is nobody else's, and worth being moved. */
export function isMovable(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return buffer instanceof ArrayBuffer && !buffer.resizable && buffer.byteLength >= movedSize;
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}

/** Whether an object has no parts. */
export function isLeaf(value: object): boolean {
  return leafTags.has(tagOf(value));
}

const leafTags: ReadonlySet<string> = new Set(["Date", "RegExp", "ArrayBuffer"]);

function keyStep(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
