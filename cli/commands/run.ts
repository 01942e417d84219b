/**
 * `netrun run`: runs a net on real input and prints what came out.
 *
 * @module
 */
import { Net } from "../../runtime/net/net.ts";
import type { OnError } from "../../runtime/net/run.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { upstreamNodes } from "../run/upstream.ts";
import { numberOption } from "../arguments.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { interruptStatus } from "../interrupts.ts";
import { jsonText, printWarnings } from "../output.ts";
import { deadLetterOption, type DeadLetters, openDeadLetters } from "../run/dead_letters.ts";
import { logEpochs, logOption } from "../run/epoch_logs.ts";
import { givenInputs, inputOptions } from "../run/inputs.ts";
import { openProgress, progressOption } from "../run/progress.ts";
import { outputOption, QueueFiles } from "../run/queue_files.ts";
import { redirectConsole } from "../redirect_console.ts";
import { RunReport } from "../run/report.ts";
import { runNet, type RunPlan, runResult, type RunStatus } from "../run/run_net.ts";
import { givenSettings, setOption } from "../run/settings.ts";
import { namedSources, sourcesOf } from "../run/sources.ts";
import { Stops } from "../run/stops.ts";
import { explainWaiting, waitingPackets } from "../run/waiting.ts";
import { variableOptions, variablesOf } from "../variables.ts";

/** The command. */
export const run: Command = {
  description:
    "Runs a net until nothing can move, and prints its output queues and counts as JSON.\n" +
    "Source nodes start by themselves. Ctrl-C lets running epochs end; a second one stops at once.\n" +
    "Ends with 3 if epochs failed, 124 if the time was over.",
  positionals: [{ name: "FILE", help: "the net file" }],
  options: [
    ...inputOptions,
    outputOption,
    {
      name: "start",
      value: "NODE|none",
      many: true,
      help: "start these nodes instead of all source nodes",
    },
    { name: "target", value: "NODE", many: true, help: "run only what leads to this node" },
    ...variableOptions,
    setOption,
    { name: "timeout", value: "SECONDS", help: "cancel what still runs after this time" },
    { name: "grace", value: "SECONDS", help: "how long Ctrl-C waits for running epochs (10)" },
    { name: "max-epochs", value: "N", help: "run at most N epochs, one at a time" },
    {
      name: "on-error",
      value: "WHAT",
      choices: ["stop", "cancel", "continue"],
      help: "what a failed epoch does to the others (continue)",
    },
    { name: "strict", help: "packets that wait at the end are a failure: status 3" },
    deadLetterOption,
    logOption,
    {
      name: "cache",
      help: "keep results of all nodes in .netrun/cache, unless the file says otherwise",
    },
    {
      name: "refresh",
      value: "NODE|all",
      many: true,
      help: "compute these nodes anew, and keep what comes out",
    },
    progressOption,
    { name: "watch", help: "run again whenever the net or code that it loads changes" },
    {
      name: "allow-module",
      value: "PREFIX",
      many: true,
      help: "code outside the project that may be loaded: a beginning of URLs, or a folder",
    },
  ],
  examples: [
    [`netrun run sum.netrun.toml --input 'add.a=1' --input 'add.b=2'`, "two packets in"],
    ["netrun run clean.netrun.toml --input-file clean.row=rows.jsonl --output good=-", "a filter"],
    ["netrun run --target report --timeout 60", "stops before `report` runs"],
  ],
  async run(call) {
    if (!call.flag("watch")) return await runOnce(call);
    const { watchAndRepeat } = await import("../watch.ts");
    return await watchAndRepeat(call, "run");
  },
};

async function runOnce(call: CommandCall): Promise<number> {
  const startedAt = performance.now();
  const { io } = call;
  const maxEpochs = numberOption(call, "max-epochs", { min: 1, what: "a number" });
  const times = {
    timeoutMs: milliseconds(call, "timeout"),
    graceMs: milliseconds(call, "grace") ?? 10_000,
  };
  const file = findConfig(call, call.positionals[0]);
  using stops = new Stops(io, times);
  using progress = openProgress(call);
  using _console = redirectConsole((text) => progress.console(text));
  const loading = loadNet(call, file, (line) => progress.print(`${line}\n`));
  // An interrupt ends the program also while code of the project is being loaded.
  const net = await Promise.race([loading, stops.killed]);
  if (net === "killed") return exitStatusOf(stops);
  printWarnings(call, net.warnings);
  checkRefreshed(call, net);
  const plan = { ...planOf(call, net), maxEpochs };
  using files = new QueueFiles(call, net.listOutputQueues());
  using _logs = await logEpochs(call, net);
  using deadLetters = openDeadLetters(call, net);
  using report = new RunReport(net, io, (entry) => deadLetters.add(entry));
  files.follow(net);
  progress.attach(net);
  stops.attach(net);
  const { targets, closeError } = await finish(
    net,
    stops,
    Promise.race([runNet(net, plan, { stops, report }), files.failed]),
  );

  const status = statusOf(stops, report);
  const result = jsonText(
    call,
    runResult(net, {
      status,
      report,
      files,
      targets: plan.targets.length > 0 ? targets : undefined,
      durationMs: performance.now() - startedAt,
    }),
  );
  progress[Symbol.dispose]();
  explain(call, net, report, deadLetters.path);
  if (status === "ok") await tellOfEarlier(call, deadLetters);
  if (files.toStandardOutput) io.err(result);
  else io.out(result);
  if (report.inputErrors.length > 0) throw report.inputErrors[0];
  if (closeError !== undefined) throw closeError;
  const isStuck = call.flag("strict") && waitingPackets(net).length > 0;
  return status === "failed" || (status === "ok" && isStuck) ? 3 : exitStatusOf(stops);
}

async function loadNet(
  call: CommandCall,
  file: string,
  echo: (line: string) => void,
): Promise<Net> {
  return await Net.fromFile(file, {
    ...variablesOf(call),
    dataOverrides: await givenSettings(call, file),
    allowModules: [...call.values("allow-module")],
    cache: call.flag("cache"),
    refresh: call.values("refresh").includes("all") || call.values("refresh"),
    echo,
  });
}

/** Waits for a run and closes the net; waits for neither once the run was killed. */
async function finish<T>(
  net: Net,
  stops: Stops,
  running: Promise<T[]>,
): Promise<{ targets: T[]; closeError?: unknown }> {
  const close = async () => void await Promise.race([net.close(), stops.killed]);
  let targets: T[] | "killed";
  try {
    targets = await Promise.race([running, stops.killed]);
  } catch (error) {
    await close().catch(() => {});
    throw error;
  }
  running.catch(() => {});
  const closed = { targets: targets === "killed" ? [] : targets };
  return await close().then(() => closed, (closeError) => ({ ...closed, closeError }));
}

function planOf(call: CommandCall, net: Net): Omit<RunPlan, "maxEpochs"> {
  const targets = call.values("target");
  const start = call.values("start");
  const known = net.graph.nodes.map(({ name }) => name);
  for (const target of targets) checkNode("target", target, known);
  const upstream = targets.length === 0 ? undefined : upstreamNodes(net.graph, targets);
  if (targets.length > 0 && call.value("max-epochs") !== undefined) {
    throw new UsageError("--max-epochs excludes --target");
  }
  if (start.includes("none") && start.length > 1) {
    throw new UsageError("--start none excludes other --start options");
  }
  return {
    inputs: givenInputs(call, net.graph),
    sources: start.length > 0
      ? namedSources(net, start)
      : sourcesOf(net, (node) => upstream === undefined || upstream.has(node)),
    targets,
    onError: (call.value("on-error") ?? "continue") as OnError,
  };
}

/** `--refresh` of a node that is not there would silently refresh nothing. */
function checkRefreshed(call: CommandCall, { graph }: Net): void {
  const known = graph.nodes.map(({ name }) => name);
  for (const name of call.values("refresh")) if (name !== "all") checkNode("refresh", name, known);
}

function checkNode(option: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearestName(name, known);
  throw new CommandError(
    `--${option} ${name}: no such node${near === undefined ? "" : `; did you mean ${near}?`}`,
  );
}

function statusOf(stops: Stops, report: RunReport): RunStatus {
  if (stops.reason === "timeout") return "timeout";
  if (stops.reason !== undefined) return "interrupted";
  return report.epochs.failed > 0 ? "failed" : "ok";
}

function exitStatusOf({ reason }: Stops): number {
  return reason === undefined ? 0 : reason === "timeout" ? 124 : interruptStatus[reason];
}

/** Says on standard error what needs the user's attention. */
function explain(
  call: CommandCall,
  net: Net,
  { epochs, errors }: RunReport,
  deadLetterFile: string | undefined,
): void {
  const { err } = call.io;
  if (epochs.total === 0) {
    err("Nothing ran: no source node, and no packets given; give some by --input NODE.PORT=JSON\n");
  }
  for (const waiting of waitingPackets(net)) err(`${explainWaiting(net, waiting)}\n`);
  if (epochs.failed === 0) return;
  const { node, msg, at } = errors[0]!;
  const count = epochs.failed === 1
    ? "1 epoch failed"
    : `${epochs.failed} epochs failed; the first`;
  err(`${count}: ${node}: ${msg}${at ? ` (${at})` : ""}\n`);
  if (deadLetterFile === undefined) return;
  err("What failed is kept: `netrun dead-letters ls`, then `exec --dead-letter` or `retry`\n");
}

/** A run that did again what failed before takes no dead letter back: it cannot know what was mended. */
async function tellOfEarlier({ io }: CommandCall, deadLetters: DeadLetters): Promise<void> {
  const count = await deadLetters.count();
  if (count === 0) return;
  io.err(
    `${count} failed ${count === 1 ? "epoch" : "epochs"} of earlier runs ` +
      `${
        count === 1 ? "is" : "are"
      } still kept: \`netrun dead-letters retry\` runs what this run ` +
      "did not do again, `clear` forgets it\n",
  );
}

function milliseconds(call: CommandCall, option: string): number | undefined {
  const seconds = numberOption(call, option, { what: "a number of seconds" });
  if (seconds === undefined) return undefined;
  // Longer timers fire at once.
  if (seconds < 2 ** 31 / 1000) return seconds * 1000;
  throw new CommandError(`--${option} is at most ${Math.floor(2 ** 31 / 1000)} seconds`);
}
