import { assertEquals } from "@std/assert";
import { join } from "node:path";
import type { DeadLetter } from "../../../runtime/net/dead_letter.ts";
import { EpochError } from "../../../runtime/net/error.ts";
import { DeadLetterFile, storedInputs } from "../../../runtime/tools/dead_letter_file.ts";

function letter(epochId: string, values: Record<string, unknown[]>): DeadLetter {
  return {
    epochId,
    nodeName: "a",
    salvoCondition: "default",
    error: new EpochError({ nodeName: "a", epochId }, new TypeError("no")),
    retryCount: 1,
    retryTimestamps: [0, 1],
    retryExceptions: [],
    packets: {},
    values,
    poolId: null,
    workerId: null,
  };
}

async function tempPath(): Promise<string> {
  return join(await Deno.makeTempDir({ prefix: "netrun-letters-" }), "inner", "letters.jsonl");
}

Deno.test("inputs come back as they were, of what kind they may be", async () => {
  const path = await tempPath();
  const values = { x: [1n, new Date(5), new Map([["k", new Uint8Array([1])]]), undefined, -0] };
  {
    using file = new DeadLetterFile(path);
    file.add(letter("1", values), "/a.netrun.json");
  }
  const [entry] = await new DeadLetterFile(path).entries();
  assertEquals(storedInputs(entry!), values);
  assertEquals([entry!.error.type, entry!.error.message, entry!.retry_count], [
    "TypeError",
    "no",
    1,
  ]);
});

Deno.test("entries of one net, without those that were taken back and what cannot be read", async () => {
  const path = await tempPath();
  using file = new DeadLetterFile(path);
  assertEquals(await file.entries(), []);
  for (const id of ["1", "2", "3"]) file.add(letter(id, {}), "/a.netrun.json");
  file.add(letter("4", {}), "/b.netrun.json");
  file.finish(["2"]);
  await Deno.writeTextFile(path, '{"id": "half', { append: true });
  const ids = async (net?: string) => (await file.entries(net)).map(({ id }) => id);
  assertEquals(await ids(), ["1", "3", "4"]);
  assertEquals(await ids("/a.netrun.json"), ["1", "3"]);
});

Deno.test("clearing waits for nobody: it refuses while another process adds", async () => {
  const path = await tempPath();
  const file = new DeadLetterFile(path);
  file.add(letter("1", {}), "/a.netrun.json");
  file.add(letter("2", {}), "/b.netrun.json");
  assertEquals(await new DeadLetterFile(path).clear("/a.netrun.json"), undefined);
  file[Symbol.dispose]();
  assertEquals(await new DeadLetterFile(path).clear("/a.netrun.json"), 1);
  assertEquals((await new DeadLetterFile(path).entries()).map(({ id }) => id), ["2"]);
});
