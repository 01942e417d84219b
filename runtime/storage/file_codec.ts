/**
 * How the output files of a node are made and read.
 *
 * @module
 */
import type { NodeFileStorageConfig } from "../schema/file_storage.ts";
import { compressionExtension } from "./compression.ts";
import { type Codec, codecOf } from "./serialization.ts";

/** Turns values into the bytes of files. */
export interface FileFormat {
  /** Name of the serialization, or reference of the codec. */
  readonly serialization: string;
  readonly compression: string | null;
  readonly codec: Codec;
  /** Extension of the serialization, with its dot. */
  readonly extension: string;
  /** Extension of the whole. */
  readonly fullExtension: string;
}

/** The format of a node's files. */
export function fileFormat(
  { serialization, compression }: NodeFileStorageConfig<never>,
  own: ReadonlyMap<string, Codec>,
): FileFormat {
  const { name, codec, extension } = typeof serialization === "string"
    ? {
      name: serialization,
      codec: codecOf(serialization),
      extension: codecOf(serialization).extension,
    }
    : {
      name: serialization.module,
      codec: own.get(serialization.module)!,
      extension: serialization.ext,
    };
  const suffix = compression === null ? "" : compressionExtension(compression);
  return { serialization: name, compression, codec, extension, fullExtension: extension + suffix };
}
