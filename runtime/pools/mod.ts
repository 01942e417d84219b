/**
 * Pools of workers, the channels to them, and jobs on them.
 *
 * @module
 */
export * from "./error.ts";
export * from "../rpc/error.ts";
export { FunctionNotShippableError, JobAborted } from "../execution/error.ts";
export { NotSerializableError } from "../packets/error.ts";
export type { Message, RecvOptions, RPCChannel, SendOptions } from "../rpc/channel.ts";
export { AsyncChannel, createAsyncChannelPair } from "../rpc/async_channel.ts";
export { type PostTarget, ThreadChannel, type ThreadPost } from "../rpc/thread_channel.ts";
export { type ByteConnection, ProcessChannel } from "../rpc/process_channel.ts";
export type { ProcessChannelOptions } from "../rpc/process_channel.ts";
export type { OutputEntry } from "./capture_console.ts";
export {
  type Pool,
  POOL_KEYS,
  type PoolPlace,
  type WorkerFn,
  type WorkerMessage,
  type WorkerPoolTimes,
} from "./pool.ts";
export { SingleWorkerPool } from "./single_worker_pool.ts";
export { ThreadPool, type ThreadPoolOptions } from "./thread_pool.ts";
export { MultiprocessPool, type MultiprocessPoolOptions } from "./multiprocess_pool.ts";
export {
  ExecutionManager,
  type ExecutionManagerOptions,
  type JobResult,
  type PoolWorkers,
  type RunAllocationMethod,
  type RunOptions,
  type SubmittedJobInfo,
} from "../execution/execution_manager.ts";
export { ExecutionManagerProtocolKeys } from "../execution/job_protocol.ts";
export type { PrintEntry } from "../execution/prints.ts";
export type { PermissionValue, PoolPermissions, PoolSpecInput } from "../schema/pool.ts";
