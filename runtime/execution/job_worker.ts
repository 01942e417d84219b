/**
 * The worker function of an {@linkcode ExecutionManager}: it calls functions by key or reference.
 *
 * @module
 */
import type { AnyFunction } from "../schema/node.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import type { RPCChannel, WorkerChannel } from "../rpc/channel.ts";
import type { FunctionReference } from "./job_protocol.ts";
import { type IncomingJob, serveJobs } from "./job_server.ts";
import { reviveFunctions } from "./revive_functions.ts";

/** Keys of functions that are called around every job. */
export const HOOK_KEYS = { PREPROCESSOR: "$preprocessor", DONE: "$done" } as const;

/** Does jobs until the channel is closed. */
export async function jobWorker(channel: RPCChannel, _workerId: number): Promise<void> {
  const functions = new Functions();
  await serveJobs(channel as WorkerChannel, {
    run: (job) => functions.call(job),
    sendFunction: (key, reference) => functions.know(key, reference as FunctionReference),
    substitute: String,
  });
}

/** Functions by key. */
class Functions {
  readonly #known = new Map<string, AnyFunction | Promise<AnyFunction>>();

  async know(key: string, reference: FunctionReference | AnyFunction): Promise<void> {
    const loading = loadFunction(reference);
    // Jobs that are sent right behind it wait for it; if it cannot be had, they are told why.
    this.#known.set(key, loading);
    const fn = await loading;
    if (this.#known.get(key) === loading) this.#known.set(key, fn);
  }

  /** Calls a function: at once if it is there and nothing is called around it. */
  call(job: IncomingJob): unknown {
    const fn = this.#known.get(job.func);
    const hasHooks = this.#known.has(HOOK_KEYS.PREPROCESSOR) || this.#known.has(HOOK_KEYS.DONE);
    return typeof fn === "function" && !hasHooks
      ? fn(...allArguments(job))
      : this.#callWithHooks(job);
  }

  async #callWithHooks(job: IncomingJob): Promise<unknown> {
    const loaded = await this.#function(job.func);
    const preprocess = await this.#known.get(HOOK_KEYS.PREPROCESSOR);
    const fn = preprocess ? await preprocess(loaded) as AnyFunction : loaded;
    const all = allArguments(job);
    const result = await fn(...all);
    const done = await this.#known.get(HOOK_KEYS.DONE);
    await done?.(...all, { result });
    return result;
  }

  async #function(key: string): Promise<AnyFunction> {
    const known = this.#known.get(key);
    if (known) return await known;
    const at = key.lastIndexOf("::");
    if (at <= 0) {
      const list = [...this.#known.keys()].filter((name) => !name.startsWith("$")).join(", ");
      throw new InvalidArgumentError(
        `There is no function "${key}" on this worker; known are ${
          list || "none"
        }; send it first, ` +
          'or name it as "./module.ts::name"',
      );
    }
    return await loadFunction({
      kind: "module",
      specifier: key.slice(0, at),
      export: key.slice(at + 2),
    });
  }
}

function allArguments({ args, kwargs, channel }: IncomingJob): unknown[] {
  if (!channel && !kwargs) return args;
  return [...channel ? [channel] : [], ...args, ...kwargs ? [kwargs] : []];
}

async function loadFunction(reference: FunctionReference | AnyFunction): Promise<AnyFunction> {
  if (typeof reference === "function") return reference;
  switch (reference.kind) {
    case "source":
      return await reviveFunctions({ $netrunFunctionSource: reference.text }) as AnyFunction;
    case "module": {
      const module = await import(reference.specifier);
      const fn = module[reference.export];
      if (typeof fn === "function") return fn;
      throw new TypeError(`${reference.specifier} has no function \`${reference.export}\``);
    }
    default:
      throw new TypeError(`A worker of an execution manager has no nodes`);
  }
}
