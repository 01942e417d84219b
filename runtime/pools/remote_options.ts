/**
 * Options of the client of a remote pool.
 *
 * @module
 */
import type { WebSocketClientOptions } from "../rpc/websocket_client.ts";
import type { CodeCheck, CodeDifference, RemoteNode } from "./remote_protocol.ts";

/** Options of a {@linkcode RemotePoolClient}: the fields of a pool's configuration. */
export interface RemotePoolClientOptions extends WebSocketClientOptions {
  /** Address of the server, such as `ws://host:8765`. */
  url: string;
  /**
   * Name of the worker to ask for.
   *
   * @default {"execution_manager"}
   */
  worker_name?: string | null;
  /**
   * Number of subprocesses.
   *
   * @default {1}
   */
  num_processes?: number;
  /**
   * Number of Workers in each.
   *
   * @default {1}
   */
  threads_per_process?: number;
  /**
   * As many processes as the server has cores, in place of `num_processes`.
   *
   * @default {false}
   */
  all_cores?: boolean;
  /**
   * Connect again after a loss.
   *
   * @default {true}
   */
  reconnect?: boolean;
  /**
   * Seconds within which the pool must be there.
   *
   * @default {30}
   */
  start_timeout?: number;
  /**
   * What to do if the server's code of {@linkcode RemotePoolClientOptions.nodes} differs.
   *
   * @default {"off"}
   */
  code_check?: CodeCheck;
  /**
   * Name of the pool.
   *
   * @default {"pool"}
   */
  poolId?: string;
  /** What is to be said of nodes of the server's configuration. */
  nodes?: Readonly<Record<string, RemoteNode>>;
  /** Told of nodes whose code is not the same at the server. */
  onDifference?: (difference: CodeDifference) => void;
  /**
   * Makes what a worker says of times fit the clock here.
   *
   * @param offsetMs How far the server's clock is ahead, in ms.
   */
  translate?: (key: string, data: unknown, offsetMs: number) => unknown;
}

/** What a pool of a server consists of. */
export interface RemotePoolShape {
  /**
   * Number of subprocesses.
   *
   * @default {1}
   */
  num_processes?: number;
  /**
   * Number of Workers in each.
   *
   * @default {1}
   */
  threads_per_process?: number;
  /**
   * As many processes as the server has cores, in place of `num_processes`.
   *
   * @default {false}
   */
  all_cores?: boolean;
  /**
   * Take the output of subprocesses instead of letting it through.
   *
   * @default {true}
   */
  redirect_output?: boolean;
  /**
   * Keep redirected output, for `flushStdout`.
   *
   * @default {true}
   */
  buffer_output?: boolean;
}
