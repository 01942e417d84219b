/**
 * Writing compressed files.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { StorageBackend } from "./backend.ts";
import { compress, compressStream } from "./compression.ts";
import { StorageBackendError } from "./error.ts";
import { sha256 } from "./hashing.ts";

/** From this size on a file is compressed while it is written. */
const streamedBytes = 16 * 1024 * 1024;
const tries = 3;

/** A file as it was written. */
export interface WrittenFile {
  readonly size: number;
  readonly sha256: string;
}

/** Compresses bytes and writes them; of large ones the compressed whole is never in memory. */
export async function writeCompressed(
  backend: StorageBackend,
  key: string,
  bytes: Uint8Array,
  { compression, level }: { compression: string | null; level: number | undefined },
): Promise<WrittenFile> {
  if (compression === null || bytes.length < streamedBytes) {
    const data = compression === null ? bytes : await compress(bytes, compression, level);
    await backend.write(key, data);
    return { size: data.length, sha256: sha256(data) };
  }
  for (let tried = 1;; tried++) {
    const hash = createHash("sha256");
    let size = 0;
    const measure = new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        hash.update(chunk);
        size += chunk.length;
        controller.enqueue(chunk);
      },
    });
    try {
      const stream = compressStream(bytes, compression, level).pipeThrough(measure);
      await backend.write(key, stream);
      return { size, sha256: hash.digest("hex") };
    } catch (error) {
      // Backends cannot send a stream again; the bytes of this one are still here.
      const mayRetry = error instanceof StorageBackendError && error.retryable && tried < tries;
      if (!mayRetry) throw error;
    }
  }
}
