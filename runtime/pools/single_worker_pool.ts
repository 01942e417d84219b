/**
 * Pools of one worker in this thread.
 *
 * @module
 */
import { createAsyncChannelPair } from "../rpc/async_channel.ts";
import { ChannelClosed } from "../rpc/error.ts";
import { WorkerCrashed, WorkerException } from "./error.ts";
import type { PoolPlace, WorkerFn, WorkerPoolTimes } from "./pool.ts";
import { type LinkEvents, SupervisedPool, type WorkerLink } from "./supervised_pool.ts";

/** A pool whose one worker is a task of this thread: its function may be a closure. */
export class SingleWorkerPool extends SupervisedPool {
  /** Creates a pool that is not started. */
  constructor(fn: WorkerFn, options: WorkerPoolTimes & PoolPlace = {}) {
    const { poolId = "pool", max_restarts = 10, close_timeout = 10 } = options;
    super({ poolId, numWorkers: 1, maxRestarts: max_restarts, closeTimeout: close_timeout }, {
      // deno-lint-ignore require-await
      launch: async (workerId, events) => launch(fn, poolId, workerId, events),
    });
  }

  /** Creates and starts a pool; disposing it closes it. */
  static async open(
    fn: WorkerFn,
    options: WorkerPoolTimes & PoolPlace = {},
  ): Promise<SingleWorkerPool> {
    const pool = new SingleWorkerPool(fn, options);
    await pool.start();
    return pool;
  }
}

function launch(fn: WorkerFn, poolId: string, workerId: number, events: LinkEvents): WorkerLink {
  const [here, there] = createAsyncChannelPair();
  const deliver = async () => {
    try {
      for (;;) events.message(...await here.recv());
    } catch {
      // The channel is closed.
    }
  };
  void deliver();
  const work = async () => {
    // Whoever starts the pool goes on first.
    await Promise.resolve();
    try {
      await fn(there, workerId);
      if (there.isClosed) return;
      events.ended(new WorkerCrashed(poolId, workerId, "its function returned"));
    } catch (error) {
      if (error instanceof ChannelClosed && there.isClosed) return;
      events.ended(new WorkerException(workerId, error));
    } finally {
      await there.close();
    }
  };
  const working = work();
  return {
    send: (key, data) => here.send(key, data),
    post: (key, data) => here.post(key, data),
    async shutdown() {
      await here.close();
      await working;
    },
    kill: () => here.close(),
  };
}
