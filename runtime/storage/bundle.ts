/**
 * Several files as one.
 *
 * @module
 */
import { compress, decompress } from "./compression.ts";
import { StoredValueCorruptError } from "./error.ts";
import { packTar, unpackTar } from "./tar.ts";

/** How files are made one. */
export type BundleFormat = "tar.gz" | "zip";

/** Packs files, by their names, into one. */
export async function packBundle(
  files: ReadonlyMap<string, Uint8Array>,
  format: BundleFormat,
): Promise<Uint8Array> {
  if (format === "tar.gz") return await compress(packTar(files), "gzip");
  const { zipSync } = await zipLibrary();
  // No time: equal contents make equal archives.
  return zipSync(Object.fromEntries(files), { mtime: "1980-01-01T12:00:00" });
}

/**
 * Reads those files of a bundle that are wanted. Their names are never taken for paths.
 *
 * @param wanted Sizes of the wanted files by their names.
 * @throws {StoredValueCorruptError} If the bundle is damaged, lacks one, or one has another size.
 */
export async function unpackBundle(
  bytes: Uint8Array,
  format: BundleFormat,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, Uint8Array>> {
  const found = format === "tar.gz"
    ? unpackTar(await decompress(bytes, "gzip", { maxBytes: tarLimit(wanted) }))
    : await unzip(bytes, wanted);
  const files = new Map<string, Uint8Array>();
  for (const [name, size] of wanted) {
    const file = found.get(name);
    if (file?.length !== size) {
      const reason = file ? `"${name}" has another size` : `it has no "${name}"`;
      throw new StoredValueCorruptError(`a ${format} bundle`, reason);
    }
    files.set(name, file);
  }
  return files;
}

/** So long is an archive of the wanted files, at most. */
function tarLimit(wanted: ReadonlyMap<string, number>): number {
  return [...wanted.values()].reduce((sum, size) => sum + size + 1024, 64 * 1024);
}

async function unzip(
  bytes: Uint8Array,
  wanted: ReadonlyMap<string, number>,
): Promise<Map<string, Uint8Array>> {
  const { unzipSync } = await zipLibrary();
  try {
    // A size that is not the recorded one is not even unpacked.
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => wanted.get(name) === originalSize,
    });
    return new Map(Object.entries(files));
  } catch (cause) {
    throw new StoredValueCorruptError("a zip bundle", `it is damaged: ${cause}`, { cause });
  }
}

async function zipLibrary(): Promise<typeof import("npm:fflate@^0.8")> {
  const specifier = "npm:fflate@^0.8";
  return await import(specifier);
}
