/**
 * Values to bytes and back, by the names that configurations use.
 *
 * @module
 */
import { NotSerializableError } from "../packets/error.ts";
import {
  MissingStorageDependencyError,
  StoredValueCorruptError,
  UnsupportedSerializationError,
} from "./error.ts";
import { assertPlainData, jsonData, messagePackData } from "./plain_data.ts";
import { decodeRecordsCSV, encodeRecordsCSV } from "./records_csv.ts";
import { decodeStructured, encodeStructured } from "./structured.ts";
import { decodeNumpy, decodeSafetensors, encodeNumpy, encodeSafetensors } from "./typed_array.ts";

/** Turns values into bytes and back. */
export interface Codec {
  /** Bytes of a value. */
  encode(value: unknown): Uint8Array | Promise<Uint8Array>;
  /** Value of the bytes that {@linkcode encode} returned. */
  decode(bytes: Uint8Array): unknown;
}

/** A {@linkcode Codec} with the extension of its files. */
export interface FileCodec extends Codec {
  /** Extension, with its dot. */
  extension: string;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

const structured: FileCodec = {
  extension: ".v8",
  encode: encodeStructured,
  decode: decodeStructured,
};

const csv: FileCodec = { extension: ".csv", encode: encodeRecordsCSV, decode: decodeRecordsCSV };

const codecs: Readonly<Record<string, FileCodec>> = {
  structured,
  pickle: structured,
  json: {
    extension: ".json",
    encode(value) {
      assertPlainData(value, jsonData);
      return encoder.encode(JSON.stringify(value));
    },
    decode: (bytes) => JSON.parse(decoder.decode(bytes)),
  },
  str: {
    extension: ".txt",
    encode(value) {
      if (typeof value === "string" && value.isWellFormed()) return encoder.encode(value);
      throw new NotSerializableError("text", "", typeof value);
    },
    decode: (bytes) => decoder.decode(bytes),
  },
  binary: {
    extension: ".bin",
    encode(value) {
      if (value instanceof ArrayBuffer) return new Uint8Array(value);
      if (value instanceof Uint8Array) return value;
      throw new NotSerializableError("bytes", "", typeof value);
    },
    decode: (bytes) => bytes.slice(),
  },
  msgpack: {
    extension: ".msgpack",
    async encode(value) {
      assertPlainData(value, messagePackData);
      const { encode } = await messagePack();
      return encode(value);
    },
    async decode(bytes) {
      const { decode } = await messagePack();
      return decode(bytes);
    },
  },
  numpy: { extension: ".npy", encode: encodeNumpy, decode: decodeNumpy },
  safetensors: {
    extension: ".safetensors",
    encode: encodeSafetensors,
    decode: decodeSafetensors,
  },
  pandas_csv: csv,
  polars_csv: csv,
};

/** Formats that need a package of another kind; a codec of one's own can bring it. */
const optionalCodecs: Readonly<Record<string, string>> = {
  pandas_parquet: "a Parquet library",
  polars_parquet: "a Parquet library",
  feather: "an Arrow library",
};

/**
 * The codec of a serialization.
 *
 * @throws {UnsupportedSerializationError} If there is none of that name, or its bytes are code.
 * @throws {MissingStorageDependencyError} If it needs a package that is not part of netrun.
 */
export function codecOf(serialization: string): FileCodec {
  if (Object.hasOwn(codecs, serialization)) return codecs[serialization]!;
  if (Object.hasOwn(optionalCodecs, serialization)) {
    const needed = optionalCodecs[serialization]!;
    throw new MissingStorageDependencyError(
      needed,
      `Cannot use the serialization "${serialization}": it needs ${needed}; name a codec of your ` +
        'own instead: `serialization = { module = "./codec.ts::codec", ext = ".parquet" }`',
    );
  }
  const why = serialization === "torch"
    ? "its files are programs, which are never run"
    : `there are ${Object.keys(codecs).join(", ")}`;
  throw new UnsupportedSerializationError(serialization, why);
}

/**
 * Turns a value into bytes.
 *
 * @param serialization Name of the method, such as `structured` or `json`.
 * @throws {NotSerializableError} If a part of the value would not come back equal.
 * @throws {UnsupportedSerializationError} If there is no such method.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = await serialize(new Map([["rows", [1, -0, undefined]]]), "structured");
 * assertEquals(await deserialize(bytes, "structured"), new Map([["rows", [1, -0, undefined]]]));
 * ```
 */
export async function serialize(value: unknown, serialization: string): Promise<Uint8Array> {
  return await codecOf(serialization).encode(value);
}

/**
 * Turns the bytes of {@linkcode serialize} into the value again.
 *
 * @throws {StoredValueCorruptError} If they are not what that method writes.
 */
export async function deserialize(bytes: Uint8Array, serialization: string): Promise<unknown> {
  return await decodeWith(codecOf(serialization), bytes, "a value");
}

/** Decodes, and says of what cannot be decoded that it is damaged. */
export async function decodeWith(codec: Codec, bytes: Uint8Array, what: string): Promise<unknown> {
  try {
    return await codec.decode(bytes);
  } catch (cause) {
    if (cause instanceof StoredValueCorruptError) throw cause;
    throw new StoredValueCorruptError(what, `it cannot be decoded: ${cause}`, { cause });
  }
}

/**
 * Extension of the files of a serialization and a compression, such as `.json.gz`.
 *
 * @throws {UnsupportedSerializationError} If there is no such serialization.
 */
export function getFileExtension(serialization: string): string {
  return codecOf(serialization).extension;
}

async function messagePack(): Promise<typeof import("npm:@msgpack/msgpack@^3")> {
  const specifier = "npm:@msgpack/msgpack@^3";
  return await import(specifier);
}
