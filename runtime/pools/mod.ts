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
export { RemotePoolClient } from "./remote_client.ts";
export type { RemotePoolClientOptions, RemotePoolShape } from "./remote_options.ts";
export {
  RemotePoolServer,
  type RemotePoolServerOptions,
  type RemoteServerLimits,
} from "./remote_server.ts";
export type {
  ListenAddress,
  WebSocketServerLimits,
  WebSocketServerOptions,
} from "../rpc/websocket_server.ts";
export type { WebSocketClientOptions } from "../rpc/websocket_client.ts";
export {
  type ChannelHandler,
  type ChannelServer,
  connect,
  connectChannel,
  serve,
  serveBackground,
  type ServeChannelsOptions,
  WebSocketChannel,
} from "../rpc/websocket_channel.ts";
export type { CodeCheck, CodeDifference, RemoteNode } from "./remote_protocol.ts";
export type { Admission, RegisteredWorker } from "./remote_session.ts";
export { ExecutionManager, type ExecutionManagerOptions } from "../execution/execution_manager.ts";
export type {
  JobFunction,
  JobResult,
  PoolWorkers,
  RunAllocationMethod,
  RunOptions,
  SubmittedJobInfo,
} from "../execution/run_options.ts";
export {
  createExecutionManagerServer,
  type ExecutionManagerServerOptions,
} from "../execution/execution_manager_server.ts";
export type { FunctionMode } from "../execution/function_admission.ts";
export { ExecutionManagerProtocolKeys } from "../execution/job_protocol.ts";
export type { PrintEntry } from "../execution/prints.ts";
export type { PermissionValue, PoolPermissions, PoolSpecInput } from "../schema/pool.ts";
