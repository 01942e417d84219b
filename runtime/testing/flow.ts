/**
 * Flow tests: what a net is given, and what must come out, as data (`*.nettest.json`, `.toml`).
 *
 * @module
 */
import { dirname, resolve } from "node:path";
import { readConfigFile } from "../config/read_file.ts";
import { NetConfig } from "../config/net_config.ts";
import type { EpochLog } from "../net/epoch_log.ts";
import type { Net } from "../net/net.ts";
import { toJSONValue } from "../packets/json_value.ts";
import { asObject, type RawObject, toPlain } from "../tools/raw_net.ts";
import { FlowTestError } from "./error.ts";
import { createTestNet } from "./open_test_net.ts";

/** Packets for an input port. */
export interface FlowInjection {
  /** The node. */
  node: string;
  /** Its input port. */
  port: string;
  /** One packet a value. */
  values: unknown[];
}

/** One thing that is done to the net; the keys of one step are done in this order. */
export interface FlowStep {
  /** Injects packets. */
  inject?: FlowInjection;
  /** Sends a control. */
  control?: { node: string; type: string; value?: unknown };
  /** Asks for what a node depends on. */
  request?: { node: string; label?: string };
  /** Runs a node at once. */
  execute?: { node: string; inputs?: Record<string, unknown[]> };
  /** Lets the epochs of a node run. */
  enable?: string;
  /** Keeps the epochs of a node from running. */
  disable?: string;
  /** Keeps all epochs from starting. */
  pause?: boolean;
  /** Lets epochs start again. */
  resume?: boolean;
  /** Runs the net. */
  run?: "until_blocked" | "step" | "targets";
  /** The targets of a run to targets. */
  targets?: string[];
}

/** What must come out; only what is stated is compared. */
export interface FlowExpectation {
  /** Values in the output queues at the end; queues that hold nothing are left out. */
  queues?: Record<string, unknown[]>;
  /** Whether the order in a queue counts. @default {true} */
  ordered?: Record<string, boolean>;
  /** Number of epochs that ended, by node. */
  epochs_per_node?: Record<string, number>;
  /** Number of epochs that started, by node. */
  starts_per_node?: Record<string, number>;
  /** How the epochs ended: numbers by node and outcome. */
  outcomes?: Record<string, Record<string, number>>;
  /** How many attempts were made again, by node. */
  retries?: Record<string, number>;
  /** Number of failures that were not thrown, by node. */
  exceptions?: Record<string, number>;
  /** Number of dead letters by node. */
  dead_letters?: Record<string, number>;
  /** Packets that wait, by `node.port`. */
  waiting?: Record<string, number>;
  /** Number of epochs that could be started. */
  startable?: number;
  /** Whether nothing can happen any more. */
  blocked?: boolean;
  /** What reached the targets. */
  targets?: unknown[];
  /** What the nodes printed, without final line ends. */
  logs?: Record<string, string[]>;
  /** Fields that the nodes logged, an object an epoch. */
  user_fields?: Record<string, unknown[]>;
  /** Steps that threw: index, `init` or `close`; class of the error; a part of its message. */
  errors?: { step: number | string; class?: string; contains?: string }[];
}

/** A flow test, as its file has it. */
export interface FlowTest {
  /** What it shows. */
  title?: string;
  /** The net file, from the test's folder. */
  net: string;
  /** Values of variables. */
  variables?: {
    global?: Record<string, string>;
    nodes?: Record<string, Record<string, string>>;
  };
  /** Environment variables that the net refers to. */
  env?: Record<string, string>;
  /** Functions that take the place of those of nodes, which keep their ports: references by node. */
  replace?: Record<string, string>;
  /** Packets, followed by a run until nothing moves. */
  inject?: FlowInjection[];
  /** What is done instead, step by step. */
  steps?: FlowStep[];
  /** What must come out. */
  expect?: FlowExpectation;
}

/** A file with a flow test. */
export interface FlowTestFile {
  /** Absolute path. */
  readonly path: string;
  /** The test. */
  readonly test: FlowTest;
  /** Its data in the order of the file. */
  readonly data: RawObject;
  /** The text as it is written. */
  readonly source: string;
  /** What it is written in. */
  readonly format: "json" | "toml";
}

/**
 * Reads a flow test.
 *
 * @throws {ConfigFileError} If the file cannot be read.
 * @throws {FlowTestError} If it is no flow test.
 */
export async function readFlowTest(path: string): Promise<FlowTestFile> {
  const { filePath, text, source } = await readConfigFile(path);
  const data = asObject(text.data);
  const test = toPlain(data) as Partial<FlowTest> | undefined;
  if (!data || typeof test?.net !== "string") {
    throw new FlowTestError(`${filePath}: a flow test is an object with \`net\`, the net file`);
  }
  if (test.inject !== undefined && test.steps !== undefined) {
    throw new FlowTestError(`${filePath}: \`inject\` and \`steps\` exclude each other`);
  }
  return { path: filePath, test: test as FlowTest, data, source, format: text.format };
}

/**
 * Does what a flow test says, on a virtual clock: waits for retries and rates take no time.
 *
 * @returns All that came out, in the words of `expect`.
 * @throws {ConfigError} If the net cannot be built.
 * @throws {NodeNotFoundError | InvalidArgumentError} If a replacement does not fit the net.
 */
export async function runFlowTest(
  { path, test }: FlowTestFile,
): Promise<Required<FlowExpectation>> {
  const net = await openNet(path, test);
  const run = new FlowRun(net);
  await run.attempt("init", () => net.init());
  for (const [i, step] of stepsOf(test).entries()) await run.attempt(i, () => run.step(step));
  const observed = run.observe(test);
  await run.attempt("close", () => net.close());
  return { ...observed, errors: run.errors };
}

async function openNet(path: string, test: FlowTest): Promise<Net> {
  const { global = {}, nodes = {} } = test.variables ?? {};
  const config = await NetConfig.fromFile(resolve(dirname(path), test.net), {
    globalNodeVars: global,
    nodeVars: Object.entries(nodes),
  });
  const env = test.env && { env: { ...Deno.env.toObject(), ...test.env } };
  return await createTestNet(await config.resolve(env), {
    replace: test.replace ?? {},
    echo: () => {},
  });
}

function stepsOf({ steps, inject = [] }: FlowTest): FlowStep[] {
  return steps ?? [...inject.map((inject) => ({ inject })), { run: "until_blocked" }];
}

/** A run of a test, and what is seen of it. */
class FlowRun {
  readonly errors: { step: number | string; class: string; contains: string }[] = [];
  readonly #net: Net;
  readonly #starts: string[] = [];
  readonly #ends: EpochLog[] = [];
  readonly #targets: unknown[] = [];

  constructor(net: Net) {
    this.#net = net;
    net.onEpochStart((node) => void this.#starts.push(node));
    net.onEpochEnd((_node, _epoch, log) => void this.#ends.push(log));
  }

  async attempt(step: number | string, action: () => Promise<unknown>): Promise<void> {
    try {
      await action();
    } catch (error) {
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      this.errors.push({ step, class: name, contains: message });
    }
  }

  async step(step: FlowStep): Promise<void> {
    const net = this.#net;
    const { inject, control, request, execute } = step;
    if (inject) net.injectData(inject.node, inject.port, inject.values);
    if (control) net.sendControl(control.node, control.type, control.value);
    if (request) net.request(request.node, request.label);
    if (execute) await net.executeNode(execute.node, execute.inputs);
    if (step.enable !== undefined) net.enableNode(step.enable);
    if (step.disable !== undefined) net.disableNode(step.disable);
    if (step.pause) net.pause();
    if (step.resume) net.resume();
    if (step.run === "until_blocked") await net.runUntilBlocked();
    if (step.run === "step") await net.runStep();
    if (step.run === "targets") {
      for (const salvo of await net.runToTargets(step.targets ?? [])) {
        const packets = Object.fromEntries(salvo.packets);
        this.#targets.push({ node: salvo.nodeName, condition: salvo.salvoCondition, packets });
      }
    }
  }

  observe({ expect = {} }: FlowTest): Omit<Required<FlowExpectation>, "errors"> {
    const net = this.#net;
    const queues = [...net.flushAllOutputQueues()].filter(([, values]) => values.length > 0);
    const outcomes: Record<string, Record<string, number>> = {};
    for (const [node, logs] of Map.groupBy(this.#ends, ({ nodeName }) => nodeName)) {
      outcomes[node] = tally(logs.map(({ outcome }) => outcome));
    }
    const retried = this.#ends.flatMap((log) => Array(log.retryCount).fill(log.nodeName));
    return toJSONValue({
      queues: Object.fromEntries(queues),
      ordered: expect.ordered ?? {},
      epochs_per_node: tally(this.#ends.map(({ nodeName }) => nodeName)),
      starts_per_node: tally(this.#starts),
      outcomes,
      retries: tally(retried),
      exceptions: tally(net.exceptionQueue.map(({ nodeName }) => nodeName)),
      dead_letters: tally(net.deadLetterQueue.map(({ nodeName }) => nodeName)),
      waiting: this.#waiting(),
      startable: net.getStartableEpochs().length,
      blocked: net.isBlocked(),
      targets: this.#targets,
      logs: this.#byNode((log) => log.logs.map(({ message }) => message.replace(/\n$/, ""))),
      user_fields: this.#byNode(({ userFields }) =>
        Object.keys(userFields).length === 0 ? [] : [userFields]
      ),
    }) as Omit<Required<FlowExpectation>, "errors">;
  }

  #waiting(): Record<string, number> {
    return Object.fromEntries(
      this.#net.graph.nodes.flatMap(({ name }) =>
        Object.entries(this.#net.nodeState(name).waiting)
          .filter(([, count]) => count > 0)
          .map(([port, count]) => [`${name}.${port}`, count] as const)
      ),
    );
  }

  #byNode<T>(read: (log: EpochLog) => T[]): Record<string, T[]> {
    const groups = Map.groupBy(this.#ends, ({ nodeName }) => nodeName);
    return Object.fromEntries(
      [...groups].map(([node, logs]) => [node, logs.flatMap(read)] as const)
        .filter(([, items]) => items.length > 0),
    );
  }
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
