/**
 * What epochs that are finished by hand may do, in words.
 *
 * @module
 */
import type { FinishRule } from "./simulation.ts";

/** Rules to choose from, the usual one first. */
export const FINISH_RULES: readonly (readonly [words: string, rule: FinishRule])[] = [
  ["pass on as many as came in", { type: "pass" }],
  ["send one on each port", { type: "count", count: 1 }],
  ["send three on each port", { type: "count", count: 3 }],
  ["send nothing", { type: "drop" }],
];

/** A number of packets in words. */
export function counted(packets: number): string {
  return packets === 1 ? "1 packet" : `${packets} packets`;
}
