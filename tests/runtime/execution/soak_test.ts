/**
 * Many jobs on subprocesses that are killed at random: `SOAK_JOBS=100000` makes a long test of it.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { ExecutionManager } from "../../../runtime/execution/execution_manager.ts";
import { WorkerCrashed } from "../../../runtime/pools/error.ts";
import { childProcesses } from "../pools/_leaks.ts";
import { on, open, project } from "./_pool_fixture.ts";

const jobs = Number(Deno.env.get("SOAK_JOBS") ?? 2000);
const spec = { type: "multiprocess", num_processes: 2, max_restarts: 1_000_000 } as const;

/** Kills one of the processes now and then, soon after a job has ended. */
class Killer {
  kills = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #pids: () => (number | undefined)[];
  readonly #most = 6 + Math.floor(jobs / 2000);
  #ended = 0;
  #next = 10;

  constructor(pids: () => (number | undefined)[]) {
    this.#pids = pids;
  }

  jobEnded(): void {
    if (++this.#ended < this.#next || this.kills === this.#most) return;
    this.#next += Math.ceil(2 * Math.random() * jobs / this.#most);
    this.kills++;
    // At no particular point of whatever the process does.
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#kill(), 5 * Math.random());
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #kill(): void {
    const pids = this.#pids().filter((pid) => pid !== undefined);
    const pid = pids[Math.floor(Math.random() * pids.length)];
    try {
      if (pid !== undefined) Deno.kill(pid, "SIGKILL");
    } catch {
      // It has just ended.
    }
  }
}

Deno.test("whatever is killed when, every packet comes out once", async () => {
  await using net = await open("multiprocess", [on("double", { retries: 1000 })], {
    spec,
    retain_epoch_logs: false,
  });
  const killer = new Killer(childProcesses);
  let epochs = 0;
  let retries = 0;
  net.onEpochEnd((_name, _id, { retryCount }) => {
    epochs++;
    retries += retryCount;
    killer.jobEnded();
  });
  const numbers = Array.from({ length: jobs }, (_, i) => i);
  net.injectData("double", "in", numbers);
  await net.runUntilBlocked();
  killer.stop();
  const doubled = net.flushOutputQueue("double::out") as number[];
  assertEquals(doubled.sort((a, b) => a - b), numbers.map((n) => 2 * n));
  assertEquals([epochs, net.deadLetterQueue.length], [jobs, 0]);
  assert(killer.kills > 0);
  console.log(`${jobs} packets, ${killer.kills} kills, ${retries} attempts made again`);
  await net.close();
  assertEquals(childProcesses().length, 0);
});

Deno.test("whatever is killed when, every job ends once, as done or as crashed", async () => {
  await using manager = await ExecutionManager.open({ p: spec }, { projectRoot: project });
  const log = await Deno.makeTempFile();
  await manager.sendFunctionToPool("p", "note", (file: string, n: number) => {
    Deno.writeTextFileSync(file, `${n}\n`, { append: true });
    return n;
  });
  const killer = new Killer(() => manager.getProcessIds("p"));
  let crashed = 0;
  await Promise.all(Array.from({ length: jobs }, async (_, n) => {
    try {
      const args = [log, n];
      const { result } = await manager.runAllocate({ workers: ["p"], func: "note", args });
      assertEquals(result, n);
    } catch (error) {
      assert(error instanceof WorkerCrashed, String(error));
      crashed++;
    }
    killer.jobEnded();
  }));
  killer.stop();
  const noted = (await Deno.readTextFile(log)).trim().split("\n");
  // What was reported as done ran once; what had started and crashed was not run again.
  assertEquals(new Set(noted).size, noted.length);
  assert(noted.length >= jobs - crashed);
  assert(killer.kills > 0);
  console.log(`${jobs} jobs, ${killer.kills} kills, ${crashed} crashed, ${noted.length} ran`);
  await Deno.remove(log);
  await manager.close();
  assertEquals(childProcesses().length, 0);
});
