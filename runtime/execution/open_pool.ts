/**
 * From the specification of a pool to the pool.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { ListenablePool, PoolPlace, WorkerFn } from "../pools/pool.ts";
import { type PoolSpec, type PoolSpecInput, poolSpecSchema } from "../schema/pool.ts";
import { withLocalTimes } from "./local_times.ts";

/**
 * Checks the specification of a pool, and fills in what is left out.
 *
 * @throws {InvalidArgumentError} If it is none.
 */
export function parsePoolSpec(poolId: string, spec: PoolSpecInput): PoolSpec<never> {
  const parsed = poolSpecSchema.safeParse(spec);
  const refuse = (reason: string) =>
    new InvalidArgumentError(`Pool "${poolId}" cannot be made: ${reason}`);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(`${issue!.path.join(".") || "its specification"}: ${issue!.message}`);
  }
  // A net file may have more in it, for other programs; what is given to this one is meant for it.
  const known = Object.keys(poolSpecSchema.parse({ type: spec.type }));
  const unknown = Object.keys(spec).find((key) => !known.includes(key));
  if (unknown === undefined) return parsed.data as PoolSpec<never>;
  throw refuse(`type "${spec.type}" has no option \`${unknown}\`; it has ${known.join(", ")}`);
}

/** Creates a pool, not started. */
export async function createWorkerPool(
  spec: PoolSpec<never>,
  workerFn: string,
  mainFn: WorkerFn,
  place: Required<PoolPlace>,
): Promise<ListenablePool> {
  const cores = "all_cores" in spec && spec.all_cores ? navigator.hardwareConcurrency : undefined;
  switch (spec.type) {
    case "main": {
      const { SingleWorkerPool } = await import("../pools/single_worker_pool.ts");
      return new SingleWorkerPool(mainFn, place);
    }
    case "thread": {
      const { ThreadPool } = await import("../pools/thread_pool.ts");
      const num_workers = cores ?? spec.num_workers;
      return new ThreadPool(workerFn, { ...spec, ...place, num_workers });
    }
    case "multiprocess": {
      const { MultiprocessPool } = await import("../pools/multiprocess_pool.ts");
      const num_processes = cores ?? spec.num_processes;
      return new MultiprocessPool(workerFn, { ...spec, ...place, num_processes });
    }
    case "remote": {
      const { RemotePoolClient } = await import("../pools/remote_client.ts");
      const { url, code_check: _, ...rest } = spec;
      if (url === null) {
        throw new InvalidArgumentError(
          `Pool "${place.poolId}" cannot be made: \`url\` must name the server, such as ` +
            "ws://127.0.0.1:8765",
        );
      }
      return new RemotePoolClient({ ...rest, ...place, url, translate: withLocalTimes });
    }
  }
}
