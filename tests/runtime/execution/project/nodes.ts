/** Raw node functions for the conformance of pools. */
import type { NodeExecutionContext } from "@netrun/netrun";

type Packets = Record<string, string[]>;
type Ctx = NodeExecutionContext;

const send = (ctx: Ctx, value: unknown): void => {
  ctx.loadOutputPort("out", ctx.createPacket(value));
  ctx.sendOutputSalvo("default");
};

const take = (ctx: Ctx, packets: Packets): unknown => ctx.consumePacket(packets.in![0]!);

export function double(ctx: Ctx, packets: Packets): void {
  send(ctx, 2 * (take(ctx, packets) as number));
}

export async function slowly(ctx: Ctx, packets: Packets): Promise<void> {
  const value = take(ctx, packets);
  await new Promise((resolve) => setTimeout(resolve, 20));
  send(ctx, value);
}

export function describe(ctx: Ctx, packets: Packets): void {
  const value = take(ctx, packets);
  send(ctx, {
    nodeName: ctx.nodeName,
    poolId: ctx.poolId,
    vars: { ...ctx.vars },
    ports: [...ctx.node.out_ports.keys()],
    retryCount: ctx.retryCount,
    failures: ctx.retryExceptions.map(({ type, message }) => `${type}: ${message}`),
    hasRoot: ctx.projectRoot.endsWith("project"),
    value,
  });
}

export function forward(ctx: Ctx, packets: Packets): void {
  ctx.loadOutputPort("out", packets.in![0]!);
  ctx.sendOutputSalvo("default");
}

export function failOnce(ctx: Ctx, packets: Packets): void {
  if (ctx.retryCount === 0) throw new RangeError("not yet");
  describe(ctx, packets);
}

class BadRow extends Error {}

export function fail(ctx: Ctx, packets: Packets): void {
  take(ctx, packets);
  throw new BadRow("row 3");
}

export function dieOnce(ctx: Ctx, packets: Packets): void {
  if (ctx.retryCount === 0) Deno.exit(3);
  describe(ctx, packets);
}

export function cancel(ctx: Ctx, packets: Packets): void {
  take(ctx, packets);
  try {
    ctx.cancelEpoch();
  } catch {
    // Swallowing it changes nothing.
  }
}

export function leave(): void {
  // Its input stays in the epoch.
}

export function uncopyable(ctx: Ctx, packets: Packets): void {
  take(ctx, packets);
  send(ctx, { rows: [{ cb: () => 1 }] });
}

export function lazy(ctx: Ctx, packets: Packets): void {
  const value = take(ctx, packets);
  ctx.loadOutputPort("out", ctx.createPacketFromValueFunc("./nodes.ts::compute", [value]));
  ctx.sendOutputSalvo("default");
}

export const compute = (value: number): number => value + 100;

export function speak(ctx: Ctx, packets: Packets): void {
  ctx.print("got", take(ctx, packets), { a: 1 });
  ctx.log("step", { n: 1 });
}

export async function chat(ctx: Ctx, packets: Packets): Promise<void> {
  const value = take(ctx, packets);
  for (let i = 0; i < 3; i++) {
    console.log(value, i);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export function* count(ctx: Ctx, packets: Packets): Generator<void> {
  const n = take(ctx, packets) as number;
  for (let i = 0; i < n; i++) {
    send(ctx, i);
    yield;
  }
}

export function spin(ctx: Ctx, packets: Packets): void {
  const value = take(ctx, packets);
  ctx.print("before");
  if (value === "spin") { for (;;) { /* for ever */ } }
  send(ctx, value);
}

export async function obey(ctx: Ctx, packets: Packets): Promise<void> {
  const value = take(ctx, packets);
  if (value === "wait") {
    await new Promise((_, reject) =>
      ctx.signal.addEventListener("abort", () => reject(ctx.signal.reason))
    );
  }
  send(ctx, value);
}

/** Makes every mistake that `ctx` refuses, and sends the names of the errors. */
export function mistakes(ctx: Ctx, packets: Packets): void {
  const [id] = packets.in!;
  const names: string[] = [];
  const attempt = (action: () => unknown) => {
    try {
      action();
      names.push("none");
    } catch (error) {
      names.push((error as Error).name);
    }
  };
  ctx.consumePacket(id!);
  attempt(() => ctx.consumePacket(id!));
  attempt(() => ctx.consumePacket("unknown"));
  const created = ctx.createPacket(names);
  attempt(() => ctx.loadOutputPort("nowhere", created));
  attempt(() => ctx.sendOutputSalvo("nothing"));
  ctx.loadOutputPort("out", created);
  attempt(() => ctx.loadOutputPort("out", created));
  ctx.sendOutputSalvo("default");
}

/** Says what its permissions keep it from. */
export async function trespass(ctx: Ctx, packets: Packets): Promise<void> {
  const { file, port } = take(ctx, packets) as { file: string; port: number };
  const tries: (() => unknown)[] = [
    () => Deno.readTextFileSync(file),
    () => Deno.connect({ hostname: "127.0.0.1", port }),
    () => new Deno.Command("true").outputSync(),
  ];
  const results: string[] = [];
  for (const attempt of tries) {
    try {
      await attempt();
      results.push("done");
    } catch (error) {
      results.push((error as Error).name);
    }
  }
  send(ctx, results);
}

export const typed = (x: number): number => x + 1;

/** Prints numbers, with `ctx` and the console in turn. */
export function talk(ctx: Ctx, packets: Packets): void {
  const n = take(ctx, packets) as number;
  for (let i = 0; i < n; i++) {
    if (i % 2 === 0) ctx.print(i);
    else console.log(i);
  }
}

/** Prints a line, and the next one when somebody at the port says so. */
export async function talkOnDemand(ctx: Ctx, packets: Packets): Promise<void> {
  const port = take(ctx, packets) as number;
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  for (let i = 0; i < 5; i++) {
    ctx.print(i);
    await connection.read(new Uint8Array(1));
  }
}

/** Returns something, and sends nothing. */
export function tell(ctx: Ctx, packets: Packets): unknown {
  const value = take(ctx, packets);
  return value === "function" ? () => 1 : { told: value, at: new Date(0) };
}

export function readFile(ctx: Ctx, packets: Packets): void {
  send(ctx, Deno.readTextFileSync(take(ctx, packets) as string));
}

/** Fills its memory on the first attempt. */
export function hoardOnce(ctx: Ctx, packets: Packets): void {
  const hoard: unknown[] = [];
  while (ctx.retryCount === 0) hoard.push(new Array(10_000).fill({ a: hoard.length }));
  describe(ctx, packets);
}

/** Prints 100 MB. */
export function chatter(ctx: Ctx, packets: Packets): void {
  const line = "x".repeat(999);
  const isRaw = take(ctx, packets) === "raw";
  const bytes = new TextEncoder().encode(`${line}\n`.repeat(100));
  if (isRaw) { for (let i = 0; i < 1000; i++) Deno.stdout.writeSync(bytes); }
  else for (let i = 0; i < 100_000; i++) console.log(line);
  send(ctx, Deno.pid);
}

export function pid(ctx: Ctx, packets: Packets): void {
  take(ctx, packets);
  send(ctx, Deno.pid);
}

/** Computes for as long as it takes to be killed on the first attempt. */
export function busyOnce(ctx: Ctx, packets: Packets): void {
  ctx.print(String(Deno.pid));
  while (ctx.retryCount === 0) { /* until it is killed */ }
  describe(ctx, packets);
}

export function environment(ctx: Ctx, packets: Packets): void {
  const names = take(ctx, packets) as string[];
  send(
    ctx,
    names.map((name) => {
      try {
        return Deno.env.get(name) ?? null;
      } catch (error) {
        return (error as Error).name;
      }
    }),
  );
}

export function dieAlways(): never {
  Deno.exit(4);
}

/** Never stops talking. */
export function babble(ctx: Ctx, packets: Packets): void {
  const value = take(ctx, packets);
  while (value === "babble") ctx.print("x".repeat(1000));
  send(ctx, value);
}

/** Sends so many bytes. */
export function grow(ctx: Ctx, packets: Packets): void {
  send(ctx, new Uint8Array(take(ctx, packets) as number));
}

let moved: ArrayBuffer | undefined;

/** Sends how large what it sent before is by now, in memory that is moved if that is asked for. */
export function moveBytes(ctx: Ctx, packets: Packets): void {
  const isMoved = take(ctx, packets);
  const bytes = new Float64Array([moved?.byteLength ?? -1, 0]);
  moved = bytes.buffer;
  const id = ctx.createPacket(bytes, isMoved ? { transfer: [bytes.buffer] } : {});
  ctx.loadOutputPort("out", id);
  ctx.sendOutputSalvo("default");
}
