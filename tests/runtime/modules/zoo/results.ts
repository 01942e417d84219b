// Results in all the forms that become output ports.
// deno-lint-ignore-file require-await
import type { Out, Outputs, PreCreatedPacket } from "./markers.ts";

export function inline(n: number): { left: number; right?: string } {
  return { left: n };
}

export function oneMember(n: number): { only: number } {
  return { only: n };
}

export async function promised(n: number): Promise<{
  /** Even numbers. */
  even?: number;
  "group.odd"?: number;
}> {
  return n % 2 ? { "group.odd": n } : { even: n };
}

export function labelled(n: number): [left: number, right?: string] {
  return [n];
}

export function unlabelled(n: number): [number, string] {
  return [n, ""];
}

interface Halves {
  left: number;
  right?: number;
}

export function named(n: number): Halves {
  return { left: n };
}

export function spread(n: number): Outputs<Halves> {
  return { left: n };
}

export function spreadInline(n: number): Promise<Outputs<{ a: number } & { b: string }>> {
  return Promise.resolve({ a: n, b: "" });
}

export function whole(n: number): Out<{ a: number }> {
  return { a: n };
}

export function record(n: number): Record<string, number> {
  return { n };
}

export function nothing(): void {}

export async function promisedNothing(): Promise<void> {}

export function never(): never {
  throw new Error("never");
}

type Nothing = undefined;
type Later = Promise<{ a: number }>;

export function aliasOfNothing(): Nothing {}

export function aliasOfPromise(n: number): Later {
  return Promise.resolve({ a: n });
}

export function asserted(x: unknown): asserts x is string {
  if (typeof x !== "string") throw new TypeError("no string");
}

export function guessed(x: unknown): x is string {
  return typeof x === "string";
}

export const expression = (a: number) => a + 1;

export const block = (a: number) => {
  return a + 1;
};

export const silent = (a: number) => {
  const inner = () => {
    return a;
  };
  inner();
};

export const early = (a: number) => {
  if (a > 1) return;
};

export function* numbers(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}

export async function* pairs(n: number): AsyncGenerator<{ a: number; b: number }> {
  yield { a: n, b: n };
}

export function* iterated(n: number): Iterable<string> {
  yield String(n);
}

export function* unannotated(n: number) {
  yield n;
}

export async function* expressions(text: string): AsyncGenerator<{ word?: string; n?: number }> {
  for (const part of text.split(" ")) {
    yield /^[0-9]+$/.test(part) ? { n: Number(part) } : { word: part };
  }
}

export const inObject = {
  *method(n: number): Generator<boolean> {
    if (n) yield /x/.test(String(n));
  },
}.method;

export function stream(n: number): ReadableStream<number> {
  return ReadableStream.from([n]);
}

export async function promisedStream(n: number): Promise<AsyncIterable<number>> {
  return ReadableStream.from([n]);
}

export function iterable(n: number): Iterable<number> {
  return [n];
}

export function packet(id: string): PreCreatedPacket<number> {
  return id;
}

export function packets(id: string): { a: PreCreatedPacket<string>; b: PreCreatedPacket } {
  return { a: id, b: id };
}
