// Types of ports, one function a kind.
// deno-lint-ignore-file no-explicit-any ban-types no-unused-vars
import type { Stats } from "./elsewhere.ts";

type Id = string;
type Tree<T> = { value: T; children?: Tree<T>[] };
type Growing<T> = { value: T; next?: Growing<T[]> };
type Loop = Loop[];
type Aliased = Stats;
type Pair<A, B = A> = [A, B];

interface Point {
  readonly x: number;
  y?: number;
}
interface Named {
  name: string;
}
interface Named {
  title?: string;
}
interface Labelled extends Point, Named {
  label: "a" | "b";
  draw(): void;
}
interface Failure extends Error {
  code: number;
}
interface Callback {
  (x: number): string;
}

enum Color {
  Red,
  Green = 5,
  Blue,
}
enum Word {
  Yes = "yes",
  No = "no",
}

class Shape {
  sides = 0;
}

export function primitives(
  a: string,
  b: number,
  c: boolean,
  d: bigint,
  e: symbol,
  f: null,
  g: undefined,
  h: object,
): void {}

export function literals(a: "x", b: "y" | -1, c: 12n, d: true, e: `on${string}`): void {}

export function open(a: any, b: unknown, c = 1, d: {} = {}): void {}

export function lists(
  a: Array<string>,
  b: readonly (string | number)[],
  c: ReadonlyArray<Array<number>>,
  d: [number, string?, ...boolean[]],
  e: [first: Point, second?: Id],
  f: (() => void)[],
): void {}

export function objects(
  a: { x: number; y?: string },
  b: { [key: string]: number; total: number },
  c: Record<string, Point>,
  d: Record<"left" | "right", number>,
  e: Partial<Point>,
  f: Required<Point>,
  g: Readonly<Point>,
): void {}

export function collections(a: Map<string, number[]>, b: ReadonlySet<Date>): void {}

export function platform(a: Date, b: URL | RegExp, c: Uint8Array<ArrayBuffer>, d: Error): void {}

export function declared(
  a: Id,
  b: Point,
  c: Labelled,
  d: Color,
  e: Word,
  f: Color.Blue,
  g: Shape,
  h: Callback,
  i: Failure,
): void {}

export function recursive(a: Tree<string>, b: Growing<number>, c: Loop, d: Pair<Id>): void {}

export function combined(
  a: Point & { z: number },
  b: Stats | string,
  c: Stats[],
  d: Point & Stats,
): void {}

export function foreign(
  a: Stats,
  b: Aliased,
  c: Unknown.Name<string>,
  d: typeof Shape,
  e: keyof Point,
  f: Promise<number>,
): void {}

export function spaced(
  a: Map<
    string, // comment
    Array<
      number
    >
  >,
): void {}

declare namespace Unknown {
  type Name<T> = T;
}
