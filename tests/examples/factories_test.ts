import { assertEquals } from "@std/assert";
import { Net } from "@netrun/netrun";

const EXAMPLES = new URL("../../examples/factories/", import.meta.url);

/** Runs a net on the given packets and returns what is in its output queues at the end. */
async function run(
  file: string,
  inputs: [node: string, port: string, values: unknown[]][],
  folder = EXAMPLES,
): Promise<Record<string, unknown[]>> {
  await using net = await Net.fromFile(new URL(file, folder));
  await net.init();
  for (const [node, port, values] of inputs) net.injectData(node, port, values);
  await net.runUntilBlocked();
  return Object.fromEntries(net.flushAllOutputQueues());
}

Deno.test("functions: words are sent one by one and sorted by length", async () => {
  assertEquals(await run("functions.netrun.toml", [["words", "text", ["to be or not to be"]]]), {
    "sort::short": ["to", "be", "or", "to", "be"],
    "shout::out": ["NOT!"],
  });
});

Deno.test("broadcast and join: both results of one number leave together", async () => {
  assertEquals(await run("broadcast_join.netrun.toml", [["split", "in_0", [12, 3]]]), {
    "both::out": [{ square: 144, half: 6 }, { square: 9, half: 1.5 }],
  });
});

Deno.test("a subgraph factory: the stages add up", async () => {
  assertEquals(await run("subgraph.netrun.toml", [["stages.stage_1", "value", [5]]]), {
    "stages.stage_3::out": [116],
  });
});

Deno.test({
  name: "commands: a shell and a Python program as nodes",
  ignore: !await hasPython(),
  async fn() {
    const outputs = await run("command.netrun.toml", [["sort", "in", ["pear\napple\npear\n"]]]);
    assertEquals(outputs, {
      "score::out": [{ word: "apple", vowels: 2 }, { word: "pear", vowels: 2 }],
    });
  },
});

Deno.test("read and write: the file of the paid orders appears at the end", async () => {
  const folder = await Deno.makeTempDir();
  for (const name of ["read_write.netrun.toml", "nodes.ts", "orders.csv"]) {
    await Deno.copyFile(new URL(name, EXAMPLES), `${folder}/${name}`);
  }
  {
    await using net = await Net.fromFile(`${folder}/read_write.netrun.toml`);
    await net.init();
    net.injectData("read", "path", ["orders.csv"]);
    await net.runUntilBlocked();
  }
  assertEquals(
    await Deno.readTextFile(`${folder}/paid.jsonl`),
    '{"id":1,"customer":"Ada","amount":12.5,"paid":true}\n' +
      '{"id":3,"customer":"Edsger","amount":99.9,"paid":true}\n',
  );
  await Deno.remove(folder, { recursive: true });
});

async function hasPython(): Promise<boolean> {
  try {
    return (await new Deno.Command("python3", { args: ["--version"] }).output()).success;
  } catch {
    return false;
  }
}
