/**
 * A running net.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { EpochNotFoundError, EpochNotRunningError } from "../../sim/error.ts";
import { type LoadOptions, NetConfig, type ResolvedNetConfig } from "../config/net_config.ts";
import { GraphValidationError } from "../schema/error.ts";
import type { NetConfigInput } from "../schema/net.ts";
import { buildEngine, type EngineOptions } from "./build.ts";
import type { CallOptions } from "./calls.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import { NetStateError } from "./error.ts";
import {
  executeEpoch,
  executeNode,
  executeOutside,
  type NodeExecutionResult,
  type PortInputs,
} from "./execute.ts";
import type { FeedOptions, FeedSource } from "./feeds.ts";
import { setEnabled, takeDeadLetters, takeExceptions } from "./housekeeping.ts";
import { createEpoch, injectData, nodeNamed, request, sendControl } from "./inject.ts";
import { Lifecycle } from "./lifecycle.ts";
import { codeInConfig, loadNetCode, type NetCode } from "./net_code.ts";
import { NetView } from "./net_view.ts";
import type { RunOptions, RunReason, RunResult } from "./run.ts";
import { type BackgroundOptions, Runner, type TargetOptions } from "./runner.ts";
import { assertNeverWaits, stepsSync } from "./synchronous.ts";
import type { TargetInputSalvo } from "./target_input_salvo.ts";
import { type Target, Targets } from "./targets.ts";
import { runAsync } from "./task.ts";
import { startTelemetry, telemetryWanted } from "./telemetry.ts";

/** Options of making a net. */
export interface NetOptions extends EngineOptions {
  /**
   * Whether `init` executes the nodes with `run_on_init`.
   *
   * @default {true}
   */
  runInitNodes?: boolean;
  /**
   * Seconds that epochs in flight get at `close` before they are cancelled.
   *
   * @default {10}
   */
  closeTimeout?: number;
  /** Beginnings of URLs, or folders outside the project, whose modules may be loaded. */
  allowModules?: string[];
  /**
   * Whether {@linkcode Net.create} makes the net report to OpenTelemetry.
   *
   * @default {true if the environment variable `OTEL_DENO` is "true"}
   */
  telemetry?: boolean;
}

/** Options of closing a net. */
export interface CloseOptions {
  /** Seconds that the net may first run on, until nothing can happen any more. */
  drain?: number;
}

/** What a net was made of. */
export interface LoadedNet {
  /** The configuration as it was given. */
  config: NetConfig;
  /** The code that the net runs. */
  code: NetCode;
}

/**
 * A net: packets move along its edges, and its nodes run in epochs.
 *
 * @example Two packets through one node
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Net } from "@netrun/netrun";
 *
 * await using net = await Net.open({
 *   graph: {
 *     nodes: [{
 *       name: "double",
 *       factory: "netrun:function",
 *       factory_args: { func: (x: number) => 2 * x },
 *     }],
 *   },
 * });
 * net.injectData("double", "x", [1, 2]);
 * await net.runUntilBlocked();
 * assertEquals(net.flushOutputQueue("double::out"), [2, 4]);
 * ```
 */
export class Net extends NetView implements AsyncDisposable, Disposable {
  readonly #options: NetOptions;
  readonly #engine: Engine;
  readonly #runner: Runner;
  readonly #lifecycle: Lifecycle;
  #closing: Promise<void> | undefined;

  /**
   * Makes a net of which all functions are given as such, so that nothing has to be loaded.
   *
   * @param loaded What {@linkcode Net.create} has loaded.
   * @throws {InvalidArgumentError} If something would have to be loaded: use {@linkcode Net.create}.
   * @throws {GraphValidationError} With everything that is wrong with the structure.
   */
  constructor(
    config: ResolvedNetConfig,
    options: NetOptions = {},
    loaded: LoadedNet = { config, code: codeInConfig(config) },
  ) {
    assertValid(config);
    const engine = buildEngine(config, loaded.code, options);
    super(engine, loaded.config);
    engine.net = this;
    this.#options = options;
    this.#engine = engine;
    this.#runner = new Runner(engine);
    this.#lifecycle = new Lifecycle(engine, this.#runner);
  }

  /**
   * Makes a net: resolves and checks its configuration and loads its code. Pools are not started
   * yet; injecting and looking works already.
   *
   * @throws {ConfigError} With everything that is wrong with the configuration.
   * @throws {ModuleImportError} If code cannot or may not be loaded.
   */
  static async create(
    config: NetConfig | NetConfigInput,
    options: NetOptions = {},
  ): Promise<Net> {
    const given = config instanceof NetConfig ? config : NetConfig.parse(config);
    const { allowModules = [] } = options;
    const resolved = await given.resolve({ allowModules });
    assertValid(resolved);
    const code = await loadNetCode(resolved, { allowModules });
    const net = new Net(resolved, options, { config: given, code });
    if (telemetryWanted(options.telemetry)) {
      net.#engine.telemetry = await startTelemetry(net.#engine.events);
    }
    return net;
  }

  /** Makes a net of a `*.netrun.json` or `*.netrun.toml` file; see {@linkcode Net.create}. */
  static async fromFile(
    path: string | URL,
    options: LoadOptions & NetOptions = {},
  ): Promise<Net> {
    return await Net.create(await NetConfig.fromFile(path, options), options);
  }

  /** Makes and initializes a net; disposing it closes it. */
  static async open(
    config: NetConfig | NetConfigInput,
    options: NetOptions = {},
  ): Promise<Net> {
    const net = await Net.create(config, options);
    await net.init();
    return net;
  }

  // Lifecycle

  /** Whether the net is initialized and not closed. */
  get initialized(): boolean {
    return this.#lifecycle.phase === "open";
  }

  /**
   * Starts the pools, runs the init functions, and executes the nodes with `run_on_init`. If any of
   * that fails, everything is closed again.
   *
   * @throws {NetStateError} If the net is initialized already.
   */
  async init(options: Pick<NetOptions, "runInitNodes"> = {}): Promise<void> {
    await runAsync(this.#lifecycle.init(this.#runsInitNodes(options)));
  }

  /** As {@linkcode init}, where no init function returns a promise. */
  initSync(options: Pick<NetOptions, "runInitNodes"> = {}): void {
    assertNeverWaits(this.#engine);
    stepsSync(this.#lifecycle.init(this.#runsInitNodes(options)), "An init function");
  }

  /**
   * Ends the run in progress, lets epochs in flight end or cancels them, runs the close functions and
   * ends the pools. What is in the net stays; it may be initialized again.
   *
   * @throws What failed meanwhile; everything is closed all the same.
   */
  close(options: CloseOptions = {}): Promise<void> {
    if (this.#lifecycle.phase === "closed") return Promise.resolve();
    return this.#closing ??= this.#close(options).finally(() => this.#closing = undefined);
  }

  async #close({ drain }: CloseOptions): Promise<void> {
    const errors: unknown[] = [];
    if (drain !== undefined && this.initialized) {
      await this.#runner.drain(drain).catch((error) => errors.push(error));
    }
    errors.push(...await runAsync(this.#lifecycle.close(this.#closeTimeout)));
    throwAll(errors, closingFailed);
  }

  /** As {@linkcode close}, where no close function returns a promise. */
  closeSync(): void {
    if (this.#lifecycle.phase === "closed") return;
    throwAll(
      stepsSync(this.#lifecycle.close(this.#closeTimeout), "A close function"),
      closingFailed,
    );
  }

  /** Closes the net. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Closes the net. */
  [Symbol.dispose](): void {
    this.closeSync();
  }

  // Getting data in

  /**
   * Puts one packet per value into an input port, all of them or none; returns their ids.
   *
   * @throws {NodeNotFoundError | InputPortNotFoundError | InputPortFullError}
   */
  injectData(node: string, port: string, values: readonly unknown[]): PacketId[] {
    return injectData(this.#engine, node, port, values);
  }

  /**
   * Injects the values of an iterable, one after another, as the net has room for them; resolves
   * with their number when it has ended. A run does not end before; without a run it waits for one.
   *
   * @throws {NodeNotFoundError | InputPortNotFoundError | InvalidArgumentError}
   * @throws What the iterable throws; what was injected stays.
   */
  async feed(
    node: string,
    port: string,
    source: FeedSource,
    options: FeedOptions = {},
  ): Promise<number> {
    return await this.#engine.feeds.open(node, port, source, options);
  }

  /**
   * Injects a packet and resolves with the first value that derives from it and reaches `queue`,
   * which does not get it. Needs a run in progress.
   *
   * An epoch belongs to the call from which all its inputs derive. If it fails, that call rejects, and
   * nobody else hears of it.
   *
   * @throws {NetStateError} If no run is in progress, or it ends before there is an answer.
   * @throws {EpochError} If an epoch of the call fails.
   * @throws {NoReplyError} If no answer can come any more.
   * @throws {OutputTimeoutError} If none comes within `timeout` seconds.
   */
  async call(node: string, port: string, value: unknown, options: CallOptions): Promise<unknown> {
    return await this.#engine.calls.open(node, port, value, options);
  }

  /**
   * Asks for the sources that a node depends on; they start at the next step.
   *
   * @throws {RequestNodeNotFoundError | RequestUnconnectedPortError}
   */
  request(node: string, label: string = "main"): void {
    request(this.#engine, node, label);
  }

  /**
   * Sends a command to a node and returns the id of its packet.
   *
   * @throws {InvalidArgumentError} If the node does not take it, or its value is wrong.
   */
  sendControl(node: string, type: string, value?: unknown): PacketId {
    return sendControl(this.#engine, node, type, value);
  }

  // Running

  /** Makes one step, launches everything that is startable then, and waits for it. */
  async runStep(options: RunOptions = {}): Promise<RunResult> {
    this.#assertOpen("run");
    return await this.#runner.step(options);
  }

  /**
   * Runs until nothing can happen any more.
   *
   * @throws {EpochError | AggregateError} What failed in nodes that propagate failures.
   */
  async runUntilBlocked(options: RunOptions = {}): Promise<RunResult> {
    this.#assertOpen("run");
    return await this.#runner.run(options);
  }

  /**
   * As {@linkcode runUntilBlocked}, where nothing has to be waited for.
   *
   * @throws {SyncUnsupportedError} If something has to be waited for.
   */
  runUntilBlockedSync(options: Pick<RunOptions, "onError" | "collect"> = {}): RunResult {
    this.#assertOpen("run");
    assertNeverWaits(this.#engine);
    return this.#runner.runSync(options);
  }

  /**
   * Runs what leads to the targets and returns the inputs that have reached them; their epochs stay
   * startable. Initializes the net if that was not done.
   *
   * @throws {IterationLimitError} If it takes more than `maxIterations` rounds.
   */
  async runToTargets(
    targets: string | readonly Target[],
    options: TargetOptions = {},
  ): Promise<TargetInputSalvo[]> {
    const plan = new Targets(this.#engine, targets);
    if (this.#lifecycle.phase !== "open") await this.init({ runInitNodes: false });
    for (const source of plan.sourcesToRun()) await this.executeNode(source);
    return await this.#runner.runToTargets(plan, options);
  }

  /** Runs from now on in the background; initializes the net if that was not done. */
  async startBackground(options: BackgroundOptions = {}): Promise<void> {
    if (this.#lifecycle.phase !== "open") await this.init();
    this.#runner.startBackground(options);
  }

  /** Resolves when nothing can happen any more, and ends the background loop. */
  waitUntilBlocked(): Promise<RunResult> {
    return this.#runner.waitUntilBlocked();
  }

  /** Resolves when the background loop was ended by an interrupt or `close`. */
  waitUntilStopped(): Promise<RunResult> {
    return this.#runner.waitUntilStopped();
  }

  /** Why the last run ended; undefined before the first, and after one that failed. */
  get lastRunReason(): RunReason | undefined {
    return this.#runner.lastReason;
  }

  /** Lets running epochs end and starts no new ones. */
  pause(): void {
    this.#runner.loop.paused = true;
    this.#engine.wakeup.wake();
  }

  /** Starts epochs again. */
  resume(): void {
    this.#runner.loop.paused = false;
    this.#engine.wakeup.wake();
  }

  /** Whether the net is paused. */
  get paused(): boolean {
    return this.#runner.loop.paused;
  }

  /**
   * Runs a startable epoch at once; null if its rate limit forbids that, or its failure was queued.
   *
   * @throws {EpochNotFoundError | EpochNotStartableError | EpochError}
   */
  async executeEpoch(epochId: EpochId): Promise<NodeExecutionResult | null> {
    this.#assertOpen("execute an epoch");
    return await runAsync(executeEpoch(this.#engine, epochId));
  }

  /**
   * Runs a node at once on these inputs, as one epoch; with `outsideNet`, calls its function without
   * the net and returns what it loaded into its output ports.
   *
   * @throws {InvalidArgumentError} If no input condition holds for these inputs.
   */
  executeNode(
    node: string,
    inputs: PortInputs | undefined,
    options: { outsideNet: true },
  ): Promise<Record<string, unknown[]>>;
  /** Runs a node at once on these inputs, as one epoch; null if that was refused or queued. */
  executeNode(node: string, inputs?: PortInputs): Promise<NodeExecutionResult | null>;
  async executeNode(
    node: string,
    inputs: PortInputs = {},
    options: { outsideNet?: boolean } = {},
  ): Promise<unknown> {
    if (options.outsideNet) return await runAsync(executeOutside(this.#engine, node, inputs));
    this.#assertOpen("execute a node");
    return await runAsync(executeNode(this.#engine, node, inputs));
  }

  /**
   * Cancels a running epoch; its inputs are destroyed.
   *
   * @throws {EpochNotFoundError | EpochNotRunningError}
   */
  cancelEpoch(epochId: EpochId): void {
    const epoch = this.#engine.epochs.get(epochId);
    if (!epoch) throw new EpochNotFoundError(epochId);
    if (epoch.slot < 0) throw new EpochNotRunningError(epochId, epoch.node.name);
    this.#engine.cancel(epoch, "net.cancelEpoch");
  }

  /** Lets the epochs of a node run. */
  enableNode(name: string): void {
    setEnabled(this.#engine, name, true);
  }

  /** Keeps the epochs of a node from being run; they are formed all the same. */
  disableNode(name: string): void {
    setEnabled(this.#engine, name, false);
  }

  /** Whether the epochs of a node are run. */
  isNodeEnabled(name: string): boolean {
    return nodeNamed(this.#engine, name).state.enabled;
  }

  /** The failures that were not thrown are thrown now and forgotten: one as it is, several together. */
  propagateExceptions(): void {
    throwAll(takeExceptions(this.#engine), "Multiple epoch failures");
  }

  /** Empties the list of dead letters and returns what was in it. */
  clearDeadLetterQueue(): DeadLetter[] {
    return takeDeadLetters(this.#engine);
  }

  /** Forms an epoch again of the inputs of a dead letter; it starts like any other. */
  retryDeadLetter(
    { nodeName, salvoCondition, values }: Pick<
      DeadLetter,
      "nodeName" | "salvoCondition" | "values"
    >,
  ): EpochId {
    return this.createEpoch(nodeName, salvoCondition, values);
  }

  /**
   * Forms one epoch of exactly these inputs, whatever the conditions of the node say; it starts like
   * any other. That is how a source node, which no packet reaches, comes to run.
   *
   * @param salvoCondition Name of the condition that the epoch counts as formed by.
   * @throws {NodeNotFoundError | InputPortNotFoundError}
   */
  createEpoch(node: string, salvoCondition: string, inputs: PortInputs = {}): EpochId {
    return createEpoch(this.#engine, node, salvoCondition, Object.entries(inputs));
  }

  get #closeTimeout(): number {
    return this.#options.closeTimeout ?? 10;
  }

  #runsInitNodes({ runInitNodes = this.#options.runInitNodes ?? true }: NetOptions): boolean {
    return runInitNodes;
  }

  #assertOpen(what: string): void {
    if (this.initialized) return;
    throw new NetStateError(`Cannot ${what}: the net is not initialized; call init()`);
  }
}

function assertValid(config: ResolvedNetConfig): void {
  const errors = config.validate().filter(({ severity }) => severity === "error");
  if (errors.length > 0) throw new GraphValidationError(errors, { filePath: config.filePath });
}

const closingFailed = "Several things failed while the net was closed";

function throwAll(errors: readonly unknown[], message: string): void {
  if (errors.length === 1) throw errors[0];
  if (errors.length > 1) throw new AggregateError(errors, message);
}
