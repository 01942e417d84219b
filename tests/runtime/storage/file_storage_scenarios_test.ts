import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EpochError, Net } from "@netrun/netrun";
import { deserialize } from "../../../runtime/storage/serialization.ts";
import { decompress } from "../../../runtime/storage/compression.ts";
import { config, node, type NodeFn, openNet, pass, record, settle } from "../net/net_fixture.ts";

/** A folder with a backend `disk` and room for manifests. */
class Place implements AsyncDisposable {
  readonly root = Deno.makeTempDirSync();

  settings(files: Record<string, unknown> = {}): Record<string, unknown> {
    return { storage: { file_storage: { backend: "disk", ...files } } };
  }

  net(over: Record<string, unknown> = {}): Record<string, unknown> {
    return {
      print_exceptions: false,
      project_root_override: this.root,
      storage: {
        backends: { disk: { type: "local", base_path: "data" } },
        file_storage_metadata_path: "meta",
      },
      ...over,
    };
  }

  files(folder = "data"): string[] {
    const found: string[] = [];
    const visit = (path: string) => {
      for (const { name, isDirectory } of Deno.readDirSync(join(this.root, folder, path))) {
        if (isDirectory) visit(`${path}${name}/`);
        else found.push(path + name);
      }
    };
    visit("");
    return found.sort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.root, { recursive: true });
  }
}

const sendAll = (...values: unknown[]) => (count: { calls: number }): NodeFn => (ctx, packets) => {
  count.calls++;
  ctx.consumePacket(packets.in![0]!);
  for (const value of values) ctx.loadOutputPort("out", ctx.createPacket(value));
  ctx.sendOutputSalvo("default");
};

async function run(net: Net, value: unknown): Promise<unknown[]> {
  net.injectData("A", "in", [value]);
  await net.runUntilBlocked();
  return net.flushOutputQueue("A::out");
}

Deno.test("outputs and inputs become files, and another net takes them without a call", async () => {
  await using place = new Place();
  const count = { calls: 0 };
  const files = { serialization: "json", compression: "gzip", store_inputs: true };
  const open = () =>
    openNet(
      [node("A", sendAll("x", [1], { y: 2 })(count), place.settings(files))],
      [],
      place.net(),
    );
  {
    await using net = await open();
    assertEquals(await run(net, 7), ["x", [1], { y: 2 }]);
  }
  assertEquals(place.files(), [
    "A/_inputs/in.json.gz",
    "A/out_0.json.gz",
    "A/out_1.json.gz",
    "A/out_2.json.gz",
  ]);
  const bytes = await Deno.readFile(join(place.root, "data/A/out_2.json.gz"));
  assertEquals(
    await deserialize(await decompress(bytes, "gzip", { maxBytes: 100 }), "json"),
    { y: 2 },
  );
  await using net = await open();
  const { ends } = record(net);
  assertEquals(await run(net, 7), ["x", [1], { y: 2 }]);
  assertEquals(ends.map(({ outcome, wasFileStorageHit }) => [outcome, wasFileStorageHit]), [
    ["file_storage_hit", true],
  ]);
  assertEquals(count.calls, 1);
});

const each = {
  each: {
    max_salvos: { type: "infinite" },
    ports: { out: { type: "all" } },
    term: { type: "true" },
  },
};

function sendEach(count: { calls: number }): NodeFn {
  return (ctx, packets) => {
    count.calls++;
    ctx.consumePacket(packets.in![0]!);
    for (const value of ["a", "b", "c"]) {
      ctx.loadOutputPort("out", ctx.createPacket(value));
      ctx.sendOutputSalvo("each");
    }
  };
}

Deno.test("several salvos, a single value and names of one's own have their keys", async () => {
  await using place = new Place();
  const count = { calls: 0 };
  const over = { out_salvo_conditions: each };
  for (const expected of [1, 1]) {
    await using net = await openNet(
      [node("A", sendEach(count), place.settings({ serialization: "str" }), over)],
      [],
      place.net(),
    );
    const { ends } = record(net);
    assertEquals(await run(net, 1), ["a", "b", "c"]);
    assertEquals([count.calls, ends[0]!.outSalvoCount], [expected, 3]);
  }
  assertEquals(place.files(), ["A/each/out_0.txt", "A/each/out_1.txt", "A/each/out_2.txt"]);
  await using other = new Place();
  const names = { serialization: "str", output_names: { default: { out: "report" } } };
  await using net = await openNet(
    [node("A", pass(() => "r"), other.settings(names))],
    [],
    other.net(),
  );
  await run(net, 1);
  assertEquals(other.files(), ["A/report.txt"]);
});

for (const bundle_format of ["tar.gz", "zip"]) {
  Deno.test(`a ${bundle_format} bundle holds all salvos and is replayed from`, async () => {
    await using place = new Place();
    const count = { calls: 0 };
    const files = { bundle: true, bundle_format };
    for (let i = 0; i < 2; i++) {
      await using net = await openNet(
        [node("A", sendEach(count), place.settings(files), { out_salvo_conditions: each })],
        [],
        place.net(),
      );
      assertEquals(await run(net, 1), ["a", "b", "c"]);
    }
    assertEquals([count.calls, place.files()], [1, [`A/outputs.${bundle_format}`]]);
  });
}

Deno.test("files are read by the codec that wrote them, not by today's", async () => {
  await using place = new Place();
  const count = { calls: 0 };
  for (const serialization of ["json", "structured"]) {
    await using net = await openNet(
      [node("A", sendAll({ a: 1 })(count), place.settings({ serialization }))],
      [],
      place.net(),
    );
    assertEquals(await run(net, 1), [{ a: 1 }]);
  }
  assertEquals([count.calls, place.files()], [1, ["A/out.json"]]);
});

Deno.test("other inputs fail for good by default, and replace the files if that is wished", async () => {
  await using place = new Place();
  const double = pass((value: number) => value * 2);
  const net = await openNet(
    [node("A", double, { ...place.settings(), retries: 3 })],
    [],
    place.net(),
  );
  await run(net, 1);
  const error = await assertRejects(() => run(net, 2), EpochError, "on_hash_change");
  assertEquals((error.cause as Error).name, "FileStorageHashMismatchError");
  assertEquals(net.deadLetterQueue.map(({ retryCount }) => retryCount), [0]);
  await net.close();
  await using other = await openNet(
    [node("A", double, place.settings({ on_hash_change: "overwrite" }))],
    [],
    place.net(),
  );
  const { ends } = record(other);
  for (const value of [1, 2, 2, 1]) await run(other, value);
  assertEquals(ends.map(({ outcome }) => outcome), [
    "file_storage_hit",
    "success",
    "file_storage_hit",
    "success",
  ]);
});

Deno.test("another version executes and replaces, whatever the policy", async () => {
  await using place = new Place();
  const outcomes: string[] = [];
  for (const version of [0, 1, 1]) {
    await using net = await openNet(
      [node("A", pass(), place.settings({ version }))],
      [],
      place.net(),
    );
    const { ends } = record(net);
    await run(net, 1);
    outcomes.push(ends[0]!.outcome);
  }
  assertEquals(outcomes, ["success", "success", "file_storage_hit"]);
});

Deno.test("each input has files of its own in slots", async () => {
  await using place = new Place();
  await using net = await openNet(
    [node("A", pass(), place.settings({ slots: "per_input", serialization: "json" }))],
    [],
    place.net(),
  );
  const { ends } = record(net);
  for (const value of [1, 2, 1, 2]) assertEquals(await run(net, value), [value]);
  assertEquals(ends.map(({ wasFileStorageHit }) => wasFileStorageHit), [false, false, true, true]);
  const files = place.files();
  assertEquals(files.length, 2);
  assert(files.every((file) => /^A\/[0-9a-f]{16}\/out\.json$/.test(file)));
});

Deno.test("a file that is gone is made again, or is an error", async () => {
  for (const on_missing of ["rerun", "error"]) {
    for (const bundle of [false, true]) {
      await using place = new Place();
      const settings = place.settings({ on_missing, bundle });
      await using net = await openNet([node("A", pass(), settings)], [], place.net());
      const { ends } = record(net);
      await run(net, 1);
      await Deno.remove(join(place.root, "data", place.files()[0]!));
      if (on_missing === "error") {
        await assertRejects(() => run(net, 1), EpochError, "There is nothing");
      } else assertEquals(await run(net, 1), [1]);
      assertEquals(ends.at(-1)!.outcome, on_missing === "error" ? "error" : "success");
    }
  }
});

Deno.test("a file that was changed fails whoever takes its value", async () => {
  await using place = new Place();
  const settings = place.settings({ serialization: "str" });
  await using net = await openNet(
    [node("A", pass(() => "good"), settings), node("B", pass())],
    ["A.out>B.in"],
    place.net(),
  );
  const run = async () => {
    net.injectData("A", "in", [1]);
    await net.runUntilBlocked();
  };
  await run();
  await Deno.writeTextFile(join(place.root, "data/A/out.txt"), "evil");
  const error = await assertRejects(run, EpochError);
  assertEquals((error.cause as Error).name, "LazyPacketValueEvaluationError");
  assertEquals(((error.cause as Error).cause as Error).name, "StoredValueCorruptError");
  assertEquals(error.nodeName, "B");
});

Deno.test("a value that waits in a file is read before the file is replaced", async () => {
  await using place = new Place();
  const settings = place.settings({ on_hash_change: "overwrite" });
  await using net = await openNet(
    [node("A", pass(), settings), node("B", pass(), { enabled: false })],
    ["A.out>B.in"],
    place.net(),
  );
  for (const value of ["old", "old", "new"]) {
    net.injectData("A", "in", [value]);
    await net.runUntilBlocked();
  }
  net.enableNode("B");
  await net.runUntilBlocked();
  assertEquals(net.flushOutputQueue("B::out"), ["old", "old", "new"]);
});

Deno.test("epochs of one node go one after another, in order too", async () => {
  for (const ordered of [false, true]) {
    await using place = new Place();
    let running = 0;
    let most = 0;
    const slow: NodeFn = async (ctx, packets) => {
      most = Math.max(most, ++running);
      await settle();
      running--;
      pass()(ctx, packets);
    };
    const settings = { ...place.settings({ on_hash_change: "overwrite" }), ordered };
    await using net = await openNet([node("A", slow, settings)], [], place.net());
    net.injectData("A", "in", [1, 1, 2, 3, 3]);
    const { ends } = record(net);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("A::out"), [1, 1, 2, 3, 3]);
    assertEquals([most, ends.filter(({ wasFileStorageHit }) => wasFileStorageHit).length], [1, 2]);
  }
});

Deno.test("an attempt that would be refused stores nothing", async () => {
  await using place = new Place();
  const leave: NodeFn = () => {};
  await using net = await openNet([node("A", leave, place.settings())], [], place.net());
  await assertRejects(() => run(net, 1), EpochError, "it holds packets");
  await assertRejects(() => Deno.stat(join(place.root, "data")), Deno.errors.NotFound);
});

Deno.test("trouble with the files fails the epoch before anything is sent, without a second call", async () => {
  await using place = new Place();
  await Deno.writeTextFile(join(place.root, "data"), "a file where the folder should be");
  let calls = 0;
  const counted = pass(() => ++calls);
  await using net = await openNet(
    [node("A", counted, { ...place.settings(), retries: 2 })],
    [],
    place.net(),
  );
  const error = await assertRejects(() => run(net, 1), EpochError);
  assertEquals((error.cause as Error).name, "StorageBackendError");
  assertEquals([calls, net.outputCount("A::out"), net.packets.size], [1, 0, 0]);
});

Deno.test("writing that was cut short leaves a miss, never a mixture", async () => {
  await using place = new Place();
  const count = { calls: 0 };
  const open = () =>
    openNet([node("A", sendAll("x", "y")(count), place.settings())], [], place.net());
  {
    await using net = await open();
    await run(net, 1);
  }
  // What a process leaves that dies between two files.
  const index = new DatabaseSync(join(place.root, "meta/index.db"));
  index.exec('UPDATE manifests SET manifest = NULL, keys = \'["A/out_0.v8","A/old.v8"]\'');
  index.close();
  await Deno.writeTextFile(join(place.root, "data/A/old.v8"), "half");
  await using net = await open();
  assertEquals(await run(net, 1), ["x", "y"]);
  assertEquals([count.calls, place.files()], [2, ["A/out_0.v8", "A/out_1.v8"]]);
});

Deno.test("hostile names stay inside, and a manifest cannot name code", async () => {
  await using place = new Place();
  const names = { output_names: { default: { out: "../../x" } } };
  await using net = await openNet(
    [node("../evil", pass(), place.settings(names))],
    [],
    place.net(),
  );
  net.injectData("../evil", "in", [1]);
  await net.runUntilBlocked();
  assertEquals(place.files(), ["%2E.%2Fevil/%2E.%2F..%2Fx.v8"]);
  const index = new DatabaseSync(join(place.root, "meta/index.db"));
  index.exec(
    `UPDATE manifests SET manifest = replace(manifest, '"pickle"', '"./evil.ts::codec"')`,
  );
  index.close();
  await Deno.writeTextFile(join(place.root, "evil.ts"), "throw Error('imported')");
  net.injectData("../evil", "in", [1]);
  const error = await net.runUntilBlocked().then(() => undefined, (error) => error);
  assert(!String(error?.cause?.cause).includes("imported"));
});

Deno.test("a codec of one's own reads and writes", async () => {
  await using place = new Place();
  await Deno.writeTextFile(
    join(place.root, "upper.ts"),
    `export const codec = {
      encode: (value: string) => new TextEncoder().encode(value.toUpperCase()),
      decode: (bytes: Uint8Array) => new TextDecoder().decode(bytes).toLowerCase(),
    };`,
  );
  const files = { serialization: { module: "./upper.ts::codec", ext: ".up" } };
  await using net = await openNet(
    [node("A", pass(() => "text"), place.settings(files))],
    [],
    place.net(),
  );
  assertEquals([await run(net, 1), await run(net, 1)], [["text"], ["text"]]);
  assertEquals(await Deno.readTextFile(join(place.root, "data/A/out.up")), "TEXT");
});

Deno.test("a node with files is not cached, and says so", async () => {
  await using place = new Place();
  const net = await Net.create(config(
    [node("A", pass(), place.settings())],
    [],
    place.net({
      storage: {
        backends: { disk: { type: "local", base_path: "data" } },
        cache: { enabled: true, include_all_nodes: true },
      },
    }),
  ));
  assertEquals(net.cache.isEnabled("A"), false);
  await net.close();
});

Deno.test("a large value is compressed while it is written, and comes back whole", async () => {
  await using place = new Place();
  const bytes = new Uint8Array(20 * 1024 * 1024).map((_, i) => i >> 8);
  const files = { serialization: "binary", compression: "gzip", compression_level: 1 };
  for (let i = 0; i < 2; i++) {
    await using net = await openNet(
      [node("A", pass(() => bytes), place.settings(files))],
      [],
      place.net(),
    );
    const { ends } = record(net);
    const [value] = await run(net, 1) as [Uint8Array];
    assert(value.length === bytes.length && value.every((byte, at) => byte === bytes[at]));
    assertEquals(ends[0]!.outcome, i === 0 ? "success" : "file_storage_hit");
  }
  const { size } = await Deno.stat(join(place.root, "data/A/out.bin.gz"));
  assert(size < bytes.length / 10);
});
