import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { EpochError } from "@netrun/netrun";
import { deserialize } from "../../../runtime/storage/serialization.ts";
import { decompress } from "../../../runtime/storage/compression.ts";
import { node, openNet, pass, record } from "../net/net_fixture.ts";
import { each, Place, run, sendAll, sendEach } from "./files_fixture.ts";

Deno.test("16: outputs and inputs become files, and another net takes them without a call", async () => {
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

Deno.test("16: several salvos, a single value and names of one's own have their keys", async () => {
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
  Deno.test(`16: a ${bundle_format} bundle holds all salvos and is replayed from`, async () => {
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

Deno.test("16: files are read by the codec that wrote them, not by today's", async () => {
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

Deno.test("17: other inputs fail for good by default, and replace the files if that is wished", async () => {
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

Deno.test("17: another version executes and replaces, whatever the policy", async () => {
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

Deno.test("17: a file that is gone is made again, or is an error", async () => {
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

Deno.test("17: writing that was cut short leaves a miss, never a mixture", async () => {
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

Deno.test("18: hostile names stay inside, and a manifest cannot name code", async () => {
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
