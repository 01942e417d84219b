import type {
  Batch,
  NodeExecutionContext,
  Out,
  Outputs,
  PreCreatedPacket,
} from "@netrun/netrun/node";
import type { Foreign } from "./types.ts";

/**
 * Adds two numbers.
 *
 * @param a The first.
 * @param b The second.
 * @returns The sum.
 */
export function add(a: number, b: number): number {
  return a + b;
}

export const area = ({ w: width, h: { m } }: { w: number; h: { m: number } }) => width * m;

export function specials(
  print: (...args: unknown[]) => void,
  a: string,
  ctx: NodeExecutionContext,
  b: string,
  log: NodeExecutionContext["log"],
): string {
  print("got", a, b);
  log("called", { node: ctx.nodeName });
  return a + b;
}

export function tick(ctx: NodeExecutionContext): string {
  return ctx.epochId;
}

export const withDefault = (a: number, b = 5): number => a + b;
export const allOptional = ({ a = 1, b = 2 }: { a?: number; b?: number }) => a + b;

export function firstThree(xs: Batch<number, 3>, scale: number): number[] {
  return xs.map((x) => x * scale);
}
export const everyThree = (xs: Batch<number, 3, 3>): number => xs.length;
export const atTheEnd = (rows: Batch<number, "done">): number => rows.length;
export const total = (xs: number[]): number => xs.reduce((sum, x) => sum + x, 0);

export function route(n: number): { even?: number; odd?: number } {
  return n % 2 === 0 ? { even: n } : { odd: n };
}
// deno-lint-ignore no-explicit-any
export const routeAny = (value: any): { even?: number; odd?: number } => value;
export const pair = (n: number): [half: number, double: number] => [n / 2, n * 2];
interface Split {
  left: string;
  right?: string;
}
export const named = (text: string): Outputs<Split> => ({ left: text });
export const whole = (text: string): Out<{ out: string }> => ({ out: text });
export const record = (text: string): Record<string, string> => ({ out: text });
export const nothing = (_text: string): void => {};
export const expression = (n: number) => n + 1;
// deno-lint-ignore no-explicit-any
export function block(value: any) {
  if (value) eval("0");
}
export async function later(n: number): Promise<number> {
  await Promise.resolve();
  return n * 2;
}
export const sometimes = (n: number): number | undefined => n > 0 ? n : undefined;
export const nil = (_n: number): number | null => null;

export function manual(n: number, ctx: NodeExecutionContext) {
  ctx.loadOutputPort("out", ctx.createPacket(n * 10));
  ctx.sendOutputSalvo("send");
}
manual.nodeConfig = { out_ports: { out: { port_type: "number" } } };
export function manualBare(n: number, ctx: NodeExecutionContext) {
  ctx.loadOutputPort("out", ctx.createPacket(n));
}
export const manualReturns = (n: number): { out?: number } => ({ out: n });

export function made(n: number, ctx: NodeExecutionContext): { now: PreCreatedPacket<number> } {
  return { now: ctx.createPacket(n) };
}
export const madeWrong = (_n: number): PreCreatedPacket<number> => "no such packet";

export function* upto(n: number): Generator<number> {
  for (let i = 0; i < n; i++) yield i;
}
export async function* words(text: string): AsyncGenerator<{ word?: string; number?: number }> {
  for (const word of text.split(" ")) {
    await Promise.resolve();
    const number = Number(word);
    yield Number.isNaN(number) ? { word } : { number };
  }
}
export const bytes = (text: string): ReadableStream<string> => ReadableStream.from(text.split(""));

export const foreign = (value: Foreign): Foreign => value;

export function described(a: number): number {
  return a;
}
described.nodeConfig = `
description = "From TOML"
[out_ports.audit]
[extra.ui]
shape = "circle"
`;
export function forbidden(a: number): number {
  return a;
}
forbidden.nodeConfig = { factory: "netrun:join" };
export function running(a: number): number {
  return a;
}
running.nodeConfig = { execution_config: { retries: 3 } };

export const rest = (...xs: number[]): number => xs.length;
export const list = ([a]: [number]): number => a;
export const mixed = ({ a }: { a: number }, b: number): number => a + b;
export class Shape {}
