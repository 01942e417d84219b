/**
 * Serving workers to execution managers on other machines.
 *
 * @module
 */
import { RemotePoolServer, type RemotePoolServerOptions } from "../pools/remote_server.ts";
import { folderUrl } from "../pools/thread_pool.ts";
import { checkFunctionMode, functionAdmission, type FunctionMode } from "./function_admission.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";
import { moduleReference } from "./run_reference.ts";

/** Options of {@linkcode createExecutionManagerServer}. */
export interface ExecutionManagerServerOptions extends RemotePoolServerOptions {
  /**
   * Name under which clients ask for the workers.
   *
   * @default {"execution_manager"}
   */
  workerName?: string;
  /**
   * Functions by the keys that clients call them by, such as `{ add: "./fns.ts::add" }`.
   *
   * @default {{}}
   */
  register?: Readonly<Record<string, string>>;
  /**
   * What else clients may have run: nothing, functions of `modules`, or any code that they send.
   *
   * @default {"registered"}
   */
  functions?: FunctionMode;
  /**
   * Beginnings of specifiers whose functions clients may name: a package such as `jsr:@acme/geo`, a
   * URL, or a path in the project such as `./nodes/`.
   *
   * @default {[]}
   */
  modules?: readonly string[];
}

/**
 * Creates a server for the remote pools of an {@linkcode ExecutionManager}; it does not listen yet.
 *
 * @throws {InvalidArgumentError} If an option makes no sense.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { createExecutionManagerServer, ExecutionManager } from "@netrun/netrun/pools";
 *
 * const server = createExecutionManagerServer({ register: { join: "node:path::join" } });
 * await using running = await server.serveBackground({ port: 0 });
 *
 * await using manager = await ExecutionManager.open({
 *   far: { type: "remote", url: `ws://127.0.0.1:${running.port}` },
 * });
 * const job = { poolId: "far", workerId: 0, func: "join", args: ["a", "b"] };
 * assertEquals((await manager.run(job)).result, "a/b");
 * ```
 */
export function createExecutionManagerServer(
  options: ExecutionManagerServerOptions = {},
): RemotePoolServer {
  const {
    workerName = "execution_manager",
    register = {},
    functions = "registered",
    modules = [],
  } = options;
  checkFunctionMode(functions, modules);
  const rootUrl = folderUrl(options.projectRoot ?? Deno.cwd());
  const prelude = Object.entries(register).map(([key, reference]): [string, unknown] => [
    KEYS.SEND_FUNCTION,
    ["", key, moduleReference(reference, rootUrl)],
  ]);
  const policy = { functions, modules, rootUrl, registered: new Set(Object.keys(register)) };
  const server = new RemotePoolServer(options);
  server.registerWorker(workerName, `${new URL("./job_worker.ts", import.meta.url)}::jobWorker`, {
    prelude: () => Promise.resolve(prelude),
    admission: () => functionAdmission(policy),
  });
  return server;
}
