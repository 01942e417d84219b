/**
 * What every Worker does: load the worker function, tell that it is ready, run it.
 *
 * @module
 */
import type { WorkerChannel } from "../rpc/channel.ts";
import { ChannelClosed } from "../rpc/error.ts";
import type { WireMessage } from "../rpc/outbox.ts";
import { type Substitute, toPortable } from "../rpc/portable.ts";
import type { OutputEntry } from "./capture_console.ts";
import type { WorkerFn } from "./pool.ts";

/** What a Worker is told when it starts. */
export interface WorkerStart {
  readonly type: "start";
  readonly workerId: number;
  /** URL of the module with the worker function. */
  readonly url: string;
  /** Name of the export. */
  readonly name: string;
  /** Where to connect to; undefined if it talks by `postMessage`. */
  readonly connect?: { readonly port: number; readonly secret: Uint8Array } | undefined;
  readonly maxMessageSize: number;
  /** Where it leaves texts for the one that has started it, if they share memory. */
  readonly texts?: SharedArrayBuffer | undefined;
  /** Whether what it prints is to be posted, too. */
  readonly capturesConsole: boolean;
}

/** What a Worker posts about itself. */
export type WorkerNotice =
  | { readonly type: "ready" }
  | { readonly type: "failed" | "threw"; readonly error: unknown; readonly substitutes: unknown }
  | { readonly type: "returned" | "done" | "pong" }
  | { readonly type: "bye"; readonly code: number; readonly exits: boolean }
  | { readonly type: "now"; readonly post: WireMessage }
  | { readonly type: "output"; readonly entry: OutputEntry };

/** A notice about an error. */
export function errorNotice(type: "failed" | "threw", thrown: unknown): WorkerNotice {
  const { value, substitutes } = portableError(thrown);
  return { type, error: value, substitutes };
}

function portableError(thrown: unknown) {
  try {
    return toPortable(thrown, "what was thrown");
  } catch {
    return toPortable(new Error(String(thrown)), "what was thrown");
  }
}

/** What was thrown according to a notice, as it travelled. */
export type ThrownParts = { error: unknown; substitutes: readonly Substitute[] | undefined };

/** Loads the worker function. */
export async function loadWorkerFn({ url, name }: WorkerStart): Promise<WorkerFn> {
  const module = await import(url);
  const fn = module[name];
  if (typeof fn === "function") return fn;
  throw new TypeError(
    `${url} has no function \`${name}\`; it exports ${Object.keys(module).join(", ") || "nothing"}`,
  );
}

/** Runs the worker function to its end; the notice says how it ended. */
export async function runWorkerFn(
  fn: WorkerFn,
  channel: WorkerChannel,
  workerId: number,
): Promise<WorkerNotice> {
  try {
    await fn(channel, workerId);
    return { type: channel.isClosed ? "done" : "returned" };
  } catch (error) {
    if (error instanceof ChannelClosed && channel.isClosed) return { type: "done" };
    return errorNotice("threw", error);
  }
}
