/**
 * Runs a whole net as its `case.json` says and reports what came out, in the words of `expect`.
 *
 * @module
 */
import { Net, NetConfig } from "@netrun/netrun";
import type { EpochLog, LoadOptions } from "@netrun/netrun";

/** Packets for an input port. */
interface Injection {
  node: string;
  port: string;
  values: unknown[];
}

/** One step of a case. */
interface Step {
  inject?: Injection;
  run?: "until_blocked" | "step" | "targets";
  targets?: string[];
  control?: { node: string; type: string; value?: unknown };
  enable?: string;
  disable?: string;
  request?: { node: string; label?: string };
  execute?: { node: string; inputs?: Record<string, unknown[]> };
  pause?: true;
  resume?: true;
}

interface ExpectedError {
  step: number | string;
  class: string;
  cause?: string;
  contains?: string;
}

/** What must come out of a case. */
export interface Expectation {
  queues: Record<string, unknown[]>;
  ordered: Record<string, boolean>;
  epochs_per_node: Record<string, number>;
  starts_per_node?: Record<string, number>;
  outcomes: Record<string, Record<string, number>>;
  retries?: Record<string, number>;
  exceptions?: Record<string, number>;
  dead_letters?: Record<string, number>;
  waiting?: Record<string, number>;
  cache?: Record<string, number>;
  startable: number;
  blocked?: boolean;
  targets?: unknown[];
  logs?: Record<string, string[]>;
  user_fields?: Record<string, unknown>;
  errors?: ExpectedError[];
}

/** A `case.json`. */
export interface Case {
  title: string;
  variables?: { global?: Record<string, unknown>; nodes?: Record<string, Record<string, unknown>> };
  env?: Record<string, string>;
  init?: boolean;
  inject?: Injection[];
  run?: Step["run"];
  targets?: string[];
  steps?: Step[];
  ordered_logs?: boolean;
  expect: Expectation;
}

/** What came out, as far as the case says what must. */
export async function runCase(folder: URL, spec: Case): Promise<Expectation> {
  const { expect } = spec;
  const mayFailToLoad = expect.errors?.some(({ step }) => step === "load") ?? false;
  const run = new CaseRun();
  for (const [name, value] of Object.entries(spec.env ?? {})) Deno.env.set(name, value);
  try {
    const load = () => loadNet(folder, spec);
    const net = mayFailToLoad ? await run.attempt("load", load) : await load();
    if (net) {
      run.watch(net);
      if (spec.init !== false) await run.attempt("init", () => net.init());
      for (const [i, step] of stepsOf(spec).entries()) {
        await run.attempt(i, () => run.step(net, step));
      }
      run.observe(net, spec);
      await run.attempt("close", () => net.close());
    }
  } finally {
    for (const name of Object.keys(spec.env ?? {})) Deno.env.delete(name);
  }
  return run.result(expect);
}

async function loadNet(folder: URL, { variables }: Case): Promise<Net> {
  const names = Array.from(Deno.readDirSync(folder), ({ name }) => name);
  const file = new URL(names.find((name) => name.startsWith("net.netrun."))!, folder);
  const config = await NetConfig.fromFile(file, {
    globalNodeVars: variables?.global ?? {},
    nodeVars: variables?.nodes ?? {},
  } as LoadOptions);
  return await Net.create(config, { echo: () => {} });
}

function stepsOf({ steps, inject, run = "until_blocked", targets }: Case): Step[] {
  return steps ?? [
    ...(inject ?? []).map((injection): Step => ({ inject: injection })),
    { run, ...targets && { targets } },
  ];
}

class CaseRun {
  readonly #starts: Record<string, number> = {};
  readonly #ends: EpochLog[] = [];
  readonly #targets: unknown[] = [];
  readonly #errors: { step: number | string; error: unknown }[] = [];
  readonly #observed: Partial<Expectation> = {};

  async attempt<T>(step: number | string, action: () => Promise<T> | T): Promise<T | undefined> {
    try {
      return await action();
    } catch (error) {
      this.#errors.push({ step, error });
      return undefined;
    }
  }

  watch(net: Net): void {
    net.onEpochStart((name) => count(this.#starts, name));
    net.onEpochEnd((_name, _id, log) => this.#ends.push(log));
  }

  async step(net: Net, step: Step): Promise<void> {
    const { inject, control, request, execute } = step;
    if (inject) net.injectData(inject.node, inject.port, inject.values);
    if (control) net.sendControl(control.node, control.type, control.value);
    if (request) net.request(request.node, request.label);
    if (execute) await net.executeNode(execute.node, execute.inputs);
    if (step.enable) net.enableNode(step.enable);
    if (step.disable) net.disableNode(step.disable);
    if (step.pause) net.pause();
    if (step.resume) net.resume();
    if (step.run === "until_blocked") await net.runUntilBlocked();
    if (step.run === "step") await net.runStep();
    if (step.run === "targets") {
      for (const { nodeName, salvoCondition, packets } of await net.runToTargets(step.targets!)) {
        this.#targets.push({
          node: nodeName,
          condition: salvoCondition,
          packets: Object.fromEntries(packets),
        });
      }
    }
  }

  observe(net: Net, { expect }: Case): void {
    this.#observed.queues = Object.fromEntries(net.flushAllOutputQueues());
    this.#observed.startable = net.getStartableEpochs().length;
    this.#observed.blocked = net.isBlocked();
    this.#observed.exceptions = tally(net.exceptionQueue.map(({ nodeName }) => nodeName));
    this.#observed.dead_letters = tally(net.deadLetterQueue.map(({ nodeName }) => nodeName));
    this.#observed.cache = Object.fromEntries(
      Object.keys(expect.cache ?? {}).map((node) => [node, net.cache.stats(node).entryCount]),
    );
    this.#observed.waiting = Object.fromEntries(
      Object.keys(expect.waiting ?? {}).map((place) => {
        const dot = place.lastIndexOf(".");
        const ids = net.getPacketsAtPort(place.slice(0, dot), place.slice(dot + 1));
        return [place, ids.length];
      }),
    );
  }

  /** What came out; things that the case does not mention are left out. */
  result(expect: Expectation): Expectation {
    const outcomes: Record<string, Record<string, number>> = {};
    const retries: Record<string, number> = {};
    for (const { nodeName, outcome, retryCount } of this.#ends) {
      count(outcomes[nodeName] ??= {}, outcome);
      if (retryCount > 0) count(retries, nodeName, retryCount);
    }
    const all: Record<string, unknown> = {
      ...this.#observed,
      ordered: expect.ordered,
      epochs_per_node: tally(this.#ends.map(({ nodeName }) => nodeName)),
      starts_per_node: this.#starts,
      outcomes,
      retries,
      targets: this.#targets,
      logs: this.#byNode(
        expect.logs,
        (log) => log.logs.map(({ message }) => message.replace(/\n$/, "")),
      ),
      user_fields: this.#byNode(expect.user_fields, ({ userFields }) => [userFields]),
      errors: this.#describeErrors(expect.errors ?? []),
    };
    const known = { starts_per_node: 1, retries: 1, exceptions: 1, dead_letters: 1, errors: 1 };
    const mentioned = { ...known, targets: 1, ...expect };
    return Object.fromEntries(
      Object.keys(mentioned).map((key) => [key, all[key]]),
    ) as unknown as Expectation;
  }

  #byNode(
    wanted: Record<string, unknown> | undefined,
    read: (log: EpochLog) => unknown[],
  ): Record<string, unknown> | undefined {
    if (!wanted) return undefined;
    return Object.fromEntries(
      Object.keys(wanted).map((node) => [
        node,
        this.#ends.filter(({ nodeName }) => nodeName === node).flatMap(read),
      ]),
    );
  }

  /** Errors in the words of the case: a class that is in the chain is the one that was meant. */
  #describeErrors(expected: readonly ExpectedError[]): unknown[] {
    return this.#errors.map(({ step, error }, i) => {
      const { class: name = "", cause, contains } = expected[i] ?? {};
      return {
        step,
        class: classesOf(error).includes(name) ? name : classesOf(error)[0],
        ...cause !== undefined && {
          cause: causesOf(error).flatMap(classesOf).includes(cause)
            ? cause
            : causesOf(error).map((cause) => classesOf(cause)[0]),
        },
        ...contains !== undefined && {
          contains: String(error).includes(contains) ? contains : String(error),
        },
      };
    });
  }
}

/** What `expect` says, with what it leaves out filled in. */
export function completeExpectation(expect: Expectation): Expectation {
  return {
    starts_per_node: expect.epochs_per_node,
    retries: {},
    exceptions: {},
    dead_letters: {},
    targets: [],
    errors: [],
    ...expect,
  };
}

/** The same with lists sorted in which order does not count. */
export function withoutOrder(outcome: Expectation, orderedLogs: boolean): Expectation {
  const { queues, ordered, logs, targets = [] } = outcome;
  const sorted = (list: unknown[]) =>
    list.toSorted((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    ...outcome,
    queues: Object.fromEntries(
      Object.entries(queues).map(([name, list]) => [name, ordered[name] ? list : sorted(list)]),
    ),
    ...logs && !orderedLogs && {
      logs: Object.fromEntries(
        Object.entries(logs).map(([name, list]) => [name, sorted(list) as string[]]),
      ),
    },
    targets: sorted(targets),
  };
}

function tally(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) count(counts, name);
  return counts;
}

function count(counts: Record<string, number>, key: string, by = 1): void {
  counts[key] = (counts[key] ?? 0) + by;
}

function classesOf(error: unknown): string[] {
  const names: string[] = [];
  for (let at = Object.getPrototypeOf(error); at?.constructor; at = Object.getPrototypeOf(at)) {
    names.push(at.constructor.name);
  }
  return names;
}

function causesOf(error: unknown): unknown[] {
  const causes: unknown[] = [];
  for (let at = error; at instanceof Error && at.cause !== undefined; at = at.cause) {
    causes.push(at.cause);
  }
  return causes;
}
