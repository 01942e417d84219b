/**
 * Functions as nodes: parameters are input ports, the result leaves by output ports.
 *
 * @module
 */
import { node } from "@netrun/netrun/node";
import * as z from "zod";

/** Sends every word of a text, one packet each. */
export function* words(text: string): Generator<string> {
  for (const word of text.split(/\s+/)) if (word !== "") yield word;
}

/**
 * Sends short words one way and long ones another.
 *
 * @param word Any word.
 * @param limit Letters from which a word is long.
 */
export function sort(word: string, limit = 3): { short?: string; long?: string } {
  return word.length < limit ? { short: word } : { long: word };
}

/** Makes a word loud; declared, so that the values are checked by schemas. */
export const shout = node(
  { in: { word: z.string().trim() }, out: z.string() },
  ({ word }) => `${word.toUpperCase()}!`,
);

/** The square of a number. */
export const square = (n: number): number => n * n;

/** Half of a number. */
export const half = (n: number): number => n / 2;

/** An order as the table has it. */
interface Order {
  id: number;
  customer: string;
  amount: number;
  paid: boolean;
}

/** Lets paid orders through. */
export function paidOnly(order: Order): Order | undefined {
  return order.paid ? order : undefined;
}
