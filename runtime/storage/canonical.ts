/**
 * The canonical form of values: the same bytes exactly for values that are the same.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { NotSerializableError } from "../packets/error.ts";
import { assertStorable } from "./storable.ts";

/** One letter before each part says what it is, so that no value looks like another. */
const tags = {
  undefined: "u",
  null: "n",
  true: "t",
  false: "f",
  number: "d",
  bigint: "i",
  string: "s",
  array: "a",
  hole: "h",
  object: "o",
  date: "D",
  regExp: "R",
  map: "M",
  set: "S",
  buffer: "B",
  view: "V",
  error: "E",
  cycle: "c",
} as const;

const encoder = new TextEncoder();
/** Bytes that are collected before they go on; most values have fewer than the first of these. */
const firstChunkBytes = 1024;
const chunkBytes = 64 * 1024;

/**
 * The canonical form of a value as bytes.
 *
 * Values count, not identities: an object that is met twice is written twice. -0 differs from 0, true
 * from 1, and the order of the keys of an object, map or set matters. A cycle is written as the
 * distance to the ancestor that it leads back to.
 *
 * @throws {NotSerializableError} If a part of the value cannot be stored.
 *
 * @example
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const a = {};
 * assertEquals(canonicalBytes([a, a]), canonicalBytes([{}, {}]));
 * assertNotEquals(canonicalBytes(0), canonicalBytes(-0));
 * ```
 */
export function canonicalBytes(value: unknown): Uint8Array<ArrayBuffer> {
  const chunks: Uint8Array[] = [];
  writeCanonical(value, (chunk) => chunks.push(chunk.slice()));
  return joinBytes(chunks);
}

/**
 * SHA-256 of the canonical form of a value, in hexadecimal digits.
 *
 * @param maxBytes Most bytes of canonical form: a small value can hold the same part very often.
 * @throws {NotSerializableError} If a part of the value cannot be stored, or it is too large.
 */
export function canonicalDigest(value: unknown, maxBytes: number = Infinity): string {
  const hash = createHash("sha256");
  let written = 0;
  writeCanonical(value, (chunk) => {
    written += chunk.length;
    if (written > maxBytes) {
      throw new NotSerializableError("a value", "", `more than ${maxBytes} bytes`);
    }
    hash.update(chunk);
  });
  return hash.digest("hex");
}

/** Bytes one after another. */
export function joinBytes(chunks: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.length;
  }
  return all;
}

function writeCanonical(value: unknown, sink: (chunk: Uint8Array) => void): void {
  assertStorable(value, "the value");
  const writer = new Writer(sink);
  writer.value(value);
  writer.flush();
}

class Writer {
  readonly #sink: (chunk: Uint8Array) => void;
  #chunk = new Uint8Array(firstChunkBytes);
  #view = new DataView(this.#chunk.buffer);
  readonly #ancestors: object[] = [];
  #used = 0;

  constructor(sink: (chunk: Uint8Array) => void) {
    this.#sink = sink;
  }

  flush(): void {
    if (this.#used > 0) this.#sink(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }

  value(value: unknown): void {
    switch (typeof value) {
      case "undefined":
        return this.#tag(tags.undefined);
      case "boolean":
        return this.#tag(value ? tags.true : tags.false);
      case "number":
        this.#tag(tags.number);
        return this.#double(value);
      case "bigint":
        this.#tag(tags.bigint);
        return this.#text(String(value));
      case "string":
        this.#tag(tags.string);
        return this.#text(value);
    }
    if (value === null) return this.#tag(tags.null);
    const object = value as object;
    const ancestor = this.#ancestors.lastIndexOf(object);
    if (ancestor >= 0) {
      this.#tag(tags.cycle);
      return this.#count(this.#ancestors.length - ancestor);
    }
    this.#ancestors.push(object);
    this.#object(object);
    this.#ancestors.pop();
  }

  #object(object: object): void {
    if (Array.isArray(object)) return this.#array(object);
    if (object instanceof Date) {
      this.#tag(tags.date);
      return this.#double(object.getTime());
    }
    if (object instanceof RegExp) {
      this.#tag(tags.regExp);
      this.#text(object.source);
      return this.#text(object.flags);
    }
    if (object instanceof Map) {
      this.#tag(tags.map);
      this.#count(object.size);
      for (const [key, member] of object) {
        this.value(key);
        this.value(member);
      }
      return;
    }
    if (object instanceof Set) {
      this.#tag(tags.set);
      this.#count(object.size);
      for (const member of object) this.value(member);
      return;
    }
    if (object instanceof ArrayBuffer) {
      this.#tag(tags.buffer);
      return this.#bytes(new Uint8Array(object));
    }
    if (ArrayBuffer.isView(object)) {
      this.#tag(tags.view);
      this.#text(object.constructor.name);
      return this.#bytes(new Uint8Array(object.buffer, object.byteOffset, object.byteLength));
    }
    if (object instanceof Error) return this.#error(object);
    const keys = Object.keys(object);
    this.#tag(tags.object);
    this.#count(keys.length);
    for (const key of keys) {
      this.#text(key);
      this.value((object as Record<string, unknown>)[key]);
    }
  }

  #array(array: readonly unknown[]): void {
    this.#tag(tags.array);
    this.#count(array.length);
    for (let i = 0; i < array.length; i++) {
      if (i in array) this.value(array[i]);
      else this.#tag(tags.hole);
    }
  }

  /** The stack is left out: it says where an error was made, not what it is. */
  #error(error: Error): void {
    this.#tag(tags.error);
    this.#text(error.name);
    this.#text(error.message);
    this.value(error.cause);
  }

  #tag(tag: string): void {
    this.#room(1);
    this.#chunk[this.#used++] = tag.charCodeAt(0);
  }

  #count(count: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#used, count);
    this.#used += 8;
  }

  #double(number: number): void {
    // There are many NaN; all mean the same.
    this.#count(Number.isNaN(number) ? NaN : number);
  }

  /** Lone surrogates have no UTF-8: such a text is written as its code units. */
  #text(text: string): void {
    if (text.isWellFormed()) {
      const most = 8 + 3 * text.length;
      if (most > chunkBytes) return this.#bytes(encoder.encode(text));
      this.#room(most);
      const { written } = encoder.encodeInto(text, this.#chunk.subarray(this.#used + 8));
      this.#count(written);
      this.#used += written;
      return;
    }
    const units = new Uint16Array(text.length);
    for (let i = 0; i < text.length; i++) units[i] = text.charCodeAt(i);
    this.#tag("!");
    this.#bytes(new Uint8Array(units.buffer));
  }

  #bytes(bytes: Uint8Array): void {
    this.#count(bytes.length);
    if (bytes.length > chunkBytes) {
      this.flush();
      return this.#sink(bytes);
    }
    this.#room(bytes.length);
    this.#chunk.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  #room(bytes: number): void {
    if (this.#used + bytes <= this.#chunk.length) return;
    this.flush();
    if (this.#chunk.length === chunkBytes) return;
    this.#chunk = new Uint8Array(chunkBytes);
    this.#view = new DataView(this.#chunk.buffer);
  }
}
