/**
 * The output files of a node: writing them, and finding them again.
 *
 * @module
 */
import type { NodeFileStorageConfig } from "../schema/file_storage.ts";
import type { StorageBackend } from "./backend.ts";
import { packBundle, unpackBundle } from "./bundle.ts";
import { writeCompressed, type WrittenFile } from "./write_compressed.ts";
import type { RecordedActions } from "./effects.ts";
import { StorageKeyNotFoundError } from "./error.ts";
import type { FileFormat } from "./file_codec.ts";
import { bundleEntries, inputKeys, outputKeys, type PlacedValue } from "./file_layout.ts";
import type { PortValue } from "./input_digest.ts";
import type { Manifest, ManifestIndex, StoredFile } from "./manifest.ts";
import { readVerified } from "./retrieval.ts";
import { decodeWith } from "./serialization.ts";
import { keyPart } from "./storage_key.ts";
import { StoredFileValue } from "./stored_file.ts";

/** So many files are written or looked at together. */
const together = 4;

/** A value that an epoch sends. */
export interface SentValue extends PlacedValue {
  readonly value: unknown;
  /** Number of the created packet; undefined for an input that is passed on. */
  readonly created: number | undefined;
}

/** A result that is to be stored. */
export interface NewFiles {
  readonly slot: string;
  readonly digest: string;
  readonly inputSalvoHash: string;
  /** The inputs, if they are stored too. */
  readonly inputs: readonly PortValue[];
  readonly sent: readonly SentValue[];
  readonly actions: RecordedActions;
  readonly storedAt: number;
}

/** Where the outputs of a result go. */
interface OutputPlan {
  /** Key of the file of each output. */
  readonly keys: readonly string[];
  /** Name of the entry of each output, in a bundle. */
  readonly entries: readonly string[] | undefined;
  /** What is to be written under each key. */
  readonly contents: Map<string, Uint8Array>;
}

/** What a {@linkcode NodeFiles} is made of. */
export interface NodeFilesParts {
  readonly nodeName: string;
  readonly config: NodeFileStorageConfig<never>;
  readonly format: FileFormat;
  readonly backend: StorageBackend;
  readonly manifests: ManifestIndex;
}

/** The output files of one node. Whatever goes wrong is thrown. */
export class NodeFiles {
  readonly nodeName: string;
  readonly config: NodeFileStorageConfig<never>;
  readonly #format: FileFormat;
  readonly #backend: StorageBackend;
  readonly #manifests: ManifestIndex;

  /** Creates them. */
  constructor(parts: NodeFilesParts) {
    this.nodeName = parts.nodeName;
    this.config = parts.config;
    this.#format = parts.format;
    this.#backend = parts.backend;
    this.#manifests = parts.manifests;
  }

  /** The complete manifest of a slot, if it is of files that this node's backend has. */
  manifest(slot: string): Manifest | undefined {
    const manifest = this.#manifests.get(this.nodeName, slot)?.manifest;
    return manifest?.backendId === this.#backend.name ? manifest : undefined;
  }

  /**
   * Values of the created packets of a result: of single files as references, of a bundle decoded.
   * Undefined if a file is gone or of another size, and that is no error.
   *
   * @throws {StorageKeyNotFoundError} If a file is gone, and `on_missing` is `error`.
   */
  async values(manifest: Manifest): Promise<unknown[] | undefined> {
    const { backendId, serialization, compression, files, created, bundleFormat } = manifest;
    if (!this.#canRead(manifest)) return undefined;
    const bundle = files[0]?.entry === undefined ? undefined : files[0];
    const toCheck = new Map(
      bundle ? [] : files.map((file): [string, number] => [file.key, file.size]),
    );
    for (const missing of await this.#missing(toCheck)) {
      if (this.config.on_missing === "rerun") return undefined;
      throw new StorageKeyNotFoundError(this.#backend.name, missing);
    }
    if (!bundle) {
      return created.map((index) =>
        new StoredFileValue({ backendId, file: files[index]!, serialization, compression })
      );
    }
    try {
      const { key, sha256 } = bundle;
      const bytes = await readVerified({ backend: this.#backend, key, sha256 });
      const wanted = new Map(files.map(({ entry, size }) => [entry!, size]));
      const entries = await unpackBundle(bytes, bundleFormat!, wanted);
      const codec = this.#format.codec;
      return await Promise.all(created.map((index) => {
        const { entry } = files[index]!;
        return decodeWith(codec, entries.get(entry!)!, `"${entry}" of "${key}"`);
      }));
    } catch (error) {
      if (!(error instanceof StorageKeyNotFoundError)) throw error;
      if (this.config.on_missing === "rerun") return undefined;
      throw error;
    }
  }

  /**
   * Stores a result: its files are there when the manifest says so, and files that only the old one
   * had are gone.
   *
   * @param beforeWriting Called with the keys that are about to be replaced or deleted.
   */
  async store(
    result: NewFiles,
    beforeWriting: (keys: ReadonlySet<string>) => Promise<void>,
  ): Promise<void> {
    const { slot, inputs, sent } = result;
    const { bundle, store_inputs } = this.config;
    const folder = slot === "" ? keyPart(this.nodeName) : `${keyPart(this.nodeName)}/${slot}`;
    const encode = (value: unknown) => this.#format.codec.encode(value);
    const outputs: Uint8Array[] = [];
    for (const { value } of sent) outputs.push(await encode(value));
    const { keys, entries, contents } = bundle
      ? await this.#bundle(folder, sent, outputs)
      : this.#singleFiles(folder, sent, outputs);
    const ports = inputs.map(({ portName }) => portName);
    const inputFileKeys = store_inputs
      ? inputKeys(ports, { folder, extension: this.#format.fullExtension })
      : [];
    for (const [i, key] of inputFileKeys.entries()) {
      contents.set(key, await encode(inputs[i]!.value));
    }
    const before = this.#manifests.get(this.nodeName, slot)?.keys ?? [];
    const all = new Set([...before, ...contents.keys()]);
    await beforeWriting(all);
    this.#manifests.put(this.nodeName, slot, { manifest: undefined, keys: [...all] });
    const written = await this.#writeAll(contents, bundle ? keys[0] : undefined);
    const files = keys.map((key, i): StoredFile => {
      const rawSize = outputs[i]!.length;
      const entry = entries?.[i];
      const { size, sha256 } = written.get(key)!;
      return entry === undefined
        ? { key, size, sha256, rawSize }
        : { key, entry, size: rawSize, sha256, rawSize };
    });
    const manifest = this.#newManifest(result, files, inputFileKeys);
    this.#manifests.put(this.nodeName, slot, { manifest, keys: [...contents.keys()] });
    await inParallel(before.filter((key) => !contents.has(key)), (key) => this.#delete(key));
  }

  /** Writes files; only the bundle is compressed already. */
  async #writeAll(
    contents: ReadonlyMap<string, Uint8Array>,
    bundleKey: string | undefined,
  ): Promise<Map<string, WrittenFile>> {
    const { compression_level } = this.config;
    const written = new Map<string, WrittenFile>();
    await inParallel(contents, async ([key, bytes]) => {
      const compression = key === bundleKey ? null : this.#format.compression;
      const level = compression_level ?? undefined;
      written.set(key, await writeCompressed(this.#backend, key, bytes, { compression, level }));
    });
    return written;
  }

  #newManifest(
    { digest, inputSalvoHash, sent, actions, storedAt }: NewFiles,
    files: readonly StoredFile[],
    inputFileKeys: readonly string[],
  ): Manifest {
    const { bundle, bundle_format, version } = this.config;
    const created: number[] = [];
    for (const [index, { created: packet }] of sent.entries()) {
      if (packet !== undefined) created[packet] = index;
    }
    return {
      nodeName: this.nodeName,
      inputDigest: digest,
      inputSalvoHash,
      version,
      storedAt,
      serialization: this.#format.serialization,
      compression: bundle ? null : this.#format.compression,
      bundleFormat: bundle ? bundle_format : null,
      backendId: this.#backend.name,
      inputFileKeys,
      actions,
      files,
      created,
    };
  }

  #singleFiles(
    folder: string,
    sent: readonly SentValue[],
    outputs: readonly Uint8Array[],
  ): OutputPlan {
    const keys = outputKeys(sent, {
      folder,
      extension: this.#format.fullExtension,
      names: this.config.output_names,
    });
    return {
      keys,
      entries: undefined,
      contents: new Map(keys.map((key, i) => [key, outputs[i]!])),
    };
  }

  async #bundle(
    folder: string,
    sent: readonly SentValue[],
    outputs: readonly Uint8Array[],
  ): Promise<OutputPlan> {
    const { bundle_format } = this.config;
    const entries = bundleEntries(sent, this.#format.extension);
    const packed = new Map(entries.map((entry, i) => [entry, outputs[i]!]));
    const key = `${folder}/outputs.${bundle_format}`;
    const contents = new Map([[key, await packBundle(packed, bundle_format)]]);
    return { keys: entries.map(() => key), entries, contents };
  }

  /** Files of a codec of one's own are read by today's, whatever a manifest names. */
  #canRead({ serialization, bundleFormat }: Manifest): boolean {
    const isOwn = typeof this.config.serialization !== "string";
    const isSame = serialization === this.#format.serialization;
    return isSame || (!isOwn && bundleFormat === null);
  }

  async #missing(files: ReadonlyMap<string, number>): Promise<string[]> {
    const missing: string[] = [];
    await inParallel(files, async ([key, size]) => {
      if ((await this.#backend.stat(key))?.size !== size) missing.push(key);
    });
    return missing;
  }

  async #delete(key: string): Promise<void> {
    try {
      await this.#backend.delete(key);
    } catch (error) {
      if (!(error instanceof StorageKeyNotFoundError)) throw error;
    }
  }
}

/** Does the same with all items, a few at a time. */
async function inParallel<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items[Symbol.iterator]();
  const worker = async () => {
    for (let next = waiting.next(); !next.done; next = waiting.next()) await work(next.value);
  };
  await Promise.all(Array.from({ length: together }, worker));
}
