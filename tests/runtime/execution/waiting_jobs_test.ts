import { assertEquals, assertRejects } from "@std/assert";
import { ExecutionManager } from "../../../runtime/execution/execution_manager.ts";
import type { PoolSpecInput } from "../../../runtime/schema/pool.ts";

const kinds: Record<string, PoolSpecInput> = {
  thread: { type: "thread", prefetch: 5 },
  multiprocess: { type: "multiprocess", prefetch: 5 },
};

for (const [kind, spec] of Object.entries(kinds)) {
  Deno.test(`${kind}: a job that is cancelled while it waits on the worker never starts`, async () => {
    const folder = await Deno.makeTempDir();
    const projectRoot = new URL("./project", import.meta.url).pathname;
    await using manager = await ExecutionManager.open({ p: spec }, { projectRoot });
    const at = { poolId: "p", workerId: 0 };
    const isHolding = Promise.withResolvers<void>();
    const gate = `${folder}/gate`;
    const holding = manager.run({
      ...at,
      func: "./gate.ts::holdUntil",
      args: [gate],
      onPrint: () => isHolding.resolve(),
    });
    const cancelling = new AbortController();
    const unwanted = manager.run({
      ...at,
      func: "./gate.ts::mark",
      args: [`${folder}/unwanted`],
      signal: cancelling.signal,
    });
    const wanted = manager.run({ ...at, func: "./gate.ts::mark", args: [`${folder}/wanted`] });
    await isHolding.promise;
    cancelling.abort(new Error("not needed"));
    await assertRejects(() => unwanted, Error, "not needed");
    await Deno.writeTextFile(gate, "");
    await Promise.all([holding, wanted]);
    const left = Array.from(Deno.readDirSync(folder), ({ name }) => name).sort();
    assertEquals(left, ["gate", "wanted"]);
    await Deno.remove(folder, { recursive: true });
  });
}
