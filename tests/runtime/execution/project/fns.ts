/** Functions for jobs. */
import type { RPCChannel } from "@netrun/netrun/pools";

export const add = (a: number, b: number, { x = 0 } = {}): number => a + b + x;

export async function sleep(ms: number): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  return ms;
}

export function boom(): never {
  throw new RangeError("boom");
}

export function speak(): () => void {
  console.log("hello");
  return () => {};
}

export function exit(code: number): never {
  Deno.exit(code);
}

export const pid = (): number => Deno.pid;

/** Answers what comes over its channel, until "end" does; returns how often. */
export async function converse(channel: RPCChannel, greeting: string): Promise<number> {
  await channel.send("greeting", greeting);
  for (let count = 0;; count++) {
    const [key, data] = await channel.recv();
    if (key === "end") return count;
    await channel.send(key, { echo: data });
  }
}

/** Tells how its channel ends. */
export async function listenToTheEnd(channel: RPCChannel): Promise<unknown[]> {
  const heard: unknown[] = [];
  try {
    for (;;) heard.push((await channel.recv())[1]);
  } catch (error) {
    heard.push((error as Error).name, channel.isClosed);
  }
  return heard;
}

/** Closes its channel at once, and is not over. */
export async function hangUp(channel: RPCChannel): Promise<string> {
  await channel.send("last", "words");
  await channel.close();
  return await channel.recv().then(() => "received", (error) => (error as Error).name);
}

export async function sendUncopyable(channel: RPCChannel): Promise<string> {
  return await channel.send("fn", () => 1).then(() => "sent", (error) => (error as Error).name);
}

/** Prints a line, then waits for a word before it prints the next; `lines` of them. */
export async function printOnDemand(
  channel: RPCChannel,
  name: string,
  lines: number,
): Promise<void> {
  for (let i = 0; i < lines; i++) {
    console.log(name, i);
    await channel.recv();
  }
}

/** Wraps a function so that its results are doubled. */
export const doubling = (fn: (...args: unknown[]) => number) => async (...args: unknown[]) =>
  2 * await fn(...args);

/** Prints how a job has gone. */
export function sayDone(...args: unknown[]): void {
  console.log("done", args);
}

export const lengthOf = (bytes: Uint8Array): number => bytes.byteLength;

export const bytesOf = (length: number): Uint8Array => new Uint8Array(length).fill(7);

let running = 0;

/** How many of these run at once in this worker, at the most; waits for the others. */
export async function crowd(channel: RPCChannel): Promise<number> {
  const now = ++running;
  await channel.send("here", now);
  await channel.recv();
  running--;
  return now;
}
