/**
 * The pool of kind `main`: jobs run in this thread.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { type ConsoleSink, isConsoleCaptured, withConsoleSink } from "../pools/capture_console.ts";
import { type AttemptPlace, checkedValue, StagingContext } from "./context.ts";
import type { JobObserver, JobResult, NodeJob } from "./job.ts";
import type { NodeLayout } from "./node_layout.ts";
import type { NodePool, PoolNode } from "./pool.ts";
import { isThenable } from "./thenable.ts";

/**
 * One logical worker that starts every job at once: asynchronous functions interleave, one that never
 * yields holds up everything.
 */
export class MainPool implements NodePool {
  readonly id: string;
  readonly workerCount = 1;
  readonly #nodes = new Map<string, PoolNode>();
  readonly #place: AttemptPlace;

  /** Creates the pool of that name. */
  constructor(id: string, place: Omit<AttemptPlace, "poolId" | "workerId">) {
    this.id = id;
    this.#place = { ...place, poolId: id, workerId: 0 };
  }

  /** Does nothing: this thread runs already. */
  start(): void {}

  /** Makes a node known. */
  register(node: PoolNode): void {
    this.#nodes.set(node.layout.config.name, node);
  }

  /** Calls the node's function; the result comes at once unless it returns a promise. */
  run(job: NodeJob, _workerId: number, observer: JobObserver): Promise<JobResult> | JobResult {
    return runJobHere(this.#nodes.get(job.nodeName)!, job, this.#place, observer);
  }

  /** Does nothing: what still runs belongs to nobody any more. */
  close(): void {}
}

/**
 * Runs one attempt in the main thread. Where the console is taken over, what the function writes to it
 * counts as printed, until the attempt is over.
 */
export function runJobHere(
  node: PoolNode,
  job: NodeJob,
  place: AttemptPlace,
  observer: JobObserver,
): Promise<JobResult> | JobResult {
  if (!isConsoleCaptured()) return runJob(node, job, place, observer);
  let isOver = false;
  const end = () => {
    isOver = true;
  };
  const sink: ConsoleSink = ({ timestamp, text }) => {
    if (isOver || observer.signal.aborted) return false;
    observer.printed([{ timestamp, text }]);
    return true;
  };
  let result: Promise<JobResult> | JobResult | undefined;
  try {
    result = withConsoleSink(sink, () => runJob(node, job, place, observer));
    return result;
  } finally {
    if (isThenable(result)) result.then(end, end);
    else end();
  }
}

/** Runs one attempt in this thread. */
export function runJob(
  { layout, exec }: PoolNode,
  job: NodeJob,
  place: AttemptPlace,
  observer: JobObserver,
): Promise<JobResult> | JobResult {
  const inputs = checkInputs(layout, job);
  const ctx = new StagingContext(layout, inputs, place, observer);
  observer.started();
  let returned: unknown;
  try {
    returned = exec(ctx, inputs.packets);
  } catch (error) {
    return thrown(ctx, error);
  }
  if (isGenerator(returned)) {
    return drainGenerator(ctx, returned, observer)
      .then((value) => finished(ctx, value), (error) => thrown(ctx, error));
  }
  return isThenable(returned)
    ? returned.then((value) => finished(ctx, value), (error) => thrown(ctx, error)) as Promise<
      JobResult
    >
    : finished(ctx, returned);
}

/** A function that catches the error of `cancelEpoch` has cancelled its epoch all the same. */
function finished(ctx: StagingContext, value: unknown): JobResult {
  ctx.close();
  const { cancelled, isComplete } = ctx;
  return { cancelled, staged: ctx.takeStaged(), value, isChecked: isComplete };
}

function thrown(ctx: StagingContext, error: unknown): JobResult {
  if (ctx.cancelled) return finished(ctx, undefined);
  ctx.close();
  throw error;
}

type AnyGenerator = Generator<unknown, unknown> | AsyncGenerator<unknown, unknown>;

function isGenerator(value: unknown): value is AnyGenerator {
  return typeof value === "object" && value !== null &&
    typeof (value as AnyGenerator).next === "function" &&
    typeof (value as AnyGenerator).return === "function";
}

/**
 * Runs a raw function that is a generator: at each yield what it has staged so far is committed, and
 * it goes on afterwards.
 */
async function drainGenerator(
  ctx: StagingContext,
  generator: AnyGenerator,
  observer: JobObserver,
): Promise<unknown> {
  try {
    for (;;) {
      const step = await generator.next();
      if (step.done) return step.value;
      if (observer.signal.aborted) throw observer.signal.reason;
      await observer.yielded(ctx.takePart());
    }
  } finally {
    await generator.return(undefined);
  }
}

/** Input values as their ports' types take them. */
function checkInputs(layout: NodeLayout, job: NodeJob): NodeJob {
  if (layout.inputChecks.size === 0) return job;
  const values = job.values.map((packet) => {
    const { id, portName, value } = packet;
    const check = layout.inputChecks.get(portName);
    if (!check) return packet;
    return { id, portName, value: checkedValue(check, value, job.nodeName, portName, id) };
  });
  return { ...job, values };
}

/** Ids by port, in salvo order. A record, whatever the ports are called. */
export function packetsByPort(
  packets: readonly { portName: string; packetId: PacketId }[],
): Record<string, PacketId[]> {
  const byPort: Record<string, PacketId[]> = {};
  for (const { portName, packetId } of packets) {
    const ids = Object.hasOwn(byPort, portName) ? byPort[portName] : undefined;
    if (ids) ids.push(packetId);
    else if (portName === "__proto__") {
      Object.defineProperty(byPort, portName, {
        value: [packetId],
        enumerable: true,
        configurable: true,
        writable: true,
      });
    } else byPort[portName] = [packetId];
  }
  return byPort;
}
