import { assertEquals, assertRejects } from "@std/assert";
import { packBundle, unpackBundle } from "../../../runtime/storage/bundle.ts";
import { compress } from "../../../runtime/storage/compression.ts";
import { InvalidStorageKeyError, StoredValueCorruptError } from "../../../runtime/storage/error.ts";
import { packTar, unpackTar } from "../../../runtime/storage/tar.ts";

const text = (value: string) => new TextEncoder().encode(value);

for (const format of ["tar.gz", "zip"] as const) {
  Deno.test(`${format}: what was packed is unpacked, long names and empty files too`, async () => {
    const files = new Map([
      ["default/out_0.json", text("[1]")],
      [`${"c".repeat(120)}/${"p".repeat(90)}.json`, text("long")],
      ["each/empty", new Uint8Array()],
    ]);
    const bundle = await packBundle(files, format);
    const wanted = new Map(Array.from(files, ([name, { length }]) => [name, length]));
    assertEquals(await unpackBundle(bundle, format, wanted), files);
    assertEquals(await packBundle(files, format), bundle);
  });

  Deno.test(`18: ${format}: only what is wanted comes out, whatever else is in it`, async () => {
    const files = new Map([["../../p", text("evil")], ["a/b", text("good")]]);
    const bundle = await packBundle(files, format);
    const found = await unpackBundle(bundle, format, new Map([["a/b", 4]]));
    assertEquals([...found], [["a/b", text("good")]]);
    for (const [name, size] of [["a/c", 4], ["a/b", 5]] as const) {
      await assertRejects(
        () => unpackBundle(bundle, format, new Map([[name, size]])),
        StoredValueCorruptError,
      );
    }
  });

  Deno.test(`18: ${format}: a bundle of endless zeros or of garbage is refused`, async () => {
    const large = await packBundle(new Map([["a", new Uint8Array(50_000_000)]]), format);
    await assertRejects(
      () => unpackBundle(large, format, new Map([["a", 10]])),
      StoredValueCorruptError,
    );
    await assertRejects(
      () => unpackBundle(text("garbage".repeat(100)), format, new Map([["a", 1]])),
      StoredValueCorruptError,
    );
  });
}

Deno.test("a tar archive that is damaged, or a name that is too long for it, is refused", async () => {
  const archive = packTar(new Map([["a", text("x")]]));
  await assertRejects(
    async () => unpackTar(await Promise.resolve(archive.with(0, 98))),
    StoredValueCorruptError,
    "checksum",
  );
  await assertRejects(
    () => packBundle(new Map([["x".repeat(101), text("")]]), "tar.gz"),
    InvalidStorageKeyError,
    "too long",
  );
});

Deno.test({
  name: "a tar archive is read by the program tar",
  ignore: Deno.build.os === "windows",
  async fn() {
    const folder = await Deno.makeTempDir();
    const files = new Map([["default/out.json", text("[1]")], ["each/b.txt", text("two")]]);
    await Deno.writeFile(`${folder}/a.tar.gz`, await compress(packTar(files), "gzip"));
    const { success } = await new Deno.Command("tar", { args: ["xzf", "a.tar.gz"], cwd: folder })
      .output();
    assertEquals(success, true);
    assertEquals(await Deno.readTextFile(`${folder}/each/b.txt`), "two");
    await Deno.remove(folder, { recursive: true });
  },
});
