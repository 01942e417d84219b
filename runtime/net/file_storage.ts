/**
 * Which nodes of a net have output files, and where those are.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import type { ResolvedNetConfig } from "../config/net_config.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import { LazyPacketValueEvaluationError } from "../packets/error.ts";
import type { BackendConfig } from "../schema/backend.ts";
import type { NodeFileStorageConfig } from "../schema/file_storage.ts";
import type { ResolvedNetConfigData, ResolvedNodeConfig } from "../schema/resolved.ts";
import type { StorageBackend } from "../storage/backend.ts";
import { isCached } from "../storage/cache_settings.ts";
import { StorageBackendError } from "../storage/error.ts";
import { fileFormat } from "../storage/file_codec.ts";
import { ManifestIndex } from "../storage/manifest.ts";
import { NodeFiles } from "../storage/node_files.ts";
import { openBackend } from "../storage/open_backend.ts";
import { retrieveValue } from "../storage/retrieval.ts";
import type { Codec } from "../storage/serialization.ts";
import type { StoredFileRef } from "../storage/stored_file.ts";
import type { Engine } from "./engine.ts";
import { FiledEpochs } from "./filed_epochs.ts";
import type { NetCode } from "./net_code.ts";

/** Whether the outputs of a node are files. */
export function storesFiles(node: ResolvedNodeConfig): boolean {
  return fileConfig(node) !== undefined;
}

/**
 * Loads the codecs that nodes name for their files.
 *
 * @throws {ModuleImportError} If one cannot or may not be loaded.
 * @throws {InvalidArgumentError} If one is no codec.
 */
export async function loadCodecs(
  { data }: ResolvedNetConfig,
  loader: ModuleLoader,
): Promise<Map<string, Codec>> {
  const codecs = new Map<string, Codec>();
  for (const node of data.graph.nodes) {
    const serialization = fileConfig(node)?.serialization;
    if (typeof serialization !== "object") continue;
    const codec = await loader.loadModule(serialization.module) as Partial<Codec> | null;
    if (typeof codec?.encode !== "function" || typeof codec.decode !== "function") {
      throw new InvalidArgumentError(
        `Cannot store files of node "${node.name}": \`${serialization.module}\` is no codec, an ` +
          "object with the functions `encode` and `decode`",
      );
    }
    codecs.set(serialization.module, codec as Codec);
  }
  return codecs;
}

/** The output files of a net, and the backends that they are on. */
export class FileStorage {
  readonly #manifests: ManifestIndex;
  readonly #code: NetCode;
  /** One for each distinct configuration. */
  readonly #backends = new Map<string, StorageBackend>();

  /** Gives each node with output files its storage. */
  constructor(engine: Engine, { storage }: ResolvedNetConfigData, code: NetCode) {
    const { events } = engine;
    const folder = storage?.file_storage_metadata_path ?? null;
    this.#code = code;
    this.#manifests = new ManifestIndex(folder, (...warning) => events.warn(...warning));
    if (folder === null) {
      events.warn(
        "manifests_in_memory",
        "Output files are made anew in each process: set `storage.file_storage_metadata_path` to " +
          "find them again",
      );
    }
    for (const node of engine.nodes.values()) {
      const config = fileConfig(node.config);
      if (!config || !node.functions.exec) continue;
      if (isCached(node.name, storage?.cache ?? null, null)) {
        events.warn(
          "cache_skipped",
          `Node "${node.name}" has output files, so it is not cached`,
          node.name,
        );
      }
      const backend = typeof config.backend === "string"
        ? storage!.backends.get(config.backend)!
        : config.backend;
      node.storage = new FiledEpochs(
        new NodeFiles({
          nodeName: node.name,
          config,
          format: fileFormat(config, code.codecs),
          backend: this.#open(backend),
          manifests: this.#manifests,
        }),
      );
    }
  }

  /** Reads a stored file. */
  async read(
    { backendId, file, serialization, compression }: StoredFileRef,
    id: PacketId,
  ): Promise<unknown> {
    const { key, size, sha256, rawSize: maxBytes } = file;
    try {
      const backend = this.#backends.values().find(({ name }) => name === backendId);
      if (!backend) {
        throw new StorageBackendError(
          { backend: backendId, op: "read", key, retryable: false },
          "the net has no such backend any more",
        );
      }
      return await retrieveValue({
        backend,
        key,
        size,
        sha256,
        maxBytes,
        serialization: this.#code.codecs.get(serialization) ?? serialization,
        compression,
      });
    } catch (cause) {
      throw new LazyPacketValueEvaluationError(id, `stored file ${key}`, { cause });
    }
  }

  /** Ends all connections; they are made again when they are needed. */
  async close(): Promise<void> {
    this.#manifests.close();
    const ends = this.#backends.values().map((backend) => backend[Symbol.asyncDispose]());
    await Promise.all(ends);
  }

  #open(config: BackendConfig<never>): StorageBackend {
    const id = JSON.stringify(Object.entries(config).sort());
    let backend = this.#backends.get(id);
    if (!backend) this.#backends.set(id, backend = openBackend(config));
    return backend;
  }
}

function fileConfig(node: ResolvedNodeConfig): NodeFileStorageConfig<never> | undefined {
  const config = node.execution_config.storage?.file_storage;
  return config?.enabled ? config : undefined;
}
