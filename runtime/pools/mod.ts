/**
 * Pools of workers, the channels to them, and jobs on them.
 *
 * @module
 */
export * from "./error.ts";
export * from "../rpc/error.ts";
export { FunctionNotShippableError, JobAborted } from "../execution/error.ts";
export { NotSerializableError } from "../packets/error.ts";
export type {
  Message,
  RecvOptions,
  RPCChannel,
  SendOptions,
  WorkerChannel,
} from "../rpc/channel.ts";
export type { WireMessage } from "../rpc/outbox.ts";
export type { ErrorParts, LazyParts, Substitute } from "../rpc/portable.ts";
export { AsyncChannel, createAsyncChannelPair } from "../rpc/async_channel.ts";
export { type PostTarget, ThreadChannel, type ThreadPost } from "../rpc/thread_channel.ts";
export { type ByteConnection, ProcessChannel } from "../rpc/process_channel.ts";
export type { ProcessChannelOptions } from "../rpc/process_channel.ts";
export type { OutputEntry } from "./capture_console.ts";
export {
  type ListenablePool,
  type Pool,
  POOL_KEYS,
  type PoolListener,
  type PoolPlace,
  type WorkerFn,
  type WorkerMessage,
  type WorkerPoolTimes,
} from "./pool.ts";
export {
  type LinkEvents,
  SupervisedPool,
  type SupervisedPoolOptions,
  type WorkerKind,
  type WorkerLink,
} from "./supervised_pool.ts";
export { SingleWorkerPool } from "./single_worker_pool.ts";
export { ThreadPool, type ThreadPoolOptions } from "./thread_pool.ts";
export { MultiprocessPool, type MultiprocessPoolOptions } from "./multiprocess_pool.ts";
export { RemotePoolClient, type RemotePoolClientOptions } from "./remote_client.ts";
export {
  type ListenAddress,
  RemotePoolServer,
  type RemotePoolServerOptions,
  type RemoteServerLimits,
} from "./remote_server.ts";
export type { RemoteNode } from "./remote_protocol.ts";
export type { RegisteredWorker } from "./remote_session.ts";
export {
  ExecutionManager,
  type ExecutionManagerOptions,
  type JobFunction,
  type JobResult,
  type PoolWorkers,
  type RunAllocationMethod,
  type RunOptions,
  type SubmittedJobInfo,
} from "../execution/execution_manager.ts";
export { ExecutionManagerProtocolKeys } from "../execution/job_protocol.ts";
export type { PrintEntry } from "../execution/prints.ts";
export type { PermissionValue, PoolPermissions, PoolSpecInput } from "../schema/pool.ts";
