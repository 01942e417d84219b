import { assert, assertEquals, assertRejects } from "@std/assert";
import { JobAborted } from "../../../runtime/execution/error.ts";
import { ExecutionManager } from "../../../runtime/execution/execution_manager.ts";
import { createExecutionManagerServer } from "../../../runtime/execution/execution_manager_server.ts";
import { NotSerializableError } from "../../../runtime/packets/error.ts";
import { WorkerCrashed } from "../../../runtime/pools/error.ts";
import { createAsyncChannelPair } from "../../../runtime/rpc/async_channel.ts";
import { ChannelClosed } from "../../../runtime/rpc/error.ts";
import type { PoolSpecInput } from "../../../runtime/schema/pool.ts";

const projectRoot = new URL("./project", import.meta.url).pathname;
const kinds = ["main", "thread", "multiprocess", "remote"];
const at = { poolId: "m", workerId: 0 };

/** A manager with one worker of that kind, as pool "m". */
async function open(kind: string, max_jobs_per_worker = 1): Promise<ExecutionManager> {
  const start = (spec: PoolSpecInput) => ExecutionManager.open({ m: spec }, { projectRoot });
  if (kind === "main") return await start({ type: "main" });
  if (kind !== "remote") return await start({ type: kind, max_jobs_per_worker } as PoolSpecInput);
  const server = createExecutionManagerServer({ projectRoot, functions: "source" });
  await server.serveBackground({ port: 0 });
  const url = `ws://127.0.0.1:${server.port}`;
  const manager = await start({ type: "remote", url, max_jobs_per_worker });
  const close = manager.close.bind(manager);
  manager.close = () => close().finally(() => server.stop());
  return manager;
}

for (const kind of kinds) {
  Deno.test(`${kind}: a function converses over the channel of its job, in order`, async () => {
    await using manager = await open(kind);
    const [here, sendChannel] = createAsyncChannelPair();
    // What is sent before the function runs waits for it.
    for (let i = 0; i < 100; i++) await here.send("say", i);
    const job = manager.run({ ...at, func: "./fns.ts::converse", args: ["hello"], sendChannel });
    assertEquals(await here.recv(), ["greeting", "hello"]);
    for (let i = 0; i < 100; i++) assertEquals(await here.recv(), ["say", { echo: i }]);
    await here.send("say", new Map([["a", 1n]]));
    assertEquals(await here.recv(), ["say", { echo: new Map([["a", 1n]]) }]);
    await here.send("end", null);
    assertEquals((await job).result, 101);
    await assertRejects(() => here.recv(), ChannelClosed);
    await assertRejects(() => here.send("x", 1), ChannelClosed);
  });

  Deno.test(`${kind}: each job has a channel of its own`, async () => {
    await using manager = await open(kind, 2);
    const talk = async (name: string) => {
      const [here, sendChannel] = createAsyncChannelPair();
      const job = manager.run({ ...at, func: "./fns.ts::converse", args: [name], sendChannel });
      const [, greeting] = await here.recv();
      return { greeting, here, job };
    };
    const [a, b] = await Promise.all([talk("a"), talk("b")]);
    assertEquals([a.greeting, b.greeting], ["a", "b"]);
    await a.here.send("end", null);
    assertEquals((await a.job).result, 0);
    await b.here.send("say", 1);
    await b.here.send("end", null);
    assertEquals((await b.job).result, 1);
  });

  Deno.test(`${kind}: the end of a channel is heard at its other end, after what was sent`, async () => {
    await using manager = await open(kind);
    const [here, sendChannel] = createAsyncChannelPair();
    const listening = manager.run({ ...at, func: "./fns.ts::listenToTheEnd", sendChannel });
    await here.send("a", 1);
    await here.send("b", 2);
    await here.close();
    assertEquals((await listening).result, [1, 2, "ChannelClosed", true]);

    const [mine, theirs] = createAsyncChannelPair();
    const job = manager.run({ ...at, func: "./fns.ts::hangUp", sendChannel: theirs });
    assertEquals(await mine.recv(), ["last", "words"]);
    await assertRejects(() => mine.recv(), ChannelClosed);
    assertEquals((await job).result, "ChannelClosed");
  });

  Deno.test(`${kind}: a job that is given up loses its channel, and keeps its worker`, async () => {
    await using manager = await open(kind);
    const [here, sendChannel] = createAsyncChannelPair();
    const job = manager.run({
      ...at,
      func: "./fns.ts::listenToTheEnd",
      sendChannel,
      timeout: 0.05,
    });
    await assertRejects(() => job, JobAborted);
    await assertRejects(() => here.recv(), ChannelClosed);
    const { result } = await manager.run({ ...at, func: "./fns.ts::add", args: [1, 2] });
    assertEquals(result, 3);
  });
}

for (const kind of kinds.slice(1)) {
  Deno.test(`${kind}: what has no copy is refused to the function, and fails the job of others`, async () => {
    await using manager = await open(kind);
    const [, theirs] = createAsyncChannelPair();
    const told = await manager.run({
      ...at,
      func: "./fns.ts::sendUncopyable",
      sendChannel: theirs,
    });
    assertEquals(told.result, "NotSerializableError");
    const [here, sendChannel] = createAsyncChannelPair();
    const job = manager.run({ ...at, func: "./fns.ts::converse", args: ["hi"], sendChannel });
    await here.send("fn", { deep: [() => 1] });
    const error = await assertRejects(() => job, NotSerializableError);
    assert(error.message.includes(".deep[0]"), error.message);
  });

  Deno.test(`${kind}: a worker that dies closes the channels of its jobs`, async () => {
    await using manager = await open(kind);
    await manager.sendFunctionToPool("m", "die", async (channel: { recv(): unknown }) => {
      await channel.recv();
      Deno.exit(3);
    });
    const [here, sendChannel] = createAsyncChannelPair();
    const job = manager.run({ ...at, func: "die", sendChannel });
    await here.send("go", null);
    await assertRejects(() => job, WorkerCrashed);
    await assertRejects(() => here.recv(), ChannelClosed);
  });
}
