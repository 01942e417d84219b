/**
 * Values that are too large for a row of a database: files named by their hashes.
 *
 * @module
 */
import { join } from "node:path";
import { sha256 } from "./hashing.ts";
import { writeFile } from "./local_backend.ts";

/** Drafts that are older than this were left behind by a process that died. */
const draftLifetimeMs = 3600_000;

/** A file that is complete, but not in its place yet. */
export interface BlobDraft {
  readonly sha256: string;
  readonly size: number;
  readonly path: string;
}

/** A folder of blobs. Whoever names and removes them does so in transactions of the index. */
export class BlobFolder {
  readonly #root: string;

  /** Creates the folder. */
  constructor(root: string) {
    this.#root = root;
    Deno.mkdirSync(join(root, "blobs"), { recursive: true, mode: 0o700 });
    Deno.mkdirSync(join(root, "tmp"), { recursive: true, mode: 0o700 });
  }

  /** Writes a draft, and waits until the disk has it. */
  async draft(bytes: Uint8Array, hash: string): Promise<BlobDraft> {
    const path = join(this.#root, "tmp", crypto.randomUUID());
    try {
      await writeFile(path, bytes, { mode: 0o600 });
    } catch (error) {
      this.#removeFile(path);
      throw error;
    }
    return { sha256: hash, size: bytes.length, path };
  }

  /** Puts a draft in its place, unless the same bytes are there. */
  place({ sha256, path, size }: BlobDraft): void {
    const target = this.#path(sha256);
    try {
      // A file of another size is damaged.
      if (Deno.statSync(target).size === size) return this.#removeFile(path);
    } catch {
      Deno.mkdirSync(join(target, ".."), { recursive: true, mode: 0o700 });
    }
    Deno.renameSync(path, target);
  }

  /** Gives drafts up. */
  discard(drafts: readonly BlobDraft[]): void {
    for (const { path } of drafts) this.#removeFile(path);
  }

  /** The bytes of a blob; undefined if they are not what they were. */
  read(hash: string, size: number): Uint8Array | undefined {
    try {
      const bytes = Deno.readFileSync(this.#path(hash));
      return bytes.length === size && sha256(bytes) === hash ? bytes : undefined;
    } catch {
      return undefined;
    }
  }

  /** Removes a blob. */
  remove(hash: string): void {
    this.#removeFile(this.#path(hash));
  }

  /** Hashes of all blobs. */
  *list(): Iterable<string> {
    for (const { name: prefix } of Deno.readDirSync(join(this.#root, "blobs"))) {
      for (const { name } of Deno.readDirSync(join(this.#root, "blobs", prefix))) yield name;
    }
  }

  /** Removes drafts that dead processes left behind. */
  sweepDrafts(nowMs: number): void {
    for (const { name } of Deno.readDirSync(join(this.#root, "tmp"))) {
      const path = join(this.#root, "tmp", name);
      try {
        const { mtime } = Deno.statSync(path);
        if (mtime !== null && nowMs - mtime.getTime() > draftLifetimeMs) this.#removeFile(path);
      } catch {
        // Another process was faster.
      }
    }
  }

  #path(hash: string): string {
    return join(this.#root, "blobs", hash.slice(0, 2), hash);
  }

  #removeFile(path: string): void {
    try {
      Deno.removeSync(path);
    } catch {
      // It is gone, which is what was wanted.
    }
  }
}
