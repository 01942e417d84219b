/**
 * The configuration of a whole net.
 *
 * @module
 */
import * as z from "zod";
import { bool, category, float, freeData, int, isRecord, mapOf, object, str, v } from "./field.ts";
import { type GraphConfig, type GraphConfigInput, graphConfigSchema } from "./graph.ts";
import {
  type FunctionRef,
  functionRefSchema,
  type PoolAllocationMethod,
  poolAllocationMethodSchema,
} from "./node.ts";
import { type PoolConfig, type PoolConfigInput, poolConfigSchema } from "./pool.ts";
import type { MapInput, VarRef, Written } from "./reference.ts";
import {
  type ControlType,
  controlTypeSchema,
  type SignalType,
  signalTypeSchema,
} from "./signal.ts";
import { type StorageConfig, type StorageConfigInput, storageConfigSchema } from "./storage.ts";
import { type NodeVariable, type NodeVariableInput, nodeVariableSchema } from "./variable.ts";

/** Collects the packets that leave by ports without an edge. */
export interface OutputQueueConfig<Ref = VarRef> {
  /** Node and port of each output port that it collects from. */
  ports: [node: string, port: string][] | Ref;
}

/** The data of a net's configuration, as parsed. */
export interface NetConfigData<Ref = VarRef> {
  /** Nodes and edges. */
  graph: GraphConfig<Ref>;
  /** Pools by name; null means one called `main`. */
  pools: Map<string, PoolConfig<Ref>> | null;
  /** Output queues by name; null makes one for every output port without an edge. */
  output_queues: Map<string, OutputQueueConfig<Ref>> | null;
  /** Variables of all nodes. */
  node_vars: Map<string, NodeVariable> | null;
  /** Cache, backends and output files. */
  storage: StorageConfig<Ref> | null;
  /** Folder that paths and modules are relative to; null is the folder of the file. */
  project_root_override: string | Ref | null;
  /** How the pool of an epoch is chosen among the candidates. */
  default_pool_allocation_method: PoolAllocationMethod | Ref;
  /** Pools of nodes that name none. */
  default_pools: string[] | Ref;
  /** Signals of nodes that have no list of their own. */
  default_signals: SignalType[] | Ref;
  /** Controls of nodes that have no list of their own. */
  default_controls: ControlType[] | Ref;
  /** Further attempts after a failed one. */
  retries: number | Ref;
  /** Seconds before the first further attempt. */
  retry_wait: number | Ref;
  /** Factor by which each further wait is longer. */
  retry_backoff: number | Ref;
  /** Longest wait in seconds. */
  retry_wait_max: number | Ref | null;
  /** Share of a wait that is random. */
  retry_jitter: number | Ref;
  /** Seconds that an attempt may take. */
  timeout: number | Ref | null;
  /** Epochs of a node in all; −1 for no limit. */
  max_epochs: number | Ref;
  /** Epochs of a node that run at once. */
  max_parallel_epochs: number | Ref | null;
  /** Commit the epochs of a node in the order of their creation. */
  ordered: boolean | Ref;
  /** Check values against port types. */
  type_checking_enabled: boolean | Ref;
  /** Let failures stop the run. */
  propagate_exceptions: boolean | Ref;
  /** Print failures. */
  print_exceptions: boolean | Ref;
  /** Show what functions print. */
  print_echo_stdout: boolean | Ref;
  /** A packet that leaves by a port with neither edge nor queue is an error. */
  error_on_undeclared_output: boolean | Ref;
  /** Keep failed epochs with their inputs. */
  dead_letter_queue: boolean | Ref;
  /** File to which failed epochs are appended, one JSON line each. */
  dead_letter_path: string | Ref | null;
  /** Called for every failed epoch. */
  dead_letter_callback: FunctionRef | Ref | null;
  /** Keep the logs of finished epochs. */
  retain_epoch_logs: boolean | Ref;
  /** Keep every action done on the net. */
  retain_net_action_logs: boolean | Ref;
  /** Show the logs of epochs as they come. */
  epoch_log_echo_stdout: boolean | Ref;
  /** Recipes by name; checked where they are used. */
  recipes: Record<string, unknown> | null;
  /** The project's factories, for the palette of editors. */
  factories: string[] | null;
  /** Free data, used by editors. */
  extra: Record<string, unknown>;
}

/** What may be written for a net's configuration. */
export interface NetConfigInput extends
  Written<
    NetConfigData,
    "graph" | "pools" | "output_queues" | "node_vars" | "storage"
  > {
  /** Nodes and edges. */
  graph: GraphConfigInput;
  /** Pools by name; null means one called `main`. */
  pools?: MapInput<PoolConfigInput> | null | undefined;
  /** Output queues by name; null makes one for every output port without an edge. */
  output_queues?: MapInput<OutputQueueConfig> | null | undefined;
  /** Variables of all nodes. */
  node_vars?: MapInput<NodeVariableInput> | null | undefined;
  /** Cache, backends and output files. */
  storage?: StorageConfigInput | null | undefined;
}

const queuePort: z.ZodType<[node: string, port: string], [node: string, port: string]> = z.tuple([
  str,
  str,
]);

/** The schema that {@linkcode outputQueueConfigSchema} is, with the types that zod infers. */
export const outputQueueConfigInferred = object(
  "OutputQueueConfig",
  "Collects the packets that leave by ports without an edge.",
  {
    ports: v(z.array(queuePort)).describe(
      "Node and port of each output port that it collects from.",
    ),
  },
);

/** Schema of an {@linkcode OutputQueueConfig}. */
export const outputQueueConfigSchema: z.ZodType<OutputQueueConfig, OutputQueueConfig> =
  outputQueueConfigInferred;

const path = v(str.nullable()).default(null);

/** The schema that {@linkcode netConfigSchema} is, with the types that zod infers. */
export const netConfigInferred = object(
  "NetConfig",
  "The configuration of a whole net.",
  {
    ...category("Net", {
      graph: graphConfigSchema.describe("Nodes and edges."),
      pools: mapOf(poolConfigSchema).refine((pools) => mainPools(pools).length < 2, {
        params: { code: "multiple_main_pools" },
        error: (issue) =>
          `only one pool can be of type \`main\`, but ${
            mainPools(issue.input).join(", ")
          } are: give the others another type`,
        when: ({ value }) => value instanceof Map,
      }).nullable().default(null).describe("Pools by name; null means one called `main`."),
      output_queues: mapOf(outputQueueConfigSchema).nullable().default(null).describe(
        "Output queues by name; null makes one for every output port without an edge.",
      ),
      node_vars: mapOf(nodeVariableSchema).nullable().default(null).describe(
        "Variables of all nodes.",
      ),
      storage: storageConfigSchema.nullable().default(null).describe(
        "Cache, backends and output files.",
      ),
      project_root_override: path.describe(
        "Folder that paths and modules are relative to; null is the folder of the file.",
      ),
    }),
    ...category("Running", {
      default_pools: v(z.array(str)).default(["main"]).describe("Pools of nodes that name none."),
      default_pool_allocation_method: v(poolAllocationMethodSchema).default("round-robin").describe(
        "How the pool of an epoch is chosen among the candidates.",
      ),
      max_parallel_epochs: v(int({ min: 1 }).nullable()).default(null).describe(
        "Epochs of a node that run at once.",
      ),
      max_epochs: v(int({ min: -1 })).default(-1).describe(
        "Epochs of a node in all; −1 for no limit.",
      ),
      ordered: v(bool).default(false).describe(
        "Commit the epochs of a node in the order of their creation.",
      ),
      type_checking_enabled: v(bool).default(true).describe("Check values against port types."),
    }),
    ...category("Failures", {
      retries: v(int({ min: 0 })).default(0).describe("Further attempts after a failed one."),
      retry_wait: v(float({ min: 0 })).default(0).describe(
        "Seconds before the first further attempt.",
      ),
      retry_backoff: v(float({ min: 1 })).default(1).describe(
        "Factor by which each further wait is longer.",
      ),
      retry_wait_max: v(float({ min: 0 }).nullable()).default(null).describe(
        "Longest wait in seconds.",
      ),
      retry_jitter: v(float({ min: 0, max: 1 })).default(0).describe(
        "Share of a wait that is random.",
      ),
      timeout: v(float({ above: 0 }).nullable()).default(null).describe(
        "Seconds that an attempt may take.",
      ),
      propagate_exceptions: v(bool).default(true).describe("Let failures stop the run."),
      print_exceptions: v(bool).default(false).describe("Print failures."),
      error_on_undeclared_output: v(bool).default(false).describe(
        "A packet that leaves by a port with neither edge nor queue is an error.",
      ),
      dead_letter_queue: v(bool).default(true).describe("Keep failed epochs with their inputs."),
      dead_letter_path: path.meta({
        description: "File to which failed epochs are appended, one JSON line each.",
        format: "path",
      }),
      dead_letter_callback: v(functionRefSchema.nullable()).default(null).describe(
        "Called for every failed epoch.",
      ),
    }),
    ...category("Signals and controls", {
      default_signals: v(z.array(signalTypeSchema)).default([]).describe(
        "Signals of nodes that have no list of their own.",
      ),
      default_controls: v(z.array(controlTypeSchema)).default([]).describe(
        "Controls of nodes that have no list of their own.",
      ),
    }),
    ...category("Logs", {
      print_echo_stdout: v(bool).default(true).describe("Show what functions print."),
      retain_epoch_logs: v(bool).default(false).describe("Keep the logs of finished epochs."),
      retain_net_action_logs: v(bool).default(false).describe("Keep every action done on the net."),
      epoch_log_echo_stdout: v(bool).default(false).describe(
        "Show the logs of epochs as they come.",
      ),
    }),
    ...category("Project", {
      recipes: freeData.nullable().default(null).describe(
        "Recipes by name; checked where they are used.",
      ),
      factories: z.array(str).nullable().default(null).describe(
        "The project's factories, for the palette of editors.",
      ),
      extra: freeData.default({}).describe("Free data, used by editors."),
    }),
  },
);

/** Schema of a {@linkcode NetConfigData}. */
export const netConfigSchema: z.ZodType<NetConfigData, NetConfigInput> = netConfigInferred;

/** Names of the pools that run nodes on the main thread. */
function mainPools(pools: unknown): string[] {
  return [...pools as Map<string, Partial<PoolConfig> | undefined>]
    .filter(([, pool]) => isRecord(pool?.spec) && pool.spec.type === "main")
    .map(([name]) => JSON.stringify(name));
}
