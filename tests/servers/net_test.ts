import { assert, assertEquals } from "@std/assert";
import { join } from "node:path";
import { Net } from "@netrun/netrun";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import { impatient, newPlace, s3, serverOf } from "./configs.ts";
import { reason, startMoto } from "./servers.ts";

const moto = await startMoto();
const skipped = reason(moto);

Deno.test({
  name: `16: a net keeps its outputs on S3, and takes them from there after a restart${
    skipped === undefined ? "" : ` (skipped: ${skipped})`
  }`,
  ignore: skipped !== undefined,
  // The vendor's client keeps connections of its own.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const place = newPlace();
    const root = await Deno.makeTempDir();
    let calls = 0;
    const open = () =>
      Net.open({
        project_root_override: root,
        storage: {
          file_storage_metadata_path: "meta",
          backends: { results: s3(serverOf(moto).port, place) },
        },
        graph: {
          nodes: [{
            name: "square",
            factory: "netrun:function",
            factory_args: { func: (x: number) => ({ square: x * x, call: ++calls }) },
            execution_config: {
              storage: { file_storage: { backend: "results", serialization: "json" } },
            },
          }],
        },
      });
    for (let i = 0; i < 2; i++) {
      await using net = await open();
      net.injectData("square", "x", [7]);
      await net.runUntilBlocked();
      assertEquals(
        net.flushAllOutputQueues(),
        new Map([["square::out", [{ square: 49, call: 1 }]]]),
      );
      assert(!JSON.stringify(net.snapshot()).includes("testsecret"));
    }
    await using backend = openBackend(s3(serverOf(moto).port, place), impatient);
    assertEquals(
      new TextDecoder().decode(await backend.read("square/out.json")),
      '{"square":49,"call":1}',
    );
    for await (const { name } of Deno.readDir(join(root, "meta"))) {
      const bytes = await Deno.readFile(join(root, "meta", name));
      assert(!new TextDecoder("latin1").decode(bytes).includes("testsecret"));
    }
    await Deno.remove(root, { recursive: true });
  },
});
