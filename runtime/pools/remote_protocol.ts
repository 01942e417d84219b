/**
 * What the client and the server of a remote pool say to each other.
 *
 * @module
 */
import { serialize } from "node:v8";

/** Path of the server's endpoint. */
export const REMOTE_PATH = "/v1/pool";
/** Subprotocol of the WebSocket; the number is that of the protocol. */
export const REMOTE_PROTOCOL = "netrun.v1";
/** Format of values, as V8 numbers it. */
export const v8Format: number = serialize(0)[1]!;

/** The first message of each end on each connection. */
export interface RemoteHello {
  readonly protocol: number;
  readonly v8Format: number;
  readonly denoVersion: string;
  readonly maxMessageSize: number;
  /** The session that goes on, or, from the server, the session that this is. */
  readonly sessionId?: string;
  /** What proves that the session is the client's own. */
  readonly resumeToken?: string;
  /** Number of the last message that this end has. */
  readonly lastReceived: number;
  /** The time, in ms UTC. */
  readonly now: number;
}

/** A hello of this program. */
export function hello(
  more: Pick<RemoteHello, "maxMessageSize" | "lastReceived"> & Partial<RemoteHello>,
): string {
  const own: RemoteHello = {
    protocol: 1,
    v8Format,
    denoVersion: Deno.version.deno,
    now: Date.now(),
    ...more,
  };
  return JSON.stringify(own);
}

/**
 * Reads a hello.
 *
 * @returns It, or why this program cannot talk to that one.
 */
export function readHello(data: unknown): RemoteHello | string {
  let hello: Partial<RemoteHello> | null;
  try {
    hello = JSON.parse(String(data));
  } catch {
    return "it does not speak netrun's protocol";
  }
  if (typeof hello !== "object" || hello === null || typeof hello.lastReceived !== "number") {
    return "it does not speak netrun's protocol";
  }
  if (hello.protocol !== 1) return `it speaks protocol ${hello.protocol}, this is 1`;
  if (hello.v8Format !== v8Format) {
    return `it writes values in format ${hello.v8Format}, this is ${v8Format}: use the same Deno`;
  }
  return hello as RemoteHello;
}

/** Keys of the messages. */
export const REMOTE_KEYS = {
  /** `{id, worker_name, num_processes, threads_per_process, nodes?}` */
  CREATE_POOL: "__pool-rp-down:create_pool",
  /** `{worker_id, key, data}` */
  SEND: "__pool-rp-down:send",
  /** `{id, worker_id, reason}` */
  RESTART_WORKER: "__pool-rp-down:restart_worker",
  /** `{id, process_idx}` */
  FLUSH_STDOUT: "__pool-rp-down:flush_stdout",
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
  /** `{worker_id}` */
  RESTARTED: "__pool-rp-up:worker_restarted",
  /** `{error}` */
  GAVE_UP: "__pool-rp-up:error-pool_failed",
} as const;

/** What a client says of a node of the server's configuration. */
export interface RemoteNode {
  /** Its variables. */
  readonly vars: Record<string, unknown>;
  /** Whether types are checked at its ports. */
  readonly typeChecking: boolean;
}

/** Asks for a pool. */
export interface CreatePoolRequest {
  readonly id: number;
  readonly worker_name: string;
  readonly num_processes: number;
  readonly threads_per_process: number;
  /** What the client calls it. */
  readonly pool_id: string;
  readonly nodes?: Record<string, RemoteNode>;
}
