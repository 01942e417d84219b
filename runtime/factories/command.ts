/**
 * The factory `netrun:command`: runs a program.
 *
 * @module
 */
import type { NodeExecutionContext, NodeFunction } from "../execution/node_execution_context.ts";
import { readLines } from "../formats/read_lines.ts";
import {
  collectOutput,
  feedProcess,
  type ProcessResult,
  type RunningProcess,
  runProcess,
  startProcess,
} from "../process.ts";
import { show } from "./args.ts";
import {
  type CommandArgs,
  commandArgsSchema,
  commandLine,
  commandShape,
  inputBytes,
  type ResolvedCommandArgs,
} from "./command_args.ts";
import { allOf, nonEmpty, oncePerEpoch, sendAll, takeCount } from "./conditions.ts";
import { CommandError, NodeInputError, NodeOutputError } from "./error.ts";
import { type PacketsByPort, packetsOf } from "./input_values.ts";
import { KeptProcess } from "./kept_process.ts";
import type { Factory } from "./protocol.ts";
import { resolveArgs } from "./resolve_args.ts";
import { sendLoaded } from "./send_result.ts";

/** How much of standard error an error shows. */
const MAX_STDERR = 2000;

/** Runs a program with the values of its inputs, and sends what it prints. */
export const command: Factory = {
  argsSchema: commandArgsSchema,
  factoryDesc:
    "Runs a program. `command` is an array of program and arguments, in which `{name}` " +
    "stands for the value of an input, always inside one argument; or one text for the shell, which " +
    "reaches the inputs as environment variables `IN_<NAME>`.\n\n" +
    "What it prints leaves by `out`: as `text`, `json`, `bytes`, or each of its `lines` as soon as it " +
    "is printed. A status other than 0 fails the epoch, unless `check` is false.\n\n" +
    "With `keep_alive` one process serves all epochs: it reads a line of JSON `{port: value}` and " +
    "answers with one.",
  getNodeConfig(_netConfig, args) {
    const { inputs, output, check } = args as unknown as CommandArgs;
    const outputs = check ? ["out"] : ["out", "status"];
    const streams = output === "lines";
    const terms = inputs.map(nonEmpty);
    return {
      type: "node",
      name: "command",
      in_ports: new Map(inputs.map((port) => [port, {}])),
      out_ports: new Map(outputs.map((port) => [port, {}])),
      ...(inputs.length === 0 ? {} : {
        in_salvo_conditions: new Map([[
          "trigger",
          oncePerEpoch(
            new Map(inputs.map((port) => [port, takeCount(1)])),
            terms.length === 1 ? terms[0]! : allOf(terms),
          ),
        ]]),
      }),
      out_salvo_conditions: new Map([["send", {
        ...sendAll(outputs),
        ...(streams ? { max_salvos: { type: "infinite" } } as const : {}),
        generated: true,
      }]]),
      ...(streams ? { streams: true } : {}),
    };
  },
  getNodeFuncs(_netConfig, args, context) {
    const resolved = resolveArgs<ResolvedCommandArgs>(commandShape, args, context);
    if (!resolved.keep_alive) {
      const run = resolved.output === "lines" ? runLines : runOnce;
      return { exec: (ctx, packets) => run(ctx, inputValues(ctx, packets, resolved), resolved) };
    }
    const kept = new KeptProcess(commandLine(resolved, new Map(), context.projectRoot));
    return { exec: keptExec(kept, resolved), close: () => kept.stop() };
  },
};

/** The value of each input, out of its packet. */
function inputValues(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  { inputs }: ResolvedCommandArgs,
): Map<string, unknown> {
  return new Map(inputs.map((port) => {
    const ids = packetsOf(packets, port);
    if (ids.length !== 1) {
      throw new NodeInputError(ctx.nodeName, port, `a command takes one packet, got ${ids.length}`);
    }
    return [port, ctx.consumePacket(ids[0]!)];
  }));
}

/** Runs the program to its end and sends all it printed. */
async function runOnce(
  ctx: NodeExecutionContext,
  values: ReadonlyMap<string, unknown>,
  args: ResolvedCommandArgs,
): Promise<void> {
  const result = await started(ctx, args, () =>
    runProcess({
      ...commandLine(args, values, ctx.projectRoot),
      input: inputBytes(args, values),
      signal: ctx.signal,
      maxOutputBytes: Infinity,
    }));
  const stderr = new TextDecoder().decode(result.stderr);
  load(ctx, "out", outputValue(ctx, result, args));
  finish(ctx, args, result.exitCode, stderr);
  sendLoaded(ctx);
}

/** Sends each line as soon as the program prints it, and stops for a commit after each. */
async function* runLines(
  ctx: NodeExecutionContext,
  values: ReadonlyMap<string, unknown>,
  args: ResolvedCommandArgs,
): AsyncGenerator<undefined, void> {
  const input = inputBytes(args, values);
  await using child = await started(ctx, args, () =>
    startProcess({
      ...commandLine(args, values, ctx.projectRoot),
      stdin: input === undefined ? "null" : "piped",
    }));
  const stop = () => void child.stop();
  ctx.signal.addEventListener("abort", stop);
  const stderr = collectOutput(child.stderr, MAX_STDERR * 10);
  const feeding = input === undefined ? undefined : feedProcess(child.stdin!, input);
  try {
    for await (const { text } of readLines(child.stdout, nameOf(args))) {
      ctx.signal.throwIfAborted();
      load(ctx, "out", text);
      sendLoaded(ctx);
      yield;
    }
    await feeding;
    const { exitCode } = await child.status;
    ctx.signal.throwIfAborted();
    finish(ctx, args, exitCode, new TextDecoder().decode((await stderr.done).bytes));
    if (!args.check) sendLoaded(ctx);
  } finally {
    ctx.signal.removeEventListener("abort", stop);
    stderr.stop();
  }
}

/** Starts a program; if it cannot be started, the error says of which node. */
async function started<T extends ProcessResult | RunningProcess>(
  ctx: NodeExecutionContext,
  args: ResolvedCommandArgs,
  start: () => T | Promise<T>,
): Promise<T> {
  try {
    return await start();
  } catch (cause) {
    if (cause instanceof Deno.errors.NotFound) {
      throw new CommandError(
        ctx.nodeName,
        `cannot be started: there is no program ${JSON.stringify(nameOf(args))}`,
        { exitCode: -1, stderr: "" },
      );
    }
    throw cause;
  }
}

/** Judges the status; what went to standard error is printed. */
function finish(
  ctx: NodeExecutionContext,
  { check }: ResolvedCommandArgs,
  exitCode: number,
  stderr: string,
): void {
  if (!check) load(ctx, "status", { code: exitCode, stderr });
  else if (exitCode !== 0) {
    const how = exitCode < 0
      ? `was ended by signal ${-exitCode}`
      : `failed with status ${exitCode}`;
    throw new CommandError(ctx.nodeName, how, { exitCode, stderr: stderr.slice(-MAX_STDERR) });
  }
  if (check && stderr !== "") ctx.printWith({ end: stderr.endsWith("\n") ? "" : "\n" }, stderr);
}

/** Standard output in the form that the node sends. */
function outputValue(
  ctx: NodeExecutionContext,
  { stdout, exitCode }: ProcessResult,
  { output, check }: ResolvedCommandArgs,
): unknown {
  if (output === "bytes") return stdout;
  const text = new TextDecoder().decode(stdout);
  // A program that failed may well have printed nothing that makes sense.
  if (output === "text" || exitCode !== 0 && (check || text.trim() === "")) return text;
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NodeOutputError(
      ctx.nodeName,
      "out",
      `the program printed no JSON (${(cause as Error).message}): ${show(text)}`,
      { cause },
    );
  }
}

/** Asks the kept process, and sends its answer. */
function keptExec(kept: KeptProcess, args: ResolvedCommandArgs): NodeFunction {
  return async (ctx, packets) => {
    const values = inputValues(ctx, packets, args);
    const answer = await kept.ask(Object.fromEntries(values), ctx);
    for (const [port, value] of Object.entries(answer)) {
      if (!ctx.node.out_ports.has(port)) {
        throw new NodeOutputError(
          ctx.nodeName,
          undefined,
          `has the member ${JSON.stringify(port)}, which is no output port of the node ` +
            `(${[...ctx.node.out_ports.keys()].join(", ")}); add it to \`out_ports\``,
        );
      }
      load(ctx, port, value);
    }
    if (Object.keys(answer).length > 0) sendLoaded(ctx);
  };
}

function load(ctx: NodeExecutionContext, port: string, value: unknown): void {
  ctx.loadOutputPort(port, ctx.createPacket(value));
}

function nameOf({ command }: ResolvedCommandArgs): string {
  return typeof command === "string" ? "sh" : command[0]!;
}
