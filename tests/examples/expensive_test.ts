import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Net } from "@netrun/netrun";

const example = fileURLToPath(new URL("../../examples/expensive/", import.meta.url));

Deno.test("the second run computes nothing, and says the same", async () => {
  const project = await Deno.makeTempDir();
  for (const name of ["expensive.netrun.toml", "nodes.ts"]) {
    await Deno.copyFile(join(example, name), join(project, name));
  }
  const run = async () => {
    const outcomes = new Set<string>();
    await using net = await Net.fromFile(join(project, "expensive.netrun.toml"));
    net.onEpochEnd((_name, _id, { outcome }) => outcomes.add(outcome));
    await net.init();
    net.injectData("limits", "in_0", [10_000]);
    await net.runUntilBlocked();
    return [...net.flushOutputQueue("report::out"), ...outcomes];
  };
  const line = "205 pairs of twins; the widest gap is 36, after 9551";
  assertEquals(await run(), [line, "success"]);
  assertEquals(await run(), [line, "cache_hit"]);
  await Deno.remove(project, { recursive: true });
});
