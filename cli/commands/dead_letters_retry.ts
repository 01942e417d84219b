/**
 * `netrun dead-letters retry`: runs failed epochs again.
 *
 * @module
 */
import { Net } from "../../runtime/net/net.ts";
import type { StoredDeadLetter } from "../../runtime/tools/dead_letter_file.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { interruptStatus } from "../interrupts.ts";
import { printJson, printWarnings } from "../output.ts";
import { deadLetterOption } from "../run/dead_letters.ts";
import { logEpochs, logOption } from "../run/epoch_logs.ts";
import { openProgress, progressOption } from "../run/progress.ts";
import { QueueFiles } from "../run/queue_files.ts";
import { redirectConsole } from "../redirect_console.ts";
import { RunReport } from "../run/report.ts";
import { runNet, runResult } from "../run/run_net.ts";
import { deadLetterFile, findDeadLetter, inputsOf } from "../run/stored_dead_letters.ts";
import { Stops } from "../run/stops.ts";
import { downstreamNodes } from "../run/upstream.ts";
import { variableOptions, variablesOf } from "../variables.ts";

/** `netrun dead-letters retry`. */
export const retry: Command = {
  description: "Runs failed epochs again, with their inputs, and what follows from them.\n" +
    "Nothing else is started. Those that succeed are forgotten. Prints what `run` prints.",
  positionals: [{ name: "ID", many: true, help: "the epochs; all of the net if none is named" }],
  options: [deadLetterOption, logOption, progressOption, ...variableOptions],
  examples: [
    ["netrun dead-letters retry", "all of them"],
    ["netrun dead-letters retry 01J9 01JA", "two of them"],
  ],
  run: retryEntries,
};

async function retryEntries(call: CommandCall): Promise<number> {
  const startedAt = performance.now();
  using stops = new Stops(call.io, { timeoutMs: undefined, graceMs: 10_000 });
  using progress = openProgress(call);
  using _console = redirectConsole((text) => progress.console(text));
  const net = await Net.fromFile(findConfig(call), {
    ...variablesOf(call),
    echo: (line) => progress.print(`${line}\n`),
  });
  printWarnings(call, net.warnings);
  using letters = deadLetterFile(call, net.config);
  const entries = await chosenEntries(call, net, letters.entries(net.config.filePath));
  refuseAggregates(net, entries);
  using files = new QueueFiles(call, net.listOutputQueues());
  using _logs = await logEpochs(call, net);
  const retried = new Map<string, string>();
  using report = new RunReport(net, call.io, (letter) => {
    // What fails again is in the file already; what fails further on is new.
    if (!retried.has(letter.epochId)) letters.add(letter, net.config.filePath!);
  });
  net.onEvent((event) => {
    if (event.type !== "epochEnd" || event.log.outcome !== "success") return;
    const id = retried.get(event.log.epochId);
    if (id !== undefined) letters.finish([id]);
  });
  progress.attach(net);
  stops.attach(net);
  const inputs = entries.map((entry) => ({ entry, values: inputsOf(entry) }));
  try {
    await net.init({ runInitNodes: false });
    for (const { entry, values } of inputs) {
      retried.set(net.createEpoch(entry.node, entry.salvo_condition, values), entry.id);
    }
    await runNet(net, {
      inputs: [],
      sources: [],
      targets: [],
      onError: "continue",
      maxEpochs: undefined,
    }, { stops, report });
  } finally {
    await net.close();
  }
  progress[Symbol.dispose]();
  const status = stops.reason ? "interrupted" : report.epochs.failed > 0 ? "failed" : "ok";
  const durationMs = performance.now() - startedAt;
  printJson(call, runResult(net, { status, report, files, targets: undefined, durationMs }));
  if (stops.reason && stops.reason !== "timeout") return interruptStatus[stops.reason];
  return status === "ok" ? 0 : 3;
}

async function chosenEntries(
  call: CommandCall,
  net: Net,
  all: Promise<StoredDeadLetter[]>,
): Promise<StoredDeadLetter[]> {
  const ids = call.positionals;
  const entries = ids.length === 0
    ? await all
    : await Promise.all(ids.map((id) => findDeadLetter(call, net.config, id)));
  const gone = entries.find(({ node }) => net.graph.node(node) === undefined);
  if (gone) {
    throw new CommandError(
      `The net has no node "${gone.node}" any more, which failed epoch ${gone.id} is one of`,
    );
  }
  return entries;
}

/** What sums up all packets would sum up the mended ones alone: a wrong result, silently. */
function refuseAggregates(net: Net, entries: readonly StoredDeadLetter[]): void {
  for (const name of downstreamNodes(net.graph, entries.map(({ node }) => node))) {
    const { in_ports, factory, factory_args } = net.getNodeConfig(name);
    const gathers = [...in_ports.values()].some(({ gather }) =>
      gather !== null && "until" in gather && gather.until === "done"
    );
    const replaces = factory === "netrun:write" && factory_args.append !== true;
    if (!gathers && !replaces) continue;
    throw new CommandError(
      `Node "${name}" takes all packets of a run together: run the net again, with \`run --cache\` ` +
        "only what failed is computed anew",
    );
  }
}
