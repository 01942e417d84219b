import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { WorkerCrashed, WorkerException, WorkerTimeout } from "../../../runtime/pools/error.ts";
import { MultiprocessPool } from "../../../runtime/pools/multiprocess_pool.ts";
import {
  type ListenablePool,
  POOL_KEYS,
  type WorkerPoolTimes,
} from "../../../runtime/pools/pool.ts";
import { ThreadPool } from "../../../runtime/pools/thread_pool.ts";
import { MessageTooLarge } from "../../../runtime/rpc/error.ts";
import { childProcesses } from "./_leaks.ts";

const projectRoot = import.meta.dirname!;
const kinds: Record<string, (fn: string, options: WorkerPoolTimes) => ListenablePool> = {
  thread: (fn, options) => new ThreadPool(fn, { ...options, projectRoot }),
  multiprocess: (fn, options) => new MultiprocessPool(fn, { ...options, projectRoot }),
};

for (const [kind, create] of Object.entries(kinds)) {
  Deno.test(`${kind}: a worker that is not ready within start_timeout fails the start`, async () => {
    const pool = create("./_never_ready.ts::work", { start_timeout: 0.5 });
    const error = await assertRejects(() => pool.start(), WorkerTimeout);
    assertEquals([error.timeout, error.operation], [0.5, "become ready"]);
    assert(!pool.isRunning);
    assertEquals(childProcesses().length, 0);
  });

  Deno.test(`${kind}: a worker that does not end within close_timeout is ended by force`, async () => {
    const pool = create("./_workers.ts::stubborn", { close_timeout: 0.05 });
    await pool.start();
    await pool.close();
    assertEquals(childProcesses().length, 0);
    await pool.start();
    await pool.close({ timeout: 0 });
    assertEquals(childProcesses().length, 0);
  });

  Deno.test(`${kind}: after max_restarts a worker stays down, and the pool closes`, async () => {
    await using pool = create("./_workers.ts::echo", { max_restarts: 3 });
    await pool.start();
    for (let i = 0; i < 4; i++) {
      await pool.send(0, "throw", null);
      await assertRejects(() => pool.recv({ timeout: 30 }), WorkerException);
      if (i < 3) {
        assertEquals((await pool.recv({ timeout: 30 })).key, POOL_KEYS.WORKER_RESTARTED);
      }
    }
    await assertRejects(() => pool.recv({ timeout: 30 }), WorkerCrashed, "restart limit");
    await assertRejects(() => pool.send(0, "x", 1), WorkerCrashed, "restart limit");
  });

  Deno.test(`${kind}: a message above max_message_size is refused, the next one arrives`, async () => {
    await using pool = create("./_workers.ts::echo", { max_message_size: 10_000 });
    await pool.start();
    for (const large of [new Uint8Array(20_000), "x".repeat(20_000), new Array(2_600).fill(0.5)]) {
      await assertRejects(() => pool.send(0, "large", { large }), MessageTooLarge);
    }
    await pool.send(0, "small", "x".repeat(9_000));
    assertEquals((await pool.recv({ timeout: 30 })).key, "small");
  });
}

Deno.test("thread: permissions that Deno cannot enforce here are refused", () => {
  const create = () => new ThreadPool("./_workers.ts::echo", { permissions: "none" });
  assertThrows(create, InvalidArgumentError, "--unstable-worker-options");
});

Deno.test("multiprocess: several restarts of one process bring all of its workers back", async () => {
  await using pool = await MultiprocessPool.open("./_workers.ts::echo", {
    projectRoot,
    threads_per_process: 2,
  });
  for (let i = 0; i < 2; i++) {
    await pool.send(0, "exit", 3);
    const crashed: number[] = [];
    const restarted: number[] = [];
    while (restarted.length < 2) {
      try {
        const { workerId, key } = await pool.recv({ timeout: 30 });
        assertEquals(key, POOL_KEYS.WORKER_RESTARTED);
        restarted.push(workerId);
      } catch (error) {
        assert(error instanceof WorkerCrashed, String(error));
        crashed.push(error.workerId);
      }
    }
    assertEquals([crashed.sort(), restarted.sort()], [[0, 1], [0, 1]]);
  }
  await pool.broadcast("again", 1);
  const answers = [await pool.recv(), await pool.recv()];
  assertEquals(answers.map(({ workerId }) => workerId).sort(), [0, 1]);
});

Deno.test("multiprocess: output is taken, thrown away, or let through, as the options say", async () => {
  const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));
  const output = async (options: Record<string, boolean>) => {
    const { stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: [
        ...["run", "-A", "--quiet", "--no-check", "--config", config],
        new URL("./_output_program.ts", import.meta.url).href,
        JSON.stringify(options),
      ],
      stdout: "piped",
      stderr: "piped",
    }).output();
    const lines = new TextDecoder().decode(stdout).trim().split("\n");
    const told = JSON.parse(lines.pop()!);
    return { ...told, stdout: lines.sort(), stderr: new TextDecoder().decode(stderr) };
  };
  const all = ["err 7\n", "out 7\n", "raw 7\n"];
  const nothing = { flushed: [], pushed: 0 };
  assertEquals(await output({}), { flushed: all, pushed: 3, stdout: [], stderr: "" });
  assertEquals(await output({ buffer_output: false }), { ...nothing, stdout: [], stderr: "" });
  assertEquals(await output({ redirect_output: false }), {
    ...nothing,
    stdout: ["out 7", "raw 7"],
    stderr: "err 7\n",
  });
});
