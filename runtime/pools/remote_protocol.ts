/**
 * What the client and the server of a remote pool say to each other.
 *
 * @module
 */

/** Path of the server's endpoint. */
export const REMOTE_PATH = "/v1/pool";

/** Keys of the messages. */
export const REMOTE_KEYS = {
  /** {@linkcode CreatePoolRequest} */
  CREATE_POOL: "__pool-rp-down:create_pool",
  /** {@linkcode SendRequest} */
  SEND: "__pool-rp-down:send",
  /** `{id, worker_id, reason}` */
  RESTART_WORKER: "__pool-rp-down:restart_worker",
  /** `{id, process_idx}` */
  FLUSH_STDOUT: "__pool-rp-down:flush_stdout",
  /** `{id}` */
  FLUSH_ALL_STDOUT: "__pool-rp-down:flush_all_stdout",
  /** `{id}` */
  REQUEST_SHUTDOWN: "__pool-rp-down:request_shutdown",
  /** `{}` */
  CLOSE: "__pool-rp-down:close",
  /** `{id, result}` or `{id, error}`: the answer to a request. */
  ANSWER: "__pool-rp-up:answer",
  /** `{worker_id, key, data}` */
  RECV: "__pool-rp-up:recv",
  /** `{error}` */
  ENDED: "__pool-rp-up:error-crashed",
  /** `{worker_id, generation}` */
  RESTARTED: "__pool-rp-up:worker_restarted",
  /** `{error}` */
  GAVE_UP: "__pool-rp-up:error-pool_failed",
} as const;

/** A message to a worker. */
export interface SendRequest {
  readonly worker_id: number;
  /** Which of the workers that had this number it is for: what was for an earlier one is dropped. */
  readonly generation: number;
  readonly key: string;
  readonly data: unknown;
}

/** Lane of what is about a process: what is about others, and about none, does not wait for it. */
export function laneOf(workerId: number, threadsPerProcess: number): number {
  return Math.floor(workerId / threadsPerProcess) + 1;
}

/** What a client says of a node of the server's configuration. */
export interface RemoteNode {
  /** Its variables. */
  readonly vars: Record<string, unknown>;
  /** Whether types are checked at its ports. */
  readonly typeChecking: boolean;
  /** Hashes of the files that its code consists of, by path in the project. */
  readonly code?: Readonly<Record<string, string>>;
}

/** What to do if a server's code differs from the client's. */
export type CodeCheck = "warn" | "refuse" | "off";

/** Asks for a pool. */
export interface CreatePoolRequest {
  readonly id: number;
  readonly worker_name: string;
  readonly num_processes: number;
  readonly threads_per_process: number;
  /** As many processes as the server has cores; `num_processes` does not count then. */
  readonly all_cores?: boolean;
  readonly redirect_output?: boolean;
  readonly buffer_output?: boolean;
  readonly code_check?: CodeCheck;
  /** What the client calls it. */
  readonly pool_id: string;
  readonly nodes?: Readonly<Record<string, RemoteNode>>;
}

/** A node whose code is not the same at both ends. */
export interface CodeDifference {
  /** The node. */
  readonly nodeName: string;
  /** What differs, such as `./nodes.ts differs`. */
  readonly message: string;
}

/** The answer to a {@linkcode CreatePoolRequest}. */
export interface PoolCreated {
  readonly num_workers: number;
  readonly num_processes: number;
  /** Of its workers; see {@linkcode SendRequest}. */
  readonly generations: readonly number[];
  readonly differences: readonly CodeDifference[];
}
