import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { EpochError, Net } from "@netrun/netrun";
import { config, node, type NodeFn, openNet, pass, record, settle } from "../net/net_fixture.ts";
import { Place, run } from "./files_fixture.ts";

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
