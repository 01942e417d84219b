import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { FactoryArgsError } from "../../../runtime/factories/error.ts";
import { Net } from "../../../runtime/net/net.ts";
import { RecordFormatError } from "../../../runtime/formats/error.ts";
import type { NodeConfigInput } from "../../../runtime/schema/node.ts";
import { makeNode } from "./_run_node.ts";

/** Calls `body` with a folder that holds the files, and removes it again. */
async function withFiles(
  files: Record<string, string>,
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    for (const [name, text] of Object.entries(files)) {
      await Deno.writeTextFile(`${folder}/${name}`, text);
    }
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function openNet(folder: string, nodes: NodeConfigInput[], edges: [string, string][] = []) {
  return Net.open({
    project_root_override: folder,
    graph: {
      nodes,
      edges: edges.map(([source, target]) => {
        const [source_node, source_port] = source.split(".") as [string, string];
        const [target_node, target_port] = target.split(".") as [string, string];
        return { source_node, source_port, target_node, target_port };
      }),
    },
  });
}

const readOrders = (args: Record<string, unknown> = {}): NodeConfigInput => ({
  name: "read",
  factory: "netrun:read",
  factory_args: { path: "orders.csv", ...args },
});
const ORDERS = { "orders.csv": "id,paid\n1,true\n2,false\n3,true\n" };

Deno.test("read sends a packet a record", async () => {
  await withFiles(ORDERS, async (folder) => {
    await using net = await openNet(folder, [readOrders({ cast: true })]);
    await net.executeNode("read");
    assertEquals(net.flushOutputQueue("read::out"), [
      { id: 1, paid: true },
      { id: 2, paid: false },
      { id: 3, paid: true },
    ]);
  });
});

Deno.test("read sends arrays of `batch` records, the last one shorter", async () => {
  await withFiles({ "n.jsonl": "1\n2\n3\n" }, async (folder) => {
    await using net = await openNet(folder, [readOrders({ path: "n.jsonl", batch: 2 })]);
    await net.executeNode("read");
    assertEquals(net.flushOutputQueue("read::out"), [[1, 2], [3]]);
  });
});

Deno.test("without `path` read takes paths as packets", async () => {
  await withFiles({ "a.txt": "x\ny\n", "b.txt": "z\n" }, async (folder) => {
    await using net = await openNet(folder, [
      { name: "read", factory: "netrun:read" },
    ]);
    net.injectData("read", "path", ["a.txt", `${folder}/b.txt`]);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("read::out").toSorted(), ["x", "y", "z"]);
  });
});

Deno.test("a bad record fails the epoch with file and line", async () => {
  await withFiles({ "orders.csv": "a,b\n1,2\n3\n" }, async (folder) => {
    const net = await openNet(folder, [readOrders()]);
    const error = await assertRejects(() => net.executeNode("read"));
    assert((error as Error).cause instanceof RecordFormatError);
    assertStringIncludes(String((error as Error).cause), "orders.csv:3");
    await net.close();
  });
});

Deno.test("write replaces the file when the net is closed", async () => {
  await withFiles({ ...ORDERS, "paid.jsonl": "old\n" }, async (folder) => {
    const path = `${folder}/paid.jsonl`;
    {
      await using net = await openNet(folder, [
        readOrders(),
        { name: "write", factory: "netrun:write", factory_args: { path: "paid.jsonl" } },
      ], [["read.out", "write.in"]]);
      await net.executeNode("read");
      await net.runUntilBlocked();
      assertEquals(await Deno.readTextFile(path), "old\n");
    }
    assertEquals(
      await Deno.readTextFile(path),
      '{"id":"1","paid":"true"}\n{"id":"2","paid":"false"}\n{"id":"3","paid":"true"}\n',
    );
    assertEquals(names(folder), ["orders.csv", "paid.jsonl"]);
  });
});

Deno.test("write leaves the part, and says so, if an epoch failed", async () => {
  await withFiles({ "out.csv": "old\n" }, async (folder) => {
    const net = await openNet(folder, [{
      name: "write",
      factory: "netrun:write",
      factory_args: { path: "out.csv" },
      execution_config: { propagate_exceptions: false },
    }]);
    net.injectData("write", "in", [{ a: 1 }, { b: 2 }, { a: 3 }]);
    await net.runUntilBlocked();
    const told = await errorsOf(() => net.close());
    assertStringIncludes(told, "1 of its epochs failed");
    assertEquals(await Deno.readTextFile(`${folder}/out.csv`), "old\n");
    assertEquals(await Deno.readTextFile(`${folder}/out.csv.${Deno.pid}.part`), "a\n1\n3\n");
  });
});

Deno.test("write leaves the part if the run was aborted or packets wait", async () => {
  await withFiles({}, async (folder) => {
    const write: NodeConfigInput = {
      name: "write",
      factory: "netrun:write",
      factory_args: { path: "out.txt" },
    };
    const aborted = await openNet(folder, [write]);
    aborted.injectData("write", "in", ["a"]);
    await aborted.runUntilBlocked();
    await aborted.runUntilBlocked({ signal: AbortSignal.abort() });
    assertStringIncludes(await errorsOf(() => aborted.close()), "the run was aborted");
    const waiting = await openNet(folder, [write]);
    waiting.injectData("write", "in", ["a"]);
    await waiting.runUntilBlocked();
    waiting.injectData("write", "in", ["b", "c"]);
    assertStringIncludes(await errorsOf(() => waiting.close()), "2 packets wait at it");
    assert(!names(folder).includes("out.txt"));
  });
});

Deno.test("write without a record touches nothing", async () => {
  await withFiles({ "out.csv": "kept\n" }, async (folder) => {
    const net = await openNet(folder, [
      { name: "write", factory: "netrun:write", factory_args: { path: "out.csv" } },
    ]);
    await net.close();
    assertEquals(await Deno.readTextFile(`${folder}/out.csv`), "kept\n");
  });
});

Deno.test("a path may come from a variable", async () => {
  await withFiles(ORDERS, async (folder) => {
    await using net = await openNet(folder, [{
      ...readOrders({ path: { $var: "file" } }),
      execution_config: { node_vars: { file: { value: "orders.csv" } } },
    }]);
    await net.executeNode("read");
    assertEquals(net.flushOutputQueue("read::out").length, 3);
  });
});

Deno.test("read and write run on main, write one epoch at a time, unless the node says otherwise", async () => {
  const settings = async (node: NodeConfigInput) => (await makeNode(node)).config.execution_config;
  const args = { path: "x.csv" };
  const write = await settings({ factory: "netrun:write", factory_args: args });
  assertEquals([write.pools, write.max_parallel_epochs], [["main"], 1]);
  const read = await settings({
    factory: "netrun:read",
    factory_args: args,
    execution_config: { pools: ["cpu"] },
  });
  assertEquals([read.pools, read.max_parallel_epochs], [["cpu"], null]);
});

const refused: [factory: string, args: Record<string, unknown>, message: string][] = [
  ["netrun:read", { path: "data" }, "by its extension"],
  ["netrun:read", { path: "a.csv", format: "xls" }, "must be one of csv"],
  ["netrun:read", { path: "a.csv", batch: 0 }, "batch must be an integer >= 1, got 0"],
  ["netrun:write", {}, "path is required"],
  ["netrun:write", { path: "a.json", append: true }, "use `jsonl`"],
];
for (const [factory, factory_args, message] of refused) {
  Deno.test(`${factory} refuses ${JSON.stringify(factory_args)}`, async () => {
    await assertRejects(() => makeNode({ factory, factory_args }), FactoryArgsError, message);
  });
}

/** What goes to standard error meanwhile. */
async function errorsOf(body: () => Promise<void>): Promise<string> {
  const lines: string[] = [];
  const { error } = console;
  console.error = (...args: unknown[]) => void lines.push(args.join(" "));
  try {
    await body();
  } finally {
    console.error = error;
  }
  return lines.join("\n");
}

function names(folder: string): string[] {
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort();
}
