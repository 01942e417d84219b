/**
 * What the pools of a net are given of it.
 *
 * @module
 */
import type { ResolvedNetConfig } from "../config/net_config.ts";
import type { PoolEnvironment } from "../execution/create_pool.ts";
import { withoutFunctions } from "../execution/ship_function.ts";
import { builtInName } from "../factories/load_factory.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { madeModules } from "../modules/module_cache.ts";
import { withoutSecrets } from "../schema/secrets.ts";
import type { EventStream } from "./event_stream.ts";
import type { NodeCode } from "./node_code.ts";

/** Seconds that a function gets to end after its attempt was given up. */
const cancelGrace = 1;

/** Options of {@linkcode poolEnvironment}. */
export interface PoolEnvironmentOptions {
  /** Receives what would go to standard output, line by line. */
  echo?: ((line: string) => void) | undefined;
  /** Beginnings of URLs, or folders outside the project, whose modules may be loaded. */
  allowModules?: readonly string[];
  /**
   * Seconds that a function gets to end after its attempt was given up.
   *
   * @default {1}
   */
  cancelGrace?: number | undefined;
}

/** What the pools of a net have in common. */
export function poolEnvironment(
  { data, projectRootPath: projectRoot }: ResolvedNetConfig,
  place: PoolEnvironment["place"],
  events: EventStream,
  options: PoolEnvironmentOptions,
): PoolEnvironment {
  const warned = new Set<string>();
  const asksForConfig = data.graph.nodes.some(({ factory }) =>
    typeof factory === "string" && builtInName(factory, projectRoot) === undefined
  );
  return {
    place,
    workerFn: `${new URL("./node_worker.ts", import.meta.url)}::nodeWorker`,
    net: {
      projectRoot,
      allowModules: options.allowModules ?? [],
      netConfig: asksForConfig ? withoutFunctions(withoutSecrets(data)) : null,
      made: madeModules(),
    },
    async nodesOf(poolId, withCode) {
      const nodes = data.graph.nodes
        .filter(({ execution_config: { pools } }) => pools.includes(poolId));
      const code = withCode ? await codeOf(nodes, projectRoot, options.allowModules) : undefined;
      return Object.fromEntries(
        nodes.map(({ name, vars, execution_config: { type_checking_enabled } }) => [name, {
          vars: { ...vars },
          typeChecking: type_checking_enabled,
          ...code && { code: code.get(name)! },
        }]),
      );
    },
    codeDiffers(poolId, { nodeName, message }) {
      events.warn(
        "code_differs",
        `The server of pool "${poolId}" has other code than this net: ${message}. The server's runs; ` +
          'bring both to the same state, or set `code_check` of the pool to "off"',
        nodeName,
      );
    },
    cancelGrace: options.cancelGrace ?? cancelGrace,
    output(entries) {
      for (const { text, isStdout } of entries) {
        if (isStdout) options.echo?.(text.replace(/\n$/, ""));
        else console.error(text.replace(/\n$/, ""));
      }
    },
    stuck(nodeName, poolId) {
      if (warned.has(nodeName)) return;
      warned.add(nodeName);
      events.warn(
        "worker_ended",
        `A job of node "${nodeName}" did not end after it was given up, so its worker of pool ` +
          `"${poolId}" is replaced; let the function obey \`ctx.signal\`` +
          (data.pools.get(poolId)?.spec.type === "thread"
            ? ', or use a pool of type "multiprocess": what spins in a Worker cannot be ended'
            : ""),
        nodeName,
      );
    },
  };
}

async function codeOf(
  nodes: readonly ResolvedNodeConfig[],
  projectRoot: string,
  allowModules: readonly string[] = [],
): Promise<Map<string, NodeCode>> {
  const [{ ModuleLoader }, { nodeCode }] = await Promise.all([
    import("../modules/loader.ts"),
    import("./node_code.ts"),
  ]);
  return await nodeCode(nodes, new ModuleLoader({ projectRoot, allowModules }));
}
