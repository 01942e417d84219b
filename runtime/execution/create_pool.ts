/**
 * The pools of a configuration.
 *
 * @module
 */
import type { PoolConfig, PoolSpec } from "../schema/pool.ts";
import type { OutputEntry } from "../pools/capture_console.ts";
import { explainDenial } from "../pools/permission_denial.ts";
import type { CodeDifference, RemoteNode } from "../pools/remote_protocol.ts";
import type { AttemptPlace } from "./context.ts";
import { withLocalTimes } from "./local_times.ts";
import { MainPool } from "./main_pool.ts";
import type { NodePool } from "./pool.ts";
import type { WorkerNet } from "./node_wire.ts";
import { WorkerNodePool, type WorkerNodePoolOptions } from "./worker_node_pool.ts";

/** What the pools of a net have in common. */
export interface PoolEnvironment {
  /** Where jobs run in this thread. */
  readonly place: Omit<AttemptPlace, "poolId" | "workerId">;
  /** The module that workers run, and its function, as `URL::name`. */
  readonly workerFn: string;
  /** What workers are told of the net. */
  readonly net: Omit<WorkerNet, "poolId">;
  /** What a server has to be told of the nodes of a pool. */
  readonly nodesOf: (
    poolId: string,
    withCode: boolean,
  ) => Promise<Record<string, RemoteNode>>;
  /** Told of a node whose code the server of a pool does not have as it is here. */
  readonly codeDiffers: (poolId: string, difference: CodeDifference) => void;
  /** Seconds that a job gets to end after it was given up. */
  readonly cancelGrace: number;
  /** Gets what the code of workers writes outside of jobs. */
  readonly output: (entries: readonly OutputEntry[]) => void;
  /** Told of a node whose job could only be ended together with its worker. */
  readonly stuck: (nodeName: string, poolId: string) => void;
}

/**
 * Creates a pool, not started.
 *
 * @param id Its name.
 * @param config Its configuration.
 * @param environment What all pools of the net have in common.
 */
export function createPool(
  id: string,
  { spec, capture_prints, print_flush_interval }: PoolConfig<never>,
  environment: PoolEnvironment,
): NodePool {
  if (spec.type === "main") return new MainPool(id, environment.place);
  const kind = workerKind(id, spec, environment);
  return new WorkerNodePool({
    id,
    printInterval: print_flush_interval,
    ...kind,
    net: environment.net,
    stuck: environment.stuck,
    jobs: {
      maxJobs: spec.max_jobs_per_worker,
      prefetch: spec.prefetch,
      capturePrints: capture_prints,
      cancelGrace: environment.cancelGrace,
      closeTimeout: spec.close_timeout,
      startsAll: false,
      explain: (error) => explainDenial(error, { ...spec, poolId: id }),
    },
  });
}

type WorkerKind = Pick<WorkerNodePoolOptions, "workerCount" | "open" | "ownNodes">;

/** How many workers a pool has, and how it comes into being. Nothing of it is loaded before. */
function workerKind(
  poolId: string,
  spec: Exclude<PoolSpec<never>, { type: "main" }>,
  environment: PoolEnvironment,
): WorkerKind {
  const { workerFn, net: { projectRoot }, output } = environment;
  const place = { poolId, projectRoot };
  const cores = "all_cores" in spec && spec.all_cores ? navigator.hardwareConcurrency : undefined;
  switch (spec.type) {
    case "thread": {
      const num_workers = cores ?? spec.num_workers;
      return {
        workerCount: num_workers,
        ownNodes: false,
        open: async () => {
          const { ThreadPool } = await import("../pools/thread_pool.ts");
          return new ThreadPool(workerFn, {
            ...spec,
            ...place,
            num_workers,
            onOutput: (_workerId, entries) => output(entries),
          });
        },
      };
    }
    case "multiprocess": {
      const num_processes = cores ?? spec.num_processes;
      return {
        workerCount: num_processes * spec.threads_per_process,
        ownNodes: false,
        open: async () => {
          const { MultiprocessPool } = await import("../pools/multiprocess_pool.ts");
          return new MultiprocessPool(workerFn, {
            ...spec,
            ...place,
            num_processes,
            onOutput: (_processIdx, entries) => output(entries),
          });
        },
      };
    }
    case "remote": {
      const { num_processes, threads_per_process, url, code_check } = spec;
      return {
        // With `all_cores` the server says how many there are.
        workerCount: spec.all_cores ? 0 : num_processes * threads_per_process,
        ownNodes: true,
        open: async () => {
          const { RemotePoolClient } = await import("../pools/remote_client.ts");
          return new RemotePoolClient({
            ...spec,
            url: url!,
            poolId,
            nodes: await environment.nodesOf(poolId, code_check !== "off"),
            onDifference: (difference) => environment.codeDiffers(poolId, difference),
            translate: withLocalTimes,
          });
        },
      };
    }
  }
}
