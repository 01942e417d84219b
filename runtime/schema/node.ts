/**
 * Nodes: their ports, conditions and how they are run.
 *
 * @module
 */
import * as z from "zod";
import {
  bool,
  category,
  choice,
  float,
  freeData,
  int,
  mapOf,
  object,
  oneOf,
  str,
  v,
} from "./field.ts";
import type { NodeFunction } from "../execution/node_execution_context.ts";
import { type PortConfig, type PortConfigInput, portConfigSchema } from "./port.ts";
import type { MapInput, VarRef, Written } from "./reference.ts";
import {
  type SalvoConditionConfig,
  type SalvoConditionConfigInput,
  salvoConditionConfigSchema,
} from "./salvo_condition.ts";
import {
  type ControlType,
  controlTypeSchema,
  type SignalType,
  signalTypeSchema,
} from "./signal.ts";
import {
  type NodeStorageConfig,
  type NodeStorageConfigInput,
  nodeStorageConfigSchema,
} from "./storage.ts";
import { type NodeVariable, type NodeVariableInput, nodeVariableSchema } from "./variable.ts";

/** How the pool of an epoch is chosen among the candidates. */
export type PoolAllocationMethod = "round-robin" | "random" | "least-busy";

/** Schema of a {@linkcode PoolAllocationMethod}. */
export const poolAllocationMethodSchema: z.ZodType<PoolAllocationMethod, PoolAllocationMethod> =
  oneOf("round-robin", "random", "least-busy");

/** Any function, where code is given instead of a reference to it. */
// deno-lint-ignore no-explicit-any
export type AnyFunction = (...args: any[]) => unknown;

/** A reference to a function (`./nodes.ts::double`) or, in code, the function. */
export type FunctionRef = string | NodeFunction | AnyFunction;

/** A factory given as an object in code. */
export interface FactoryModule {
  /** Makes the node's ports and conditions. */
  getNodeConfig: AnyFunction;
  /** Makes the node's functions. */
  getNodeFuncs?: AnyFunction;
}

/** A reference to a factory (`netrun:broadcast`) or, in code, the factory. */
export type FactoryRef = string | FactoryModule;

/** How a node is run. Where null inherits, the net's field of the same name counts. */
export interface NodeExecutionConfig<Ref = VarRef> {
  /** Whether its epochs are run; they are formed anyhow. */
  enabled: boolean | Ref;
  /** Pools that may run it; null inherits `default_pools`. */
  pools: string[] | Ref | null;
  /** How one of them is chosen; null inherits `default_pool_allocation_method`. */
  pool_allocation_method: PoolAllocationMethod | Ref | null;
  /** The function that an epoch runs; goes before the factory's. */
  exec_node_func: FunctionRef | Ref | null;
  /** Runs before the first epoch; goes before the factory's. */
  init_node_func: FunctionRef | Ref | null;
  /** Runs at the end; goes before the factory's. */
  close_node_func: FunctionRef | Ref | null;
  /** Runs after the last failed attempt; goes before the factory's. */
  on_node_failure: FunctionRef | Ref | null;
  /** Call `init_node_func` at the first epoch instead of when the net starts. */
  defer_init: boolean | Ref;
  /** Run the node once when the net starts. */
  run_on_init: boolean | Ref;
  /** Epochs that run at once; null inherits, and then means no limit. */
  max_parallel_epochs: number | Ref | null;
  /** Epochs in all, −1 for no limit; null inherits. */
  max_epochs: number | Ref | null;
  /** Further attempts after a failed one; null inherits. */
  retries: number | Ref | null;
  /** Seconds before the first further attempt; null inherits. */
  retry_wait: number | Ref | null;
  /** Factor by which each further wait is longer; null inherits. */
  retry_backoff: number | Ref | null;
  /** Longest wait in seconds; null inherits. */
  retry_wait_max: number | Ref | null;
  /** Share of a wait that is random; null inherits. */
  retry_jitter: number | Ref | null;
  /** Seconds that an attempt may take; null inherits. */
  timeout: number | Ref | null;
  /** Commit epochs in the order of their creation; null inherits. */
  ordered: boolean | Ref | null;
  /** Attempts started in a second at most. */
  rate_limit_per_second: number | Ref | null;
  /** Nodes of one group share one rate limit. */
  rate_limit_group: string | Ref | null;
  /** Output port by which failures leave as packets; made if it is not declared. */
  error_port: string | Ref | null;
  /** Check values against port types; null inherits. */
  type_checking_enabled: boolean | Ref | null;
  /** Let failures stop the run; null inherits. */
  propagate_exceptions: boolean | Ref | null;
  /** Print failures; null inherits. */
  print_exceptions: boolean | Ref | null;
  /** Show what functions print; null inherits. */
  print_echo_stdout: boolean | Ref | null;
  /** Record what functions print. */
  capture_prints: boolean | Ref;
  /** Seconds between deliveries of what a running epoch prints. */
  print_flush_interval: number | Ref;
  /** Lines after which prints are delivered early. */
  print_buffer_max_size: number | Ref | null;
  /** No effect: actions always wait for the end of the epoch. */
  defer_net_actions: boolean | Ref | null;
  /** Variables of the node, over those of the net. */
  node_vars: Map<string, NodeVariable> | null;
  /** Signals that it sends; null inherits `default_signals`. */
  signals: SignalType[] | Ref | null;
  /** Controls that it takes; null inherits `default_controls`. */
  controls: ControlType[] | Ref | null;
  /** Cache and output files. */
  storage: NodeStorageConfig<Ref> | null;
}

/** What may be written for a {@linkcode NodeExecutionConfig}. */
export interface NodeExecutionConfigInput
  extends Written<NodeExecutionConfig, "node_vars" | "storage"> {
  /** Variables of the node, over those of the net. */
  node_vars?: MapInput<NodeVariableInput> | null | undefined;
  /** Cache and output files. */
  storage?: NodeStorageConfigInput | null | undefined;
}

/** When what a node depends on is run. */
export type DependencyTrigger = "on_startup" | "on_no_salvo_triggered";

/** Asks what stands at the node's dependency edges to run. */
export interface DependencyRequestConfig {
  /** When to ask. */
  triggers: DependencyTrigger[];
  /** Requests of one label are asked once. */
  label: string;
}

/** A node. */
export interface NodeConfig<Ref = VarRef> {
  /** Tag. */
  type: "node";
  /** Its name; may be empty only if a factory supplies one. */
  name: string;
  /** What it is for. */
  description: string | null;
  /** Input ports, in order. */
  in_ports: Map<string, PortConfig<Ref>>;
  /** Output ports, in order. */
  out_ports: Map<string, PortConfig<Ref>>;
  /** When it starts an epoch: the first that holds counts. Null makes a default one. */
  in_salvo_conditions: Map<string, SalvoConditionConfig<Ref>> | null;
  /** When it sends. Null makes a default one. */
  out_salvo_conditions: Map<string, SalvoConditionConfig<Ref>> | null;
  /** How it is run. */
  execution_config: NodeExecutionConfig<Ref> | null;
  /** What to ask of the nodes that it depends on. */
  dependency_request: DependencyRequestConfig | null;
  /** What makes the node. */
  factory: FactoryRef | null;
  /** Arguments of the factory, handed on as they are. */
  factory_args: Record<string, unknown>;
  /** Free data, used by editors. */
  extra: Record<string, unknown>;
}

/** What may be written for a {@linkcode NodeConfig}. */
export interface NodeConfigInput extends
  Written<
    NodeConfig,
    | "in_ports"
    | "out_ports"
    | "in_salvo_conditions"
    | "out_salvo_conditions"
    | "execution_config"
    | "dependency_request"
  > {
  /** Input ports, in order. */
  in_ports?: MapInput<PortConfigInput> | undefined;
  /** Output ports, in order. */
  out_ports?: MapInput<PortConfigInput> | undefined;
  /** When it starts an epoch: the first that holds counts. Null makes a default one. */
  in_salvo_conditions?: MapInput<SalvoConditionConfigInput> | null | undefined;
  /** When it sends. Null makes a default one. */
  out_salvo_conditions?: MapInput<SalvoConditionConfigInput> | null | undefined;
  /** How it is run. */
  execution_config?: NodeExecutionConfigInput | null | undefined;
  /** What to ask of the nodes that it depends on. */
  dependency_request?: Written<DependencyRequestConfig> | null | undefined;
}

/** A reference to code, or code that `isCode` accepts. */
function codeRef<T>(isCode: (value: unknown) => boolean): z.ZodType<string | T, string | T> {
  return choice([z.string(), z.custom<T>(isCode)], (value) => isCode(value) ? 1 : 0, 1);
}

/** Schema of a {@linkcode FunctionRef}. */
export const functionRefSchema: z.ZodType<FunctionRef, FunctionRef> = codeRef<
  NodeFunction | AnyFunction
>((value) => typeof value === "function").meta({
  id: "FunctionRef",
  description: "A reference to a function, such as `./nodes.ts::double`.",
});

/** Schema of a {@linkcode FactoryRef}. */
export const factoryRefSchema: z.ZodType<FactoryRef, FactoryRef> = codeRef<FactoryModule>(
  (value) =>
    (typeof value === "object" || typeof value === "function") && value !== null &&
    typeof (value as Partial<FactoryModule>).getNodeConfig === "function",
).meta({ id: "FactoryRef", description: "A reference to a factory, such as `netrun:broadcast`." });

const functionField = v(functionRefSchema.nullable()).default(null);

/** The schema that {@linkcode nodeExecutionConfigSchema} is, with the types that zod infers. */
export const nodeExecutionConfigInferred = object("NodeExecutionConfig", "How a node is run.", {
  ...category("Running", {
    enabled: v(bool).default(true).describe("Whether its epochs are run; they are formed anyhow."),
    pools: v(z.array(str).nullable()).default(null).describe(
      "Pools that may run it; null inherits `default_pools`.",
    ),
    pool_allocation_method: v(poolAllocationMethodSchema.nullable()).default(null).describe(
      "How one of them is chosen; null inherits `default_pool_allocation_method`.",
    ),
    defer_init: v(bool).default(false).describe(
      "Call `init_node_func` at the first epoch instead of when the net starts.",
    ),
    run_on_init: v(bool).default(false).describe("Run the node once when the net starts."),
    max_parallel_epochs: v(int({ min: 1 }).nullable()).default(null).describe(
      "Epochs that run at once; null inherits, and then means no limit.",
    ),
    max_epochs: v(int({ min: -1 }).nullable()).default(null).describe(
      "Epochs in all, −1 for no limit; null inherits.",
    ),
    ordered: v(bool.nullable()).default(null).describe(
      "Commit epochs in the order of their creation; null inherits.",
    ),
    defer_net_actions: v(bool.nullable()).default(null).describe(
      "No effect: actions always wait for the end of the epoch.",
    ),
  }),
  ...category("Functions", {
    exec_node_func: functionField.describe(
      "The function that an epoch runs; goes before the factory's.",
    ),
    init_node_func: functionField.describe(
      "Runs before the first epoch; goes before the factory's.",
    ),
    close_node_func: functionField.describe("Runs at the end; goes before the factory's."),
    on_node_failure: functionField.describe(
      "Runs after the last failed attempt; goes before the factory's.",
    ),
  }),
  ...category("Failures", {
    retries: v(int({ min: 0 }).nullable()).default(null).describe(
      "Further attempts after a failed one; null inherits.",
    ),
    retry_wait: v(float({ min: 0 }).nullable()).default(null).describe(
      "Seconds before the first further attempt; null inherits.",
    ),
    retry_backoff: v(float({ min: 1 }).nullable()).default(null).describe(
      "Factor by which each further wait is longer; null inherits.",
    ),
    retry_wait_max: v(float({ min: 0 }).nullable()).default(null).describe(
      "Longest wait in seconds; null inherits.",
    ),
    retry_jitter: v(float({ min: 0, max: 1 }).nullable()).default(null).describe(
      "Share of a wait that is random; null inherits.",
    ),
    timeout: v(float({ above: 0 }).nullable()).default(null).describe(
      "Seconds that an attempt may take; null inherits.",
    ),
    error_port: v(str.nullable()).default(null).describe(
      "Output port by which failures leave as packets; made if it is not declared.",
    ),
    propagate_exceptions: v(bool.nullable()).default(null).describe(
      "Let failures stop the run; null inherits.",
    ),
    print_exceptions: v(bool.nullable()).default(null).describe("Print failures; null inherits."),
  }),
  ...category("Rate", {
    rate_limit_per_second: v(float({ above: 0 }).nullable()).default(null).describe(
      "Attempts started in a second at most.",
    ),
    rate_limit_group: v(str.nullable()).default(null).describe(
      "Nodes of one group share one rate limit.",
    ),
  }),
  ...category("Printing", {
    capture_prints: v(bool).default(true).describe("Record what functions print."),
    print_echo_stdout: v(bool.nullable()).default(null).describe(
      "Show what functions print; null inherits.",
    ),
    print_flush_interval: v(float({ min: 0 })).default(0.1).describe(
      "Seconds between deliveries of what a running epoch prints.",
    ),
    print_buffer_max_size: v(int({ min: 1 }).nullable()).default(null).describe(
      "Lines after which prints are delivered early.",
    ),
  }),
  ...category("Data", {
    type_checking_enabled: v(bool.nullable()).default(null).describe(
      "Check values against port types; null inherits.",
    ),
    node_vars: mapOf(nodeVariableSchema).nullable().default(null).describe(
      "Variables of the node, over those of the net.",
    ),
    storage: nodeStorageConfigSchema.nullable().default(null).describe("Cache and output files."),
  }),
  ...category("Signals and controls", {
    signals: v(z.array(signalTypeSchema).nullable()).default(null).describe(
      "Signals that it sends; null inherits `default_signals`.",
    ),
    controls: v(z.array(controlTypeSchema).nullable()).default(null).describe(
      "Controls that it takes; null inherits `default_controls`.",
    ),
  }),
});

/** Schema of a {@linkcode NodeExecutionConfig}. */
export const nodeExecutionConfigSchema: z.ZodType<NodeExecutionConfig, NodeExecutionConfigInput> =
  nodeExecutionConfigInferred;

/** The schema that {@linkcode dependencyRequestConfigSchema} is, with the types that zod infers. */
export const dependencyRequestConfigInferred = object(
  "DependencyRequestConfig",
  "Asks what stands at the node's dependency edges to run.",
  {
    triggers: z.array(oneOf("on_startup", "on_no_salvo_triggered")).default(["on_startup"])
      .describe("When to ask."),
    label: str.default("main").describe("Requests of one label are asked once."),
  },
);

/** Schema of a {@linkcode DependencyRequestConfig}. */
export const dependencyRequestConfigSchema: z.ZodType<
  DependencyRequestConfig,
  Written<DependencyRequestConfig>
> = dependencyRequestConfigInferred;

/** The schema that {@linkcode nodeConfigSchema} is, with the types that zod infers. */
export const nodeConfigInferred = object(
  "NodeConfig",
  "A node.",
  {
    type: z.literal("node").default("node").describe("Tag."),
    name: str.default("").describe("Its name; may be empty only if a factory supplies one."),
    description: str.nullable().default(null).describe("What it is for."),
    in_ports: mapOf(portConfigSchema).default(() => new Map()).describe("Input ports, in order."),
    out_ports: mapOf(portConfigSchema).default(() => new Map()).describe("Output ports, in order."),
    in_salvo_conditions: mapOf(salvoConditionConfigSchema).nullable().default(null).describe(
      "When it starts an epoch: the first that holds counts. Null makes a default one.",
    ),
    out_salvo_conditions: mapOf(salvoConditionConfigSchema).nullable().default(null).describe(
      "When it sends. Null makes a default one.",
    ),
    execution_config: nodeExecutionConfigSchema.nullable().default(null).describe("How it is run."),
    dependency_request: dependencyRequestConfigSchema.nullable().default(null).describe(
      "What to ask of the nodes that it depends on.",
    ),
    factory: factoryRefSchema.nullable().default(null).describe("What makes the node."),
    factory_args: freeData.default({}).describe(
      "Arguments of the factory, handed on as they are.",
    ),
    extra: freeData.default({}).describe("Free data, used by editors."),
  },
);

/** Schema of a {@linkcode NodeConfig}. */
export const nodeConfigSchema: z.ZodType<NodeConfig, NodeConfigInput> = nodeConfigInferred;
