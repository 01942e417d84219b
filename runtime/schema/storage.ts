/**
 * Storage: the cache of epochs, output files, and what both share.
 *
 * @module
 */
import * as z from "zod";
import {
  bool,
  closedObject,
  float,
  freeData,
  int,
  isRecord,
  mapOf,
  oneOf,
  refined,
  str,
  v,
} from "./field.ts";
import {
  type HashMethod,
  hashMethodSchema,
  type NodeFileStorageConfig,
  type NodeFileStorageConfigInput,
  nodeFileStorageConfigSchema,
  type PicklingMethod,
  picklingMethodSchema,
} from "./file_storage.ts";
import { type BackendConfig, type BackendConfigInput, backendConfigSchema } from "./backend.ts";
import type { MapInput, VarRef, Written } from "./reference.ts";

/** Which side of an epoch is stored. */
export type CacheWhat = "both" | "output" | "input";

/** Named term of a cache key. */
export type KeyPart = "inputs" | "vars" | "factory_args" | "source";

/** The cache of the whole net. */
export interface CacheConfig<Ref = VarRef> {
  /** Whether epochs are looked up and stored. */
  enabled: boolean | Ref;
  /** Part of the key; another version is another entry. */
  version: number | Ref;
  /** Folder of the cache; null keeps it in memory. */
  storage_path: string | Ref | null;
  /** Globs of full node names to cache. */
  include_nodes: string[] | Ref | null;
  /** Globs of full node names not to cache. */
  exclude_nodes: string[] | Ref | null;
  /** Cache every node. */
  include_all_nodes: boolean | Ref;
  /** Which side of an epoch is stored. */
  cache_what: CacheWhat | Ref;
  /** How inputs are hashed. */
  hash_method: HashMethod | Ref;
  /** All methods mean structured serialization. */
  pickling_method: PicklingMethod | Ref;
  /** Kept for other systems; ignored. */
  pickling_args: Record<string, unknown> | Ref;
  /** No effect: inputs are always evaluated first. */
  evaluate_lazy_value_for_cache: boolean | Ref;
  /** Largest number of entries chosen at random that a node keeps. */
  sample_size: number | Ref | null;
  /** What the key consists of. */
  key_includes: KeyPart[];
  /** Names of variables left out of the key. */
  key_exclude_vars: string[];
  /** Size in bytes of all entries; null is 1 GiB, in memory 256 MiB. */
  max_bytes: number | null;
  /** Number of entries of a node. */
  max_entries: number | null;
  /** Seconds after which an entry is too old. */
  max_age: number | null;
  /** Largest value in bytes that is stored; null is 256 MiB. */
  max_value_bytes: number | null;
  /** Print again what the stored epoch printed. */
  replay_prints: boolean;
}

/** The cache as one node has it; null takes the net's value. */
export interface NodeCacheConfig<Ref = VarRef> {
  /** Whether this node is cached. */
  enabled: boolean | Ref | null;
  /** Part of the key; another version is another entry. */
  version: number | Ref | null;
  /** Which side of an epoch is stored. */
  cache_what: CacheWhat | Ref | null;
  /** How inputs are hashed. */
  hash_method: HashMethod | Ref | null;
  /** All methods mean structured serialization. */
  pickling_method: PicklingMethod | Ref | null;
  /** Kept for other systems; ignored. */
  pickling_args: Record<string, unknown> | Ref | null;
  /** No effect: inputs are always evaluated first. */
  evaluate_lazy_value_for_cache: boolean | Ref | null;
  /** Largest number of entries chosen at random that the node keeps. */
  sample_size: number | Ref | null;
  /** What the key consists of. */
  key_includes: KeyPart[] | null;
  /** Names of variables left out of the key. */
  key_exclude_vars: string[] | null;
  /** Number of entries of the node. */
  max_entries: number | null;
  /** Seconds after which an entry is too old. */
  max_age: number | null;
  /** Largest value in bytes that is stored. */
  max_value_bytes: number | null;
  /** Print again what the stored epoch printed. */
  replay_prints: boolean | null;
}

/** Storage of one node. */
export interface NodeStorageConfig<Ref = VarRef> {
  /** How the node is cached. */
  cache: NodeCacheConfig<Ref> | null;
  /** Its output files. */
  file_storage: NodeFileStorageConfig<Ref> | null;
}

/** What may be written for a {@linkcode NodeStorageConfig}. */
export interface NodeStorageConfigInput {
  /** How the node is cached. */
  cache?: Written<NodeCacheConfig> | null | undefined;
  /** Its output files. */
  file_storage?: NodeFileStorageConfigInput | null | undefined;
}

/** Storage of a net. */
export interface StorageConfig<Ref = VarRef> {
  /** Backends by name, for file storage. */
  backends: Map<string, BackendConfig<Ref>>;
  /** The cache of the whole net. */
  cache: CacheConfig<Ref> | null;
  /** Folder of the index of output files; null keeps it in memory. */
  file_storage_metadata_path: string | Ref | null;
}

/** What may be written for a {@linkcode StorageConfig}. */
export interface StorageConfigInput {
  /** Backends by name, for file storage. */
  backends?: MapInput<BackendConfigInput> | undefined;
  /** The cache of the whole net. */
  cache?: Written<CacheConfig> | null | undefined;
  /** Folder of the index of output files; null keeps it in memory. */
  file_storage_metadata_path?: string | VarRef | null | undefined;
}

const cacheWhat = oneOf("both", "output", "input");
const keyParts = z.array(oneOf("inputs", "vars", "factory_args", "source"));
const names = z.array(str);
const count = int({ min: 0 });

/** The schema that {@linkcode cacheConfigSchema} is, with the types that zod infers. */
export const cacheConfigInferred = closedObject(
  "CacheConfig",
  "The cache of the whole net.",
  {
    enabled: v(bool).default(false).describe("Whether epochs are looked up and stored."),
    version: v(int()).default(0).describe("Part of the key; another version is another entry."),
    storage_path: v(str.nullable()).default(null).meta({
      description: "Folder of the cache; null keeps it in memory.",
      format: "path",
    }),
    include_nodes: v(names.nullable()).default(null).describe("Globs of full node names to cache."),
    exclude_nodes: v(names.nullable()).default(null).describe(
      "Globs of full node names not to cache.",
    ),
    include_all_nodes: v(bool).default(false).describe("Cache every node."),
    cache_what: v(cacheWhat).default("both").describe("Which side of an epoch is stored."),
    hash_method: v(hashMethodSchema).default("xxh64").describe("How inputs are hashed."),
    pickling_method: v(picklingMethodSchema).default("pickle").describe(
      "All methods mean structured serialization.",
    ),
    pickling_args: v(freeData).default({}).describe("Kept for other systems; ignored."),
    evaluate_lazy_value_for_cache: v(bool).default(false).describe(
      "No effect: inputs are always evaluated first.",
    ),
    sample_size: v(count.nullable()).default(null).describe(
      "Largest number of entries chosen at random that a node keeps.",
    ),
    key_includes: keyParts.default(["inputs", "vars", "factory_args", "source"]).describe(
      "What the key consists of.",
    ),
    key_exclude_vars: names.default([]).describe("Names of variables left out of the key."),
    max_bytes: count.nullable().default(null).describe(
      "Size in bytes of all entries; null is 1 GiB, in memory 256 MiB.",
    ),
    max_entries: count.nullable().default(null).describe("Number of entries of a node."),
    max_age: float({ min: 0 }).nullable().default(null).describe(
      "Seconds after which an entry is too old.",
    ),
    max_value_bytes: count.nullable().default(null).describe(
      "Largest value in bytes that is stored; null is 256 MiB.",
    ),
    replay_prints: bool.default(false).describe("Print again what the stored epoch printed."),
  },
);

/** Schema of a {@linkcode CacheConfig}. */
export const cacheConfigSchema: z.ZodType<CacheConfig, Written<CacheConfig>> = cacheConfigInferred;

/** The schema that {@linkcode nodeCacheConfigSchema} is, with the types that zod infers. */
export const nodeCacheConfigInferred = closedObject(
  "NodeCacheConfig",
  "The cache as one node has it; null takes the net's value.",
  {
    enabled: v(bool.nullable()).default(null).describe("Whether this node is cached."),
    version: v(int().nullable()).default(null).describe(
      "Part of the key; another version is another entry.",
    ),
    cache_what: v(cacheWhat.nullable()).default(null).describe("Which side of an epoch is stored."),
    hash_method: v(hashMethodSchema.nullable()).default(null).describe("How inputs are hashed."),
    pickling_method: v(picklingMethodSchema.nullable()).default(null).describe(
      "All methods mean structured serialization.",
    ),
    pickling_args: v(freeData.nullable()).default(null).describe(
      "Kept for other systems; ignored.",
    ),
    evaluate_lazy_value_for_cache: v(bool.nullable()).default(null).describe(
      "No effect: inputs are always evaluated first.",
    ),
    sample_size: v(count.nullable()).default(null).describe(
      "Largest number of entries chosen at random that the node keeps.",
    ),
    key_includes: keyParts.nullable().default(null).describe("What the key consists of."),
    key_exclude_vars: names.nullable().default(null).describe(
      "Names of variables left out of the key.",
    ),
    max_entries: count.nullable().default(null).describe("Number of entries of the node."),
    max_age: float({ min: 0 }).nullable().default(null).describe(
      "Seconds after which an entry is too old.",
    ),
    max_value_bytes: count.nullable().default(null).describe(
      "Largest value in bytes that is stored.",
    ),
    replay_prints: bool.nullable().default(null).describe(
      "Print again what the stored epoch printed.",
    ),
  },
);

/** Schema of a {@linkcode NodeCacheConfig}. */
export const nodeCacheConfigSchema: z.ZodType<NodeCacheConfig, Written<NodeCacheConfig>> =
  nodeCacheConfigInferred;

/** The schema that {@linkcode nodeStorageConfigSchema} is, with the types that zod infers. */
export const nodeStorageConfigInferred = refined(
  closedObject("NodeStorageConfig", "Storage of one node.", {
    cache: nodeCacheConfigSchema.nullable().default(null).describe("How the node is cached."),
    file_storage: nodeFileStorageConfigSchema.nullable().default(null).describe(
      "Its output files.",
    ),
  }),
  {
    holds: (storage) => !bothEnabled(storage),
    code: "storage_conflict",
    message: "`cache` and `file_storage` cannot both be enabled on the same node: " +
      "set `enabled = false` in one of them",
  },
);

/** Schema of a {@linkcode NodeStorageConfig}. */
export const nodeStorageConfigSchema: z.ZodType<NodeStorageConfig, NodeStorageConfigInput> =
  nodeStorageConfigInferred;

/** Whether both apply, as far as that is known without resolving references. */
export function bothEnabled(storage: { cache?: unknown; file_storage?: unknown }): boolean {
  return [storage.cache, storage.file_storage].every((block) =>
    isRecord(block) && (block.enabled === true || block.enabled === null)
  );
}

/** The schema that {@linkcode storageConfigSchema} is, with the types that zod infers. */
export const storageConfigInferred = closedObject(
  "StorageConfig",
  "Storage of a net.",
  {
    backends: mapOf(backendConfigSchema).default(() => new Map()).describe(
      "Backends by name, for file storage.",
    ),
    cache: cacheConfigSchema.nullable().default(null).describe("The cache of the whole net."),
    file_storage_metadata_path: v(str.nullable()).default(null).meta({
      description: "Folder of the index of output files; null keeps it in memory.",
      format: "path",
    }),
  },
);

/** Schema of a {@linkcode StorageConfig}. */
export const storageConfigSchema: z.ZodType<StorageConfig, StorageConfigInput> =
  storageConfigInferred;
