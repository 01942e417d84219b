// deno-lint-ignore-file
import { square as imported } from "./exports_leaf.ts";
import type { Point } from "./exports_leaf.ts";

export { cube, square as quadrat } from "./exports_leaf.ts";
export * from "./exports_cycle.ts";
export * as everything from "./exports_leaf.ts";
export { imported };
export { local as "with space", local as renamed };
export type { Point };
export { default as anonymous } from "./exports_default.ts";
export default local;

function local(a: number, b: number): number {
  return a * b;
}

export const alias = local;
export const viaImport = imported;
export const { x, y: [z] } = { x: 1, y: [2] };
export let later: number;
