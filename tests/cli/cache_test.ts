import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { callProgram } from "./_program.ts";

Deno.test("a run with --cache keeps results, which `cache` counts, shows and clears", async () => {
  const cwd = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(cwd, "nodes.ts"),
    "export const double = (x: number) => 2 * x;\n",
  );
  await Deno.writeTextFile(
    join(cwd, "net.netrun.toml"),
    '[[graph.nodes]]\nname = "double"\nfactory = "netrun:function"\n' +
      'factory_args = { func = "./nodes.ts::double" }\n',
  );
  const call = async (...argv: string[]) => {
    const { code, stdout, stderr } = await callProgram(argv, { cwd });
    return { code, stderr, json: stdout === "" ? undefined : JSON.parse(stdout) };
  };
  const run = async (...more: string[]) => {
    const { json, stderr } = await call("run", "--input", "double.x=21", ...more);
    assertEquals(json?.outputs, { "double::out": [42] }, stderr);
    return json.epochs.cache_hits;
  };
  const hits = [await run(), await run("--cache"), await run("--cache")];
  assertEquals(hits, [0, 0, 1]);
  assertEquals(await run("--cache", "--refresh", "double"), 0);
  const { json: stats } = await call("cache", "stats");
  assertEquals([stats.double.entry_count, stats.double.epoch_count], [1, 2]);
  const { json: [entry] } = await call("cache", "ls", "-n", "double");
  const { json: shown } = await call("cache", "show", entry.key.slice(0, 8));
  assertEquals([shown.inputs, shown.outputs], [{ x: [21] }, { out: [42] }]);
  assertEquals((await call("cache", "show", "none")).code, 1);
  assertEquals((await call("cache", "verify")).json, { intact: 1, corrupt: 0 });
  assertEquals((await call("cache", "clear", "--older-than", "3600")).json, { cleared: 0 });
  assertEquals((await call("cache", "clear")).json, { cleared: 1 });
  await Deno.remove(cwd, { recursive: true });
});
