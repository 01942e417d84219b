import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { EpochError } from "@netrun/netrun";
import { node, openNet, pass, record } from "../net/net_fixture.ts";
import { openFiled, runFiled, valuesFor } from "./filed_project.ts";
import { withSmallDisk } from "./small_disk.ts";

const writer = fileURLToPath(new URL("_file_writer.ts", import.meta.url));

Deno.test("15: a writer of files that is killed again and again leaves no mixture", async () => {
  const folder = await Deno.makeTempDir();
  let first = 0;
  for (let round = 0; round < 10; round++) {
    const process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", writer, folder, `${first}`],
      stdout: "piped",
    }).spawn();
    let told = "";
    const lines = process.stdout.pipeThrough(new TextDecoderStream());
    for await (const text of lines) {
      told += text;
      // Each round is cut at another point of the next files.
      if (told.split("\n").length > 2 + round % 4) {
        for (let i = 0; i < 40_000 * (round % 5); i++) performance.now();
        process.kill("SIGKILL");
      }
    }
    await process.status;
    first = Number(told.trim().split("\n").at(-1));
    await using net = await openFiled(folder);
    // The one that was told of, the one after it, which was perhaps cut, and what is there now.
    for (const input of [first, first + 1, first + 1]) {
      assertEquals(await runFiled(net, input), valuesFor(input));
    }
    first += 2;
  }
  const left = [...Deno.readDirSync(join(folder, "data", "A"))].map(({ name }) => name);
  assertEquals(left.filter((name) => name.startsWith("out")).length, 3);
  await Deno.remove(folder, { recursive: true });
});

withSmallDisk(
  "15: outputs that do not fit on a full disk fail the epoch, and later ones do",
  async (disk) => {
    const file_storage = {
      backend: "disk",
      serialization: "binary",
      on_hash_change: "overwrite",
      slots: "per_input",
    };
    const make = pass((size: number) => new Uint8Array(size).fill(7));
    await using net = await openNet([node("A", make, { storage: { file_storage } })], [], {
      print_exceptions: false,
      project_root_override: disk,
      storage: {
        backends: { disk: { type: "local", base_path: "data" } },
        file_storage_metadata_path: "meta",
      },
    });
    const { ends } = record(net);
    const run = async (size: number) => {
      net.injectData("A", "in", [size]);
      await net.runUntilBlocked();
      return net.flushOutputQueue("A::out")[0] as Uint8Array;
    };
    assertEquals((await run(60_000)).length, 60_000);
    await Deno.writeFile(join(disk, "filler"), new Uint8Array(1_200_000));
    const error = await assertRejects(() => run(900_000), EpochError);
    assertEquals((error.cause as Error).name, "StorageBackendError");
    assertEquals([net.outputCount("A::out"), net.packets.size], [0, 0]);
    await Deno.remove(join(disk, "filler"));
    assertEquals((await run(900_000)).length, 900_000);
    assertEquals((await run(60_000)).length, 60_000);
    assertEquals(ends.map(({ outcome }) => outcome), [
      "success",
      "error",
      "success",
      "file_storage_hit",
    ]);
    const drafts = [...Deno.readDirSync(join(disk, "data", "A"))]
      .flatMap(({ name }) => [...Deno.readDirSync(join(disk, "data", "A", name))]);
    assert(drafts.every(({ name }) => name === "out.bin"));
    await net.close();
  },
);
