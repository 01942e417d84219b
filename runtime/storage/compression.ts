/**
 * Compressing bytes, by the names that configurations use.
 *
 * @module
 */
import { Readable, type Transform } from "node:stream";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { StoredValueCorruptError, UnsupportedCompressionError } from "./error.ts";
import { compressLZ4, decompressLZ4 } from "./lz4.ts";

interface Compression {
  /** Extension of its files, with its dot. */
  extension: string;
  compress(bytes: Uint8Array, level: number | undefined): Promise<Uint8Array>;
  /** Compresses piece by piece, if that can be done, `size` bytes in all. */
  transform?(size: number, level: number | undefined): Transform;
  /** Throws, whatever, if the bytes are damaged or hold more than `maxOutputLength`. */
  decompress(bytes: Uint8Array, maxOutputLength: number): Promise<Uint8Array>;
}

const { constants } = zlib;
const run = {
  gzip: promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gzip),
  gunzip: promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.gunzip),
  deflate: promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.deflate),
  inflate: promisify<Uint8Array, zlib.ZlibOptions, Uint8Array>(zlib.inflate),
  brotli: promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliCompress),
  unbrotli: promisify<Uint8Array, zlib.BrotliOptions, Uint8Array>(zlib.brotliDecompress),
};

const compressions: Readonly<Record<string, Compression>> = {
  gzip: {
    extension: ".gz",
    compress: (bytes, level) => run.gzip(bytes, level === undefined ? {} : { level }),
    transform: (_, level) => zlib.createGzip(level === undefined ? {} : { level }),
    decompress: (bytes, maxOutputLength) => run.gunzip(bytes, { maxOutputLength }),
  },
  zlib: {
    extension: ".zlib",
    compress: (bytes, level) => run.deflate(bytes, level === undefined ? {} : { level }),
    transform: (_, level) => zlib.createDeflate(level === undefined ? {} : { level }),
    decompress: (bytes, maxOutputLength) => run.inflate(bytes, { maxOutputLength }),
  },
  brotli: {
    extension: ".br",
    compress: (bytes, level = 5) =>
      run.brotli(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: level,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
    decompress: (bytes, maxOutputLength) => run.unbrotli(bytes, { maxOutputLength }),
  },
  zstd: {
    extension: ".zst",
    async compress(bytes, level = 3) {
      const compress = promisify<Uint8Array, zlib.ZstdOptions, Uint8Array>(zlib.zstdCompress);
      const options = {
        // Without its size in the frame other readers refuse it; the types do not know the option.
        pledgedSrcSize: bytes.length,
        params: { [constants.ZSTD_c_compressionLevel]: level },
      };
      return await compress(bytes, options);
    },
    async decompress(bytes, maxOutputLength) {
      const decompress = promisify<Uint8Array, zlib.ZstdOptions, Uint8Array>(zlib.zstdDecompress);
      return await decompress(bytes, { maxOutputLength });
    },
  },
  lz4: {
    extension: ".lz4",
    compress: (bytes) => Promise.resolve(compressLZ4(bytes)),
    decompress: async (bytes, maxOutputLength) =>
      await Promise.resolve(decompressLZ4(bytes, maxOutputLength)),
  },
};

/** Extensions of compressions that this runtime has no code for. */
const optional: Readonly<Record<string, string>> = { bz2: ".bz2", lzma: ".xz" };

/**
 * Compresses bytes.
 *
 * @param compression `gzip`, `zlib`, `zstd`, `brotli` or `lz4`.
 * @param level The compression's own measure of effort.
 * @throws {UnsupportedCompressionError} If there is no such compression here.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = new Uint8Array(1000);
 * const small = await compress(bytes, "zstd");
 * assertEquals(await decompress(small, "zstd", { maxBytes: 1000 }), bytes);
 * ```
 */
export async function compress(
  bytes: Uint8Array,
  compression: string,
  level?: number,
): Promise<Uint8Array> {
  return plain(await compressionOf(compression).compress(bytes, level));
}

/** Compresses bytes piece by piece, so that the whole of the result is never in memory. */
export function compressStream(
  bytes: Uint8Array,
  compression: string,
  level?: number,
): ReadableStream<Uint8Array> {
  const { transform, compress } = compressionOf(compression);
  if (!transform) return ReadableStream.from(resultOf(compress(bytes, level)));
  const pieces = Readable.from(piecesOf(bytes));
  return Readable.toWeb(pieces.pipe(transform(bytes.length, level))) as ReadableStream<Uint8Array>;
}

function* piecesOf(bytes: Uint8Array): Iterable<Uint8Array> {
  const size = 256 * 1024;
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function* resultOf(bytes: Promise<Uint8Array>): AsyncIterable<Uint8Array> {
  yield plain(await bytes);
}

/**
 * Decompresses bytes.
 *
 * @param options.maxBytes Most bytes that may come out: what was compressed names no end to it.
 * @throws {StoredValueCorruptError} If they are damaged, or more would come out.
 */
export async function decompress(
  bytes: Uint8Array,
  compression: string,
  { maxBytes }: { maxBytes: number },
): Promise<Uint8Array> {
  const { decompress } = compressionOf(compression);
  try {
    // Zero is refused as a limit.
    return plain(await decompress(bytes, Math.max(1, maxBytes)));
  } catch (cause) {
    if (cause instanceof StoredValueCorruptError) throw cause;
    const isTooLarge = (cause as { code?: unknown }).code === "ERR_BUFFER_TOO_LARGE";
    const reason = isTooLarge
      ? `it holds more than ${maxBytes} bytes`
      : `it is damaged: ${(cause as Error).message}`;
    throw new StoredValueCorruptError(`a ${compression} file`, reason, { cause });
  }
}

/**
 * Extension of the files of a compression, such as `.gz`.
 *
 * @throws {UnsupportedCompressionError} If there is no such compression here.
 */
export function compressionExtension(compression: string): string {
  return compressionOf(compression).extension;
}

function compressionOf(compression: string): Compression {
  if (Object.hasOwn(compressions, compression)) return compressions[compression]!;
  const why = Object.hasOwn(optional, compression)
    ? "this runtime has no code for it"
    : "it does not exist";
  const names = Object.keys(compressions).join(", ");
  throw new UnsupportedCompressionError(compression, `${why}; there are ${names}`);
}

function plain(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
