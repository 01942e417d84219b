// Parameters in all the forms that a node function may have.
// deno-lint-ignore-file no-explicit-any no-unused-vars
import type * as netrun from "./markers.ts";
import type { Batch, Batch as Many } from "./markers.ts";

export function add(a: number, b: number): number {
  return a + b;
}

/** Scales a value. */
export const scale = (value: number, factor = 2): number => value * factor;

export const greet = async function (name: string, title?: string): Promise<string> {
  return await Promise.resolve(`${title ?? ""} ${name}`.trim());
};

export const single = (x: number) => x;

export const area = ({ w, h }: { w: number; h: number }): number => w * h;

export function renamed(
  { a: first, b: { c }, "features.color": color, d = 4, 5: five }: {
    a: string;
    b: { c: number };
    "features.color"?: string;
    d?: number;
    5: boolean;
  },
): string {
  return `${first}${c}${color}${d}${five}`;
}

interface Size {
  /** In metres. */
  width: number;
  height?: number;
}

export function named({ width, height }: Size): number {
  return width * (height ?? 1);
}

export function bounded(
  { width, ctx, height = 3 }: Partial<Size> & { ctx?: unknown } = {},
): number {
  return (width ?? 0) * height;
}

export function specials(print: unknown, a: number, ctx: unknown, b: string, log: unknown): string {
  return `${a}${b}`;
}

export function besidePattern(ctx: unknown, { a, print, b }: { a: 1; print: any; b: 2 }): void {}

export function source(ctx: any): void {
  ctx.createPacket(1);
}

export function nothing(): void {}

export function withThis(this: Date, a: number): number {
  return a;
}

export function batches(
  all: Batch<number>,
  five: Batch<string, 5>,
  waiting: netrun.Batch<boolean, 5, 5>,
  gathered: Many<Size, "done">,
): number {
  return all.length + five.length + waiting.length + gathered.length;
}

export function batchMember({ rows, limit }: { rows: Batch<number, 3>; limit: number }): number {
  return rows.length + limit;
}

export function list(values: number[]): number {
  return values.length;
}

export function generic<T, K extends string>(value: T, key: K, values: T[]): T {
  return value;
}

export const typedByConstant: (a: number, b: string) => boolean = (a, b) => a > b.length;

export function overloaded(value: string): string;
export function overloaded(value: number): number;
/** Chosen by its argument. */
export function overloaded(value: any): any {
  return value;
}

export function commented(
  // the first
  a: number, /* between */
  b: string,
  /** Not needed. */
  c = ")=>{",
): void {}

export function defaults(a = [1, { b: 2 }], b = (x: number) => x, c = `${1}`, d = /[)]/): void {}
