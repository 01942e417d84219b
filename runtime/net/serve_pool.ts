/**
 * Serving the nodes of a configuration to nets on other machines.
 *
 * @module
 */
import { NetConfig } from "../config/net_config.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "../execution/job_protocol.ts";
import { LOCK_KEY, NET_KEY, nodeKey, type WorkerNet } from "../execution/node_wire.ts";
import { formatTime, type PrintEntry } from "../execution/prints.ts";
import { shippableNode, withoutFunctions } from "../execution/ship_function.ts";
import { ModuleLoader } from "../modules/loader.ts";
import { madeModules } from "../modules/module_cache.ts";
import type { RemoteNode } from "../pools/remote_protocol.ts";
import { RemotePoolServer, type RemotePoolServerOptions } from "../pools/remote_server.ts";
import { GraphValidationError } from "../schema/error.ts";
import type { NetConfigInput } from "../schema/net.ts";
import type { VariableOverrides } from "../schema/overrides.ts";
import { withoutSecrets } from "../schema/secrets.ts";
import { compareCode, prepareCode } from "./node_code.ts";

/** Options of {@linkcode servePool}. */
export interface ServePoolOptions
  extends Omit<RemotePoolServerOptions, "projectRoot">, VariableOverrides {
  /**
   * Address to listen on.
   *
   * @default {"127.0.0.1"}
   */
  hostname?: string;
  /**
   * Port to listen on; 0 takes a free one.
   *
   * @default {8080}
   */
  port?: number;
  /**
   * Name under which clients ask for the workers.
   *
   * @default {"execution_manager"}
   */
  workerName?: string;
  /** File that gets a line for each job that ends, and what jobs print. */
  logFile?: string | undefined;
  /** The environment that `{"$env": …}` refers to; that of the process if left out. */
  env?: Record<string, string>;
  /** Beginnings of URLs, or folders outside the project, whose modules may be loaded. */
  allowModules?: readonly string[];
}

/** A server of the nodes of a configuration. */
export interface PoolServer extends AsyncDisposable {
  /** The port on which it listens. */
  readonly port: number;
  /** Ends it. */
  stop(): Promise<void>;
  /** Waits until it has ended, or a client asks it to. */
  waitUntilStopped(): Promise<void>;
}

/**
 * Serves the nodes of a configuration: nets with a pool of type `remote` run their nodes of the same
 * names here, with this code and only this.
 *
 * @param config The configuration, or its file.
 * @throws {ConfigError} With everything that is wrong with the configuration.
 * @throws {InvalidArgumentError} If everybody could use it; see {@linkcode RemotePoolServer}.
 */
export async function servePool(
  config: NetConfig | NetConfigInput | string | URL,
  options: ServePoolOptions = {},
): Promise<PoolServer> {
  const { hostname, port, workerName = "execution_manager", logFile, allowModules = [] } = options;
  const given = config instanceof NetConfig
    ? config
    : typeof config === "string" || config instanceof URL
    ? await NetConfig.fromFile(config, options)
    : NetConfig.parse(config, options);
  const resolved = await given.resolve({
    allowModules: [...allowModules],
    ...options.env && { env: options.env },
  });
  const errors = resolved.validate().filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new GraphValidationError(errors, { filePath: resolved.filePath });
  const { data, projectRootPath: projectRoot } = resolved;
  const net: Omit<WorkerNet, "poolId"> = {
    projectRoot,
    allowModules,
    netConfig: withoutFunctions(withoutSecrets(data)),
    made: madeModules(),
  };
  const prelude = async (poolId: string, told: Readonly<Record<string, RemoteNode>>) => {
    const nodes = await Promise.all(data.graph.nodes.map(async (node) => {
      const shipped = await shippableNode(node, poolId);
      const of = Object.hasOwn(told, node.name) ? told[node.name] : undefined;
      if (!of) return shipped;
      return {
        ...shipped,
        vars: { ...shipped.vars, ...of.vars },
        execution_config: {
          ...shipped.execution_config,
          type_checking_enabled: of.typeChecking,
        },
      };
    }));
    return [
      [NET_KEY, { ...net, poolId }] as const,
      ...nodes.map((node) => [nodeKey(node.name), { kind: "factory", node }] as const),
      [LOCK_KEY, null] as const,
    ].map(([key, reference]): [string, unknown] => [KEYS.SEND_FUNCTION, ["", key, reference]]);
  };
  const loader = new ModuleLoader({ projectRoot, allowModules });
  await prepareCode(data.graph.nodes, loader);
  const log = logFile === undefined ? undefined : new JobLog(logFile);
  const server = new RemotePoolServer({ ...options, projectRoot });
  server.registerWorker(workerName, `${new URL("./node_worker.ts", import.meta.url)}::nodeWorker`, {
    prelude,
    compare: (told) => compareCode(told, data.graph.nodes, loader),
    ...log && { observe: (_direction, key, message) => log.observe(key, message) },
  });
  const stopped = Promise.withResolvers<void>();
  await server.serveBackground({
    ...hostname !== undefined && { hostname },
    ...port !== undefined && { port },
  });
  const stop = async () => {
    await server.stop();
    log?.close();
    stopped.resolve();
  };
  return {
    port: server.port,
    stop,
    waitUntilStopped: () => Promise.race([stopped.promise, server.waitForShutdown()]),
    [Symbol.asyncDispose]: stop,
  };
}

/** Writes what becomes of jobs. */
class JobLog {
  readonly #file: Deno.FsFile;
  readonly #nodes = new Map<string, string>();
  #isClosed = false;

  constructor(path: string) {
    this.#file = Deno.openSync(path, { create: true, append: true });
  }

  observe(key: string, message: unknown): void {
    if (!Array.isArray(message)) return;
    const [msgId, second] = message;
    switch (key) {
      case KEYS.RUN:
        this.#nodes.set(msgId, String(second).replace(/^node:/, ""));
        break;
      case KEYS.UP_PRINT_BUFFER:
        for (const { timestamp, text } of second as PrintEntry[]) {
          this.#write(timestamp, msgId, text.replace(/\n$/, ""));
        }
        break;
      case KEYS.UP_RUN_RESPONSE:
        this.#write(message[2], msgId, `execution ${message[4] ? "error" : "ok"}`);
        this.#nodes.delete(msgId);
    }
  }

  close(): void {
    if (!this.#isClosed) this.#file.close();
    this.#isClosed = true;
  }

  #write(at: number, msgId: string, text: string): void {
    if (this.#isClosed) return;
    const line = `[${formatTime(at)}] [${this.#nodes.get(msgId) ?? "?"}] ${text}\n`;
    this.#file.writeSync(new TextEncoder().encode(line));
  }
}
