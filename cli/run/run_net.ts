/**
 * Running a net from its inputs to its result.
 *
 * @module
 */
import type { Net } from "../../runtime/net/net.ts";
import type { OnError } from "../../runtime/net/run.ts";
import type { TargetInputSalvo } from "../../runtime/net/target_input_salvo.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import { Feeder } from "./feeder.ts";
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

/** Runs a net until nothing can happen, or until it is stopped; initializes it if need be. */
export async function runNet(
  net: Net,
  plan: RunPlan,
  { stops, report }: { stops: Stops; report: RunReport },
): Promise<TargetInputSalvo[]> {
  const { sources, targets, onError } = plan;
  const reached: TargetInputSalvo[] = [];
  if (!net.initialized) await net.init({ runInitNodes: targets.length === 0 });
  for (const { node, condition } of sources) net.createEpoch(node, condition);
  using feeder = new Feeder(net, plan.inputs);
  stops.onStop(() => feeder.stop());
  const options = { signal: stops.signal, onError };
  let isFirst = true;
  while (await feeder.injectSome() || isFirst) {
    isFirst = false;
    try {
      if (targets.length > 0) reached.push(...await net.runToTargets([...targets], options));
      else if (plan.maxEpochs !== undefined) await runSome(net, plan.maxEpochs, options, report);
      else await net.runUntilBlocked(options);
    } catch (error) {
      // Epochs that failed are in the report; what else is thrown is not an epoch's failure.
      if (report.epochs.failed === 0) throw error;
      break;
    }
    if (stops.reason !== undefined) break;
  }
  return distinct(reached);
}

/** Runs epochs one at a time, so that the limit is exact. */
async function runSome(
  net: Net,
  maxEpochs: number,
  options: { signal: AbortSignal; onError: OnError },
  { epochs }: RunReport,
): Promise<void> {
  for (;;) {
    await net.runUntilBlocked({ ...options, autoStartEpochs: false });
    const [next] = net.getStartableEpochs();
    if (next === undefined || epochs.total >= maxEpochs || options.signal.aborted) return;
    const { failed } = epochs;
    try {
      await net.executeEpoch(next);
    } catch (error) {
      if (epochs.failed === failed || options.onError !== "continue") throw error;
    }
  }
}

/** What has reached a target stays there, so a later round finds it again. */
function distinct(salvos: readonly TargetInputSalvo[]): TargetInputSalvo[] {
  return [...new Map(salvos.map((salvo) => [salvo.epochId, salvo])).values()];
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
