/**
 * The pools whose workers run nodes outside this thread.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { UlidMinter } from "../../sim/id.ts";
import type { ListenablePool } from "../pools/pool.ts";
import { assertCopyable } from "../packets/copyable.ts";
import { Job, type JobAnswer } from "./dispatched_job.ts";
import { Dispatcher, type DispatcherOptions } from "./dispatcher.ts";
import { JobAborted } from "./error.ts";
import type { JobObserver, JobResult, NodeJob, StagedEffects } from "./job.ts";
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";
import {
  NET_KEY,
  type NodeAnswer,
  nodeKey,
  type NodeReference,
  type WorkerNet,
} from "./node_wire.ts";
import type { NodeLogEntry, PrintEntry } from "./prints.ts";
import type { NodePool, PoolNode } from "./pool.ts";
import { shippableNode } from "./ship_function.ts";
import { fromStagedWire, toJobWire } from "./staged_wire.ts";

/** What a {@linkcode WorkerNodePool} is made of. */
export interface WorkerNodePoolOptions {
  readonly id: string;
  /** Number of workers as far as it is known before the pool is started. */
  readonly workerCount: number;
  /** Seconds between deliveries of what nodes print that leave theirs at its default. */
  readonly printInterval: number;
  /** Makes the pool when it is started: until then nothing of it is loaded. */
  readonly open: () => Promise<ListenablePool>;
  readonly net: Omit<WorkerNet, "poolId">;
  readonly jobs: Omit<DispatcherOptions, "stuck">;
  /** Told of a node whose job could not be ended in any other way than by ending its worker. */
  readonly stuck: (nodeName: string, poolId: string) => void;
  /** Whether workers run the nodes of a configuration of their own. */
  readonly ownNodes: boolean;
}

/** Runs the jobs of nodes on the workers of a pool. */
export class WorkerNodePool implements NodePool {
  readonly id: string;
  workerCount: number;
  readonly printInterval: number;
  /** The pool, once it was started. */
  pool: ListenablePool | undefined;
  readonly #options: WorkerNodePoolOptions;
  readonly #minter = new UlidMinter();
  #dispatcher: Dispatcher | undefined;

  /** Creates a pool that is not started. */
  constructor(options: WorkerNodePoolOptions) {
    this.id = options.id;
    this.workerCount = options.workerCount;
    this.printInterval = options.printInterval;
    this.#options = options;
  }

  async start(): Promise<void> {
    const { open, jobs, net, stuck } = this.#options;
    this.pool = await open();
    this.#dispatcher = new Dispatcher(this.pool, {
      ...jobs,
      stuck: (job) => stuck((job as NodeJobTicket).nodeName, this.id),
    });
    if (!this.#options.ownNodes) this.#dispatcher.remember(NET_KEY, { ...net, poolId: this.id });
    await this.#dispatcher.start();
    this.workerCount = this.pool.numWorkers;
  }

  async register({ layout: { config } }: PoolNode): Promise<void> {
    const { name } = config;
    const reference: NodeReference = this.#options.ownNodes
      ? { kind: "node", node: name }
      : { kind: "factory", node: await shippableNode(config, this.id) };
    assertCopyable(reference, `node "${name}" to pool "${this.id}"`);
    this.#dispatcher!.registerAll(nodeKey(name), reference);
  }

  run(job: NodeJob, workerId: number, observer: JobObserver): Promise<JobResult> {
    const dispatcher = this.#dispatcher!;
    const ticket = new NodeJobTicket(this.#minter.next(Date.now()), job, observer, dispatcher);
    observer.cancel = (reason) => dispatcher.cancel(ticket, reason);
    dispatcher.submit(ticket, workerId);
    return ticket.result.promise;
  }

  async close(): Promise<void> {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = undefined;
    await dispatcher?.close(
      this.#options.jobs.closeTimeout,
      (job) =>
        job instanceof NodeJobTicket
          ? new JobAborted(job.nodeName, job.epochId, "the pool is closed")
          : new Error("the pool is closed"),
    );
  }
}

/**
 * Asks the server of a pool to end.
 *
 * @throws {TypeError} If the pool has no server.
 */
export async function requestShutdown(
  pool: NodePool | undefined,
  poolId: string,
  options: { timeout?: number },
): Promise<void> {
  const inner = pool instanceof WorkerNodePool ? pool.pool : undefined;
  const remote = inner as { requestShutdown?(options: { timeout?: number }): Promise<void> };
  if (!remote?.requestShutdown) {
    throw new TypeError(`Pool "${poolId}" is no started pool of type "remote"`);
  }
  await remote.requestShutdown(options);
}

/** A node's job on its way. */
class NodeJobTicket extends Job {
  readonly result = Promise.withResolvers<JobResult>();
  readonly #job: NodeJob;
  readonly #observer: JobObserver;
  readonly #dispatcher: Dispatcher;
  /** Values of packets of parts that were committed before. */
  #earlier: Map<PacketId, unknown> | undefined;

  constructor(msgId: string, job: NodeJob, observer: JobObserver, dispatcher: Dispatcher) {
    super(msgId);
    this.#job = job;
    this.#observer = observer;
    this.#dispatcher = dispatcher;
  }

  get nodeName(): string {
    return this.#job.nodeName;
  }

  get epochId(): string {
    return this.#job.epochId;
  }

  message(): unknown[] {
    const { msgId } = this;
    return [msgId, nodeKey(this.nodeName), msgId, false, [toJobWire(this.#job)], null];
  }

  started(_at: number): void {
    this.#observer.started(this.workerId);
  }

  told(key: string, data: unknown): void {
    if (key === KEYS.UP_PRINT_BUFFER) this.#observer.printed(data as PrintEntry[]);
    else if (key === KEYS.UP_LOG) this.#observer.logged(data as NodeLogEntry);
    else if (key === KEYS.YIELD) void this.#commitPart(data);
  }

  resolve({ value }: JobAnswer): void {
    try {
      const [cancelled, staged, returned] = value as NodeAnswer;
      this.result.resolve({
        cancelled,
        staged: this.#read(staged),
        value: returned,
        isChecked: false,
      });
    } catch (error) {
      this.reject(error);
    }
  }

  reject(error: unknown): void {
    this.result.reject(error);
  }

  async #commitPart(wire: unknown): Promise<void> {
    try {
      const staged = this.#read(wire);
      this.#earlier ??= new Map();
      for (const [i, id] of staged.created.entries()) {
        this.#earlier.set(id, staged.createdValues[i]);
      }
      await this.#observer.yielded(staged);
      // If its worker has ended, the attempt has failed already.
      void this.#dispatcher.tell(this, KEYS.YIELDED, [this.msgId]).catch(() => {});
    } catch (error) {
      // What it sent cannot be committed: the attempt has failed, and its function has to end.
      this.reject(error);
      this.#dispatcher.cancel(this, error);
    }
  }

  #read(wire: unknown): StagedEffects {
    return fromStagedWire(wire, this.epochId, (id) => {
      if (this.#earlier?.has(id)) return this.#earlier.get(id);
      return this.#job.values.find((packet) => packet.id === id)?.value;
    });
  }
}
