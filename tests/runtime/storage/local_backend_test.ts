import { assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { InvalidStorageKeyError } from "../../../runtime/storage/error.ts";
import { KeyedBackend } from "../../../runtime/storage/keyed_backend.ts";
import { LocalDriver } from "../../../runtime/storage/local_backend.ts";
import { testBackend } from "./backend_cases.ts";

function local(base_path: string): KeyedBackend {
  return new KeyedBackend(new LocalDriver({ type: "local", base_path }));
}

testBackend("local", async () => local(join(await Deno.makeTempDir(), "store")));

Deno.test("18: a link that leads out of the folder is not followed", async () => {
  const folder = await Deno.makeTempDir();
  await Deno.mkdir(join(folder, "outside"));
  await Deno.writeTextFile(join(folder, "outside", "secret"), "secret");
  await Deno.mkdir(join(folder, "base"));
  await Deno.symlink(join(folder, "outside"), join(folder, "base", "link"));
  await using backend = local(join(folder, "base"));
  await assertRejects(() => backend.read("link/secret"), InvalidStorageKeyError, "leads out");
  await assertRejects(
    () => backend.write("link/new", new Uint8Array(1)),
    InvalidStorageKeyError,
    "leads out",
  );
  assertEquals([...Deno.readDirSync(join(folder, "outside"))].length, 1);
  await Deno.remove(folder, { recursive: true });
});

Deno.test("a stream that fails leaves neither the file nor a draft", async () => {
  const folder = await Deno.makeTempDir();
  await using backend = local(folder);
  const broken = new ReadableStream<Uint8Array>({
    pull(controller) {
      controller.enqueue(new Uint8Array(10));
      controller.error(new Error("source broke"));
    },
  });
  await assertRejects(() => backend.write("a/b", broken), Error, "source broke");
  assertEquals([...Deno.readDirSync(join(folder, "a"))], []);
  await Deno.remove(folder, { recursive: true });
});
