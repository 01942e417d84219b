// Signatures that make no node, each for another reason.
// deno-lint-ignore-file no-unused-vars
import type { Batch } from "./markers.ts";

const key = "k";

export function rest(a: number, ...others: number[]): void {}

export function restInPattern({ a, ...others }: Record<string, number>): void {}

export function arrayPattern([a, b]: number[]): void {}

export function mixed({ a }: { a: number }, b: number): void {}

export function twoPatterns({ a }: { a: number }, { b }: { b: number }): void {}

export function computed({ [key]: value }: Record<string, number>): void {}

export function repeated({ a, a: again }: { a: number }): void {}

export function badBatch(rows: Batch<number, 0>, few: Batch<number, 2, 3>): void {}

export class Shape {}

export const limit = 3;

export const table = { a: 1 };
