/**
 * The seam between the net and whatever runs its jobs.
 *
 * @module
 */
import type { NodeFunction } from "./node_execution_context.ts";
import type { JobObserver, JobResult, NodeJob } from "./job.ts";
import type { NodeLayout } from "./node_layout.ts";

/** A node as a pool has to know it before it can run the node's jobs. */
export interface PoolNode {
  /** The node with its ports and conditions. */
  readonly layout: NodeLayout;
  /** Its function in this process. */
  readonly exec: NodeFunction;
}

/**
 * Numbered workers that run the jobs of nodes.
 *
 * A job that throws rejects (or, where everything is synchronous, throws); the pool stays usable.
 */
export interface NodePool {
  /** Name of the pool in the configuration. */
  readonly id: string;
  /** Workers are numbered from 0 to this number, exclusive. */
  readonly workerCount: number;
  /**
   * Seconds between deliveries of what nodes print that leave theirs at its default; undefined if
   * prints arise here and are told at once.
   */
  readonly printInterval?: number | undefined;
  /** Starts the workers. */
  start(): Promise<void> | void;
  /** Makes a node known to all workers. */
  register(node: PoolNode): Promise<void> | void;
  /** Runs one attempt. The result comes at once if the function is synchronous and runs here. */
  run(job: NodeJob, workerId: number, observer: JobObserver): Promise<JobResult> | JobResult;
  /** Ends the workers. */
  close(): Promise<void> | void;
}
