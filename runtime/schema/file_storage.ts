/**
 * Output files of a node.
 *
 * @module
 */
import type * as z from "zod";
import { type BackendConfig, type BackendConfigInput, backendConfigSchema } from "./backend.ts";
import { bool, closedObject, freeData, int, mapOf, objectOr, oneOf, str, v } from "./field.ts";
import type { MapInput, VarRef, Written } from "./reference.ts";

/** How inputs are hashed. */
export type HashMethod = "xxh64" | "sha256" | "blake2b" | "crc32" | "adler32";

/** Names that other systems have for the one structured serialization. */
export type PicklingMethod = "pickle" | "dill" | "cloudpickle";

/** A serialization of one's own. */
export interface CodecModule {
  /** Reference to the codec: a module and an export. */
  module: string;
  /** Extension of the files, with its dot. */
  ext: string;
}

/** Base names of output files: salvo condition, then port, then base name. */
export type OutputNames = Map<string, Map<string, string>>;

/** Durable output files of one node. */
export interface NodeFileStorageConfig<Ref = VarRef> {
  /** Whether outputs are stored. */
  enabled: boolean | Ref;
  /** Name of a backend of the net, or a backend of its own. */
  backend: string | BackendConfig<Ref>;
  /** Name of a serialization, or a codec of one's own. */
  serialization: string | CodecModule | Ref;
  /** All methods mean structured serialization. */
  pickling_method: PicklingMethod | Ref;
  /** Kept for other systems; ignored. */
  pickling_args: Record<string, unknown> | Ref;
  /** Name of a compression. */
  compression: string | Ref | null;
  /** Level of the compression; null is its default. */
  compression_level: number | Ref | null;
  /** What to do at inputs other than the stored ones. */
  on_hash_change: "error" | "overwrite" | Ref;
  /** Also store inputs, to look at. */
  store_inputs: boolean | Ref;
  /** How inputs are hashed. */
  hash_method: HashMethod | Ref;
  /** All methods mean structured serialization. */
  hash_pickling_method: PicklingMethod | Ref;
  /** Kept for other systems; ignored. */
  hash_pickling_args: Record<string, unknown> | Ref;
  /** No effect: inputs are always evaluated first. */
  evaluate_lazy_value_for_hash: boolean | Ref;
  /** Put all outputs into one archive. */
  bundle: boolean | Ref;
  /** Format of the archive. */
  bundle_format: "tar.gz" | "zip" | Ref;
  /** Base names of the files; not for bundles. */
  output_names: OutputNames | Ref | null;
  /** Another version executes again. */
  version: number | Ref;
  /** Keep one result of the node, or one for each distinct input. */
  slots: "single" | "per_input";
  /** What to do if a stored file is gone. */
  on_missing: "rerun" | "error";
}

/** What may be written for a {@linkcode NodeFileStorageConfig}. */
export interface NodeFileStorageConfigInput
  extends Written<NodeFileStorageConfig, "backend" | "output_names"> {
  /** Name of a backend of the net, or a backend of its own. */
  backend: string | BackendConfigInput;
  /** Base names of the files; not for bundles. */
  output_names?: MapInput<MapInput<string>> | VarRef | null | undefined;
}

/** Schema of a {@linkcode HashMethod}. */
export const hashMethodSchema: z.ZodType<HashMethod, HashMethod> = oneOf(
  "xxh64",
  "sha256",
  "blake2b",
  "crc32",
  "adler32",
);

/** Schema of a {@linkcode PicklingMethod}. */
export const picklingMethodSchema: z.ZodType<PicklingMethod, PicklingMethod> = oneOf(
  "pickle",
  "dill",
  "cloudpickle",
);

const codecModule = closedObject("CodecModule", "A serialization of one's own.", {
  module: str.describe("Reference to the codec: a module and an export."),
  ext: str.describe("Extension of the files, with its dot."),
});

const outputNames: z.ZodType<OutputNames, MapInput<MapInput<string>>> = mapOf(mapOf(str));

/** The schema that {@linkcode nodeFileStorageConfigSchema} is, with the types that zod infers. */
export const nodeFileStorageConfigInferred = closedObject(
  "NodeFileStorageConfig",
  "Durable output files of one node.",
  {
    enabled: v(bool).default(true).describe("Whether outputs are stored."),
    backend: objectOr(backendConfigSchema, str).describe(
      "Name of a backend of the net, or a backend of its own.",
    ),
    serialization: v(objectOr(codecModule, str)).default("pickle").describe(
      "Name of a serialization, or a codec of one's own.",
    ),
    pickling_method: v(picklingMethodSchema).default("pickle").describe(
      "All methods mean structured serialization.",
    ),
    pickling_args: v(freeData).default({}).describe("Kept for other systems; ignored."),
    compression: v(str.nullable()).default(null).describe("Name of a compression."),
    compression_level: v(int().nullable()).default(null).describe(
      "Level of the compression; null is its default.",
    ),
    on_hash_change: v(oneOf("error", "overwrite")).default("error").describe(
      "What to do at inputs other than the stored ones.",
    ),
    store_inputs: v(bool).default(false).describe("Also store inputs, to look at."),
    hash_method: v(hashMethodSchema).default("xxh64").describe("How inputs are hashed."),
    hash_pickling_method: v(picklingMethodSchema).default("pickle").describe(
      "All methods mean structured serialization.",
    ),
    hash_pickling_args: v(freeData).default({}).describe("Kept for other systems; ignored."),
    evaluate_lazy_value_for_hash: v(bool).default(false).describe(
      "No effect: inputs are always evaluated first.",
    ),
    bundle: v(bool).default(false).describe("Put all outputs into one archive."),
    bundle_format: v(oneOf("tar.gz", "zip")).default("tar.gz").describe("Format of the archive."),
    output_names: v(outputNames.nullable()).default(null).describe(
      "Base names of the files: salvo condition, then port; not for bundles.",
    ),
    version: v(int()).default(0).describe("Another version executes again."),
    slots: oneOf("single", "per_input").default("single").describe(
      "Keep one result of the node, or one for each distinct input.",
    ),
    on_missing: oneOf("rerun", "error").default("rerun").describe(
      "What to do if a stored file is gone.",
    ),
  },
);

/** Schema of a {@linkcode NodeFileStorageConfig}. */
export const nodeFileStorageConfigSchema: z.ZodType<
  NodeFileStorageConfig,
  NodeFileStorageConfigInput
> = nodeFileStorageConfigInferred;
