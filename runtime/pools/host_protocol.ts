/**
 * What a process and the subprocess that it has started say to each other.
 *
 * @module
 */
import type { WireMessage } from "../rpc/outbox.ts";
import type { PermissionKind } from "./permissions.ts";
import type { WorkerNotice } from "./worker_main.ts";

/** What a subprocess reads from its standard input first: one line of JSON. */
export interface HostStart {
  /** Port of the process that has started it. */
  readonly port: number;
  /** What connections to it open with, in hexadecimal digits. */
  readonly secret: string;
  /** URL of the module with the worker function. */
  readonly url: string;
  /** Name of the export. */
  readonly name: string;
  readonly poolId: string;
  readonly maxMessageSize: number;
  /** Whether console output of Workers is taken. */
  readonly capturesConsole: boolean;
  /** What Workers may do, where the subprocess itself cannot be restricted. */
  readonly workerPermissions: Partial<Record<PermissionKind, boolean | string[]>> | null;
}

/** Keys of the messages. */
export const HOST_KEYS = {
  /** `workerId`: start a Worker. */
  SPAWN: "__pool-mp-down:spawn",
  /** `workerId`: end what is left of a Worker. */
  TERMINATE: "__pool-mp-down:terminate",
  /** `[id, marker]`: send all output, write the marker to both streams, then answer. */
  FLUSH: "__pool-mp-down:flush-stdout",
  /** End. */
  SHUTDOWN: "__pool-mp-down:shutdown",
  /** `[workerId, notice]`: a Worker has said something about itself. */
  NOTICE: "__pool-mp-up:notice",
  /** `[workerId, message]`: a Worker has sent a message past its connection. */
  RESPONSE: "__pool-mp-up:response",
  /** `entries`: output. */
  OUTPUT: "__pool-mp-up:stdout-buffer",
  /** `id`: all output before the request has been sent. */
  FLUSHED: "__pool-mp-up:flushed",
} as const;

/** What a subprocess tells of a Worker. */
export type HostNotice = [
  workerId: number,
  notice: WorkerNotice | { type: "died"; reason: string },
];
/** A message past the connection of a Worker. */
export type HostResponse = [workerId: number, message: WireMessage];
