/**
 * Files in a folder of this machine.
 *
 * @module
 */
import { dirname, join, sep } from "node:path";
import type { LocalBackendConfig } from "../schema/backend.ts";
import { InvalidStorageKeyError } from "./error.ts";
import { Absent, type BackendDriver, type DriverFailure } from "./keyed_backend.ts";

/** Keeps what is under a key in the file of that path below a folder. */
export class LocalDriver implements BackendDriver {
  readonly name: string;
  readonly #base: string;
  #realBase: string | undefined;

  /** Creates the driver; the folder is made when something is written. */
  constructor({ base_path }: LocalBackendConfig<never>) {
    this.name = `local ${base_path}`;
    this.#base = base_path;
  }

  async write(
    key: string,
    data: Uint8Array | ReadableStream<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    await Deno.mkdir(this.#base, { recursive: true });
    const path = join(this.#base, key);
    await this.#makeParents(dirname(path), key);
    if ((await info(path))?.isDirectory) {
      throw new InvalidStorageKeyError(key, "there is a folder of that name");
    }
    const draft = join(dirname(path), `.${crypto.randomUUID()}.part`);
    try {
      await writeFile(draft, data, { signal });
      signal.throwIfAborted();
      await Deno.rename(draft, path);
    } catch (error) {
      await Deno.remove(draft).catch(() => {});
      throw error;
    }
    await syncFolder(dirname(path));
  }

  async open(key: string): Promise<ReadableStream<Uint8Array>> {
    const file = await Deno.open(await this.#existing(key), { read: true });
    return file.readable;
  }

  async delete(key: string): Promise<void> {
    await Deno.remove(await this.#existing(key));
  }

  async stat(key: string): Promise<number | null> {
    try {
      return (await Deno.stat(await this.#existing(key))).size;
    } catch (error) {
      if (this.explain(error).absent || error instanceof Absent) return null;
      throw error;
    }
  }

  async close(): Promise<void> {}

  explain(error: unknown): DriverFailure {
    const isAbsent = error instanceof Deno.errors.NotFound ||
      error instanceof Deno.errors.NotADirectory;
    return { absent: isAbsent, message: error instanceof Error ? error.message : String(error) };
  }

  /** Path of the file of a key, free of links that lead out of the folder. */
  async #existing(key: string): Promise<string> {
    const path = await Deno.realPath(join(this.#base, key));
    await this.#assertInside(path, key);
    if ((await Deno.stat(path)).isDirectory) throw new Absent();
    return path;
  }

  /** Makes the folders above a file, looking at each link before going through it. */
  async #makeParents(folder: string, key: string): Promise<void> {
    let existing = folder;
    while (await info(existing) === undefined) existing = dirname(existing);
    await this.#assertInside(await Deno.realPath(existing), key);
    await Deno.mkdir(folder, { recursive: true });
  }

  async #assertInside(path: string, key: string): Promise<void> {
    const base = this.#realBase ??= await Deno.realPath(this.#base);
    if (path === base || path.startsWith(base.endsWith(sep) ? base : base + sep)) return;
    throw new InvalidStorageKeyError(key, "a link on its way leads out of the folder");
  }
}

async function info(path: string): Promise<Deno.FileInfo | undefined> {
  try {
    return await Deno.lstat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

/** Writes a file that was not there, and waits until the disk has it. */
export async function writeFile(
  path: string,
  data: Uint8Array | ReadableStream<Uint8Array>,
  { signal, mode }: { signal?: AbortSignal; mode?: number } = {},
): Promise<void> {
  using file = await Deno.open(path, {
    write: true,
    createNew: true,
    ...mode !== undefined && { mode },
  });
  const chunks = data instanceof Uint8Array ? [data] : data;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length;) {
      signal?.throwIfAborted();
      at += await file.write(chunk.subarray(at, at + 1024 * 1024));
    }
  }
  await file.sync();
}

/** Waits until the disk has the names in a folder; systems that cannot do that need it not. */
export async function syncFolder(path: string): Promise<void> {
  try {
    using folder = await Deno.open(path, { read: true });
    await folder.sync();
  } catch {
    // Some systems open no folders.
  }
}
