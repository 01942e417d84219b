/**
 * Running a net from its inputs to its result.
 *
 * @module
 */
import type { Net } from "../../runtime/net/net.ts";
import type { OnError } from "../../runtime/net/run.ts";
import type { TargetInputSalvo } from "../../runtime/net/target_input_salvo.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import type { RunInput } from "./inputs.ts";
import type { QueueFiles } from "./queue_files.ts";
import type { RunReport } from "./report.ts";
import type { Source } from "./sources.ts";
import type { Stops } from "./stops.ts";
import { waitingPackets } from "./waiting.ts";

/** How a run ended, as printed. */
export type RunStatus = "ok" | "failed" | "timeout" | "interrupted";

/** What a run does. */
export interface RunPlan {
  /** Packets that it is given. */
  readonly inputs: readonly RunInput[];
  /** Nodes that it starts. */
  readonly sources: readonly Source[];
  /** Nodes that it stops before; it runs everything if there are none. */
  readonly targets: readonly string[];
  /** What a failed epoch does to the others. */
  readonly onError: OnError;
  /** Most epochs, one at a time; no limit if undefined. */
  readonly maxEpochs: number | undefined;
}

/**
 * Runs a net until nothing can happen, or until it is stopped; initializes it if need be.
 *
 * An input that cannot be read is told in the report; what was read before has run.
 */
export async function runNet(
  net: Net,
  plan: RunPlan,
  { stops, report }: { stops: Stops; report: RunReport },
): Promise<TargetInputSalvo[]> {
  const { inputs, sources, targets, onError, maxEpochs } = plan;
  if (!net.initialized) await net.init({ runInitNodes: targets.length === 0 });
  for (const { node, condition } of sources) net.createEpoch(node, condition);
  const options = { signal: stops.signal, onError };
  const feeding = new AbortController();
  stops.onStop(() => feeding.abort());
  const feeds = maxEpochs !== undefined
    ? []
    : inputs.map(({ node, port, values }) =>
      net.feed(node, port, values, { signal: feeding.signal })
    );
  const fed = Promise.allSettled(feeds);
  try {
    if (maxEpochs !== undefined) await runSome(net, plan, maxEpochs, { stops, report });
    else if (targets.length > 0) return await net.runToTargets([...targets], options);
    else await net.runUntilBlocked(options);
  } catch (error) {
    // Epochs that failed are in the report; what else is thrown is not an epoch's failure.
    if (report.epochs.failed === 0) throw error;
  } finally {
    feeding.abort();
    for (const result of await fed) {
      const isOurs = result.status === "rejected" && result.reason === feeding.signal.reason;
      if (result.status === "rejected" && !isOurs) report.inputErrors.push(result.reason);
    }
  }
  return [];
}

/** Runs epochs one at a time, so that the limit is exact; reads no more than they need. */
async function runSome(
  net: Net,
  { inputs, onError }: RunPlan,
  maxEpochs: number,
  { stops, report: { epochs } }: { stops: Stops; report: RunReport },
): Promise<void> {
  const open = inputs.map(({ node, port, values }) => ({ node, port, values: iterate(values) }));
  try {
    while (stops.reason === undefined) {
      await net.runUntilBlocked({ signal: stops.signal, onError, autoStartEpochs: false });
      const [startable] = net.getStartableEpochs();
      if (startable === undefined) {
        // Inputs take turns, so that what belongs together meets.
        const input = open.shift();
        if (!input) return;
        const step = await input.values.next();
        if (step.done) continue;
        open.push(input);
        net.injectData(input.node, input.port, [step.value]);
        continue;
      }
      if (epochs.total >= maxEpochs) return;
      const { failed } = epochs;
      try {
        await net.executeEpoch(startable);
      } catch (error) {
        if (epochs.failed === failed || onError !== "continue") throw error;
      }
    }
  } finally {
    for (const { values } of open) {
      const closed = values.return?.();
      // A read of a terminal may never end.
      if (stops.reason === undefined) await closed;
    }
  }
}

function iterate(values: RunInput["values"]): Iterator<unknown> | AsyncIterator<unknown> {
  return Symbol.asyncIterator in values
    ? values[Symbol.asyncIterator]()
    : values[Symbol.iterator]();
}

/** What a run comes to. */
export interface RunEnd {
  readonly status: RunStatus;
  readonly report: RunReport;
  readonly files: QueueFiles;
  readonly targets: readonly TargetInputSalvo[] | undefined;
  readonly durationMs: number;
}

/** The result of a run, as printed. Takes what is left in the output queues. */
export function runResult(net: Net, end: RunEnd): Record<string, unknown> {
  const { report, files } = end;
  files.drainAll(net);
  const outputs = new Map(
    net.listOutputQueues().filter((queue) => !files.writes(queue))
      .map((queue) => [queue, net.flushOutputQueue(queue).map(toJSONValue)]),
  );
  return {
    status: end.status,
    outputs,
    ...end.targets === undefined ? {} : { targets: end.targets.map(describeTarget) },
    epochs: report.epochs,
    waiting: waitingPackets(net),
    errors: report.errors,
    duration_ms: Math.round(end.durationMs),
  };
}

function describeTarget({ nodeName, salvoCondition, packets }: TargetInputSalvo) {
  return {
    node: nodeName,
    salvo_condition: salvoCondition,
    packets: new Map([...packets].map(([port, values]) => [port, values.map(toJSONValue)])),
  };
}
