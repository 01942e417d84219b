/**
 * Configurations after resolving: flat, without references, with every value that counts.
 *
 * This is what a net runs from. Nothing in it has to be looked up elsewhere: fields that inherit
 * hold the net's value, paths are absolute, default and signal conditions are written out, and the
 * order of nodes, edges, ports, conditions, pools and queues is that of the file.
 *
 * @module
 */
import type { EdgeConfig, SubgraphConfig } from "./graph.ts";
import type { NetConfigData, OutputQueueConfig } from "./net.ts";
import type { NodeConfig, NodeExecutionConfig } from "./node.ts";
import type { PoolConfig } from "./pool.ts";
import type { SalvoConditionConfig } from "./salvo_condition.ts";

/** Fields that are never null once the net's value is taken in. */
export type EffectiveField =
  | "pools"
  | "pool_allocation_method"
  | "max_epochs"
  | "retries"
  | "retry_wait"
  | "retry_backoff"
  | "retry_jitter"
  | "ordered"
  | "type_checking_enabled"
  | "propagate_exceptions"
  | "print_exceptions"
  | "print_echo_stdout"
  | "signals"
  | "controls";

/**
 * How a node is run, with the net's values taken in.
 *
 * A null is the value itself here: `timeout`, `max_parallel_epochs`, `rate_limit_per_second` and
 * `retry_wait_max` null mean no limit, functions null mean that the factory's count, if any.
 * `signals` and `controls` are the lists as written or inherited, `error_port` names a port that
 * exists in `out_ports`. `storage` stays the node's own block, in which nulls inherit from the
 * net's `storage.cache`. `node_vars` are the node's own declarations; values are in
 * {@linkcode ResolvedNodeConfig.vars}.
 */
export type ResolvedExecutionConfig =
  & Omit<NodeExecutionConfig<never>, EffectiveField>
  & { [Key in EffectiveField]: NonNullable<NodeExecutionConfig<never>[Key]> };

/**
 * A node of the flat graph.
 *
 * `name` is the flat name: the names of the subgraphs around it and its own, joined by dots.
 * `in_ports` ends with the ports of controls, `out_ports` with those of signals and the error port,
 * where these are not declared. `dependency_request` is set wherever a dependency edge enters.
 */
export interface ResolvedNodeConfig extends NodeConfig<never> {
  /** All input conditions, default and control ones too; `manual` as the simulator needs it. */
  in_salvo_conditions: Map<string, SalvoConditionConfig<never>>;
  /** All output conditions, default and signal ones too. */
  out_salvo_conditions: Map<string, SalvoConditionConfig<never>>;
  /** How it is run. */
  execution_config: ResolvedExecutionConfig;
  /** Variables of net and node merged and converted: a record without prototype. */
  vars: Readonly<Record<string, unknown>>;
  /**
   * Whether the node's factory was not called, because that would have needed an import: ports and
   * conditions are then as written, and neither a graph nor a net can be made of it.
   */
  unexpanded?: boolean;
  /** Whether what the node yields goes on its way before its epoch ends, as its factory says. */
  streams?: boolean;
}

/** The flat graph. */
export interface ResolvedGraphConfig {
  /** Nodes, in order. */
  nodes: ResolvedNodeConfig[];
  /** Edges between nodes: those of the outermost graph first. */
  edges: EdgeConfig[];
  /** Free data of the outermost graph. */
  extra: Record<string, unknown>;
}

/** The data of a resolved configuration. */
export interface ResolvedNetConfigData extends NetConfigData<never> {
  /** The flat graph. */
  graph: ResolvedGraphConfig;
  /**
   * Pools by name: those stated, or `main` if none are. A net has a pool `main` wherever a node uses
   * it, also if it is not among these.
   */
  pools: Map<string, PoolConfig<never>>;
  /** Output queues by name, with the flat names of nodes. */
  output_queues: Map<string, OutputQueueConfig<never>>;
  /** Absolute project root. */
  project_root_override: string;
  /** Converted variables of the net: a record without prototype. */
  vars: Readonly<Record<string, unknown>>;
}

/** A subgraph that was flattened, for editors: its flat name and how it was written. */
export interface FlattenedSubgraph {
  /** Flat name, such as `outer.inner`. */
  name: string;
  /** As written, read from its file or made by a factory. */
  config: SubgraphConfig;
  /** Absolute path of its file, if it has one. */
  file: string | null;
}
