/**
 * netrun runs nets: nodes joined by ports and edges, through which packets flow.
 *
 * A net is described by a file or an object; {@linkcode Net} runs it.
 *
 * @example Two numbers are doubled
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Net } from "@netrun/netrun";
 *
 * await using net = await Net.open({
 *   graph: {
 *     nodes: [{
 *       name: "double",
 *       factory: "netrun:function",
 *       factory_args: { func: (x: number) => 2 * x },
 *     }],
 *   },
 * });
 * net.injectData("double", "x", [1, 2]);
 * await net.runUntilBlocked();
 * assertEquals(net.flushOutputQueue("double::out"), [2, 4]);
 * ```
 *
 * @module
 */
export * from "./sim/error.ts";
export * from "./runtime/schema/error.ts";
export * from "./runtime/modules/error.ts";
export * from "./runtime/factories/error.ts";
export * from "./runtime/packets/error.ts";
export * from "./runtime/execution/error.ts";
export * from "./runtime/rpc/error.ts";
export * from "./runtime/pools/error.ts";
export * from "./runtime/net/error.ts";
export * from "./runtime/storage/error.ts";
export * from "./runtime/rpc/error.ts";
export * from "./runtime/pools/error.ts";
export * from "./runtime/formats/error.ts";
export * from "./runtime/tools/error.ts";

export type { EpochId, NetAction, PacketId } from "./sim/action.ts";
export type { ConfigIssue, ConfigPath } from "./runtime/schema/issue.ts";
export {
  type LoadOptions,
  NetConfig,
  type ParseOptions,
  ResolvedNetConfig,
  type ResolveOptions,
} from "./runtime/config/net_config.ts";

export type { EdgeConfig, GraphConfig } from "./runtime/schema/graph.ts";
export type { NetConfigData, NetConfigInput, OutputQueueConfig } from "./runtime/schema/net.ts";
export type { NodeConfig, NodeConfigInput, NodeExecutionConfig } from "./runtime/schema/node.ts";
export type { PoolConfig } from "./runtime/schema/pool.ts";
export type { PortConfig } from "./runtime/schema/port.ts";
export type { VarRef, VarRef as EnvVar } from "./runtime/schema/reference.ts";
export type { ResolvedNodeConfig } from "./runtime/schema/resolved.ts";
export type { SalvoConditionConfig } from "./runtime/schema/salvo_condition.ts";

export { LazyPacketValueSpec } from "./runtime/packets/lazy_value.ts";
export type { ReadonlyPacketStore } from "./runtime/packets/packet_store.ts";
export type {
  ErrorRecord,
  LogLevel,
  NodeExecutionContext,
  NodeFunction,
} from "./runtime/execution/node_execution_context.ts";
export type { NodeLogEntry, PrintEntry } from "./runtime/execution/prints.ts";

export { Net } from "./runtime/net/net.ts";
export { NetInput } from "./runtime/net/net_input.ts";
export type { CloseOptions, NetOptions } from "./runtime/net/net_options.ts";
export type { EngineOptions } from "./runtime/net/build.ts";
export type { PoolServer, ServePoolOptions } from "./runtime/net/serve_pool.ts";
export type { RemoteServerLimits } from "./runtime/pools/remote_server.ts";
export type {
  ListenAddress,
  WebSocketServerLimits,
  WebSocketServerOptions,
} from "./runtime/rpc/websocket_server.ts";
export type { PoolEnvironmentOptions } from "./runtime/net/pool_environment.ts";
export type { NetActionsCallback } from "./runtime/net/action_logs.ts";
export type { StorageOptions } from "./runtime/net/cache_plan.ts";
export type {
  CacheClearFilter,
  CachedEpoch,
  CacheStats,
  CacheVerification,
  NetCache,
  PortValues,
} from "./runtime/storage/net_cache.ts";
export type { PacketRef, RecordedAction, RecordedActions } from "./runtime/storage/effects.ts";
export { NetView, type NodeFilter, type ReadonlySim } from "./runtime/net/net_view.ts";
export { type Clock, systemClock } from "./runtime/net/clock.ts";
export type { Commit, CommitType, FailedAttempt } from "./runtime/net/commit.ts";
export type { SignalValue } from "./runtime/net/commit_draft.ts";
export type { DeadLetter } from "./runtime/net/dead_letter.ts";
export {
  EpochLog,
  type EpochLogFields,
  type EpochOutcome,
  type LogLine,
} from "./runtime/net/epoch_log.ts";
export type { EpochRecord, EpochState } from "./runtime/net/epoch_records.ts";
export type * from "./runtime/net/event.ts";
export type { EventCallback, WarningSink } from "./runtime/net/event_stream.ts";
export type { NodeExecutionResult, PortInputs } from "./runtime/net/execute.ts";
export type { CallOptions } from "./runtime/net/calls.ts";
export type { FeedOptions, FeedSource } from "./runtime/net/feeds.ts";
export type { Answer, CallId } from "./runtime/net/origins.ts";
export type { NodeFailureContext } from "./runtime/net/failure.ts";
export type {
  EdgeStatus,
  NetSnapshot,
  NodeStatus,
  RunningEpoch,
} from "./runtime/net/inspection.ts";
export {
  JsonlEpochLogger,
  JsonlNetActionLogger,
  type LoadLogOptions,
} from "./runtime/net/jsonl_logger.ts";
export {
  NetActionLog,
  type NetActionLogEvent,
  type NetActionLogFields,
} from "./runtime/net/net_action_log.ts";
export {
  type AttributedLogLine,
  type LoggedEpoch,
  NetLogs,
  type PrintEpochLogOptions,
  type PrintLogsOptions,
} from "./runtime/net/net_logs.ts";
export type {
  ConsumedOutputPacket,
  OutputQueueInfo,
  OutputQueueSelector,
} from "./runtime/net/output_queues.ts";
export type { GetOutputOptions, OutputOptions, WithMetadata } from "./runtime/net/output_reader.ts";
export type { OnError, RunOptions, RunReason, RunResult } from "./runtime/net/run.ts";
export type { BackgroundOptions, TargetOptions } from "./runtime/net/runner.ts";
export { SqliteLogger } from "./runtime/net/sqlite_logger.ts";
export type { Target } from "./runtime/net/targets.ts";
export type { TargetInputSalvo } from "./runtime/net/target_input_salvo.ts";
