/**
 * A running net.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import { type LoadOptions, NetConfig, type ResolvedNetConfig } from "../config/net_config.ts";
import { GraphValidationError } from "../schema/error.ts";
import type { ConfigIssue } from "../schema/issue.ts";
import type { NetConfigInput } from "../schema/net.ts";
import { requestShutdown } from "../execution/worker_node_pool.ts";
import { buildEngine } from "./build.ts";
import type { Engine } from "./engine.ts";
import { NetStateError } from "./error.ts";
import {
  executeEpoch,
  executeNode,
  executeOutside,
  type NodeExecutionResult,
  type PortInputs,
} from "./execute.ts";
import { Lifecycle } from "./lifecycle.ts";
import { codeInConfig, loadNetCode } from "./net_code.ts";
import { NetInput } from "./net_input.ts";
import type { CloseOptions, LoadedNet, NetOptions } from "./net_options.ts";
import type { RunOptions, RunReason, RunResult } from "./run.ts";
import { type BackgroundOptions, Runner, type TargetOptions } from "./runner.ts";
import { assertNeverWaits, stepsSync } from "./synchronous.ts";
import type { TargetInputSalvo } from "./target_input_salvo.ts";
import { type Target, Targets } from "./targets.ts";
import { runAsync } from "./task.ts";
import type { PoolServer, ServePoolOptions } from "./serve_pool.ts";
import { startTelemetry, telemetryWanted } from "./telemetry.ts";
import { throwAll } from "./throw_all.ts";

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
export class Net extends NetInput implements AsyncDisposable, Disposable {
  /** What in the configuration may not be meant, found when it was read and resolved. */
  readonly warnings: readonly ConfigIssue[];
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
    loaded: LoadedNet = { config, code: codeInConfig(config, options) },
  ) {
    assertValid(config);
    const engine = buildEngine(config, loaded.code, options, loaded.config);
    super(engine, loaded.config);
    engine.net = this;
    this.warnings = config.warnings;
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
    const code = await loadNetCode(resolved, { ...options, allowModules });
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

  /**
   * Serves the nodes of a configuration, so that nets elsewhere run them here by a pool of type
   * `remote`; disposing what this returns ends it.
   *
   * @throws {ConfigError} With everything that is wrong with the configuration.
   * @throws {InvalidArgumentError} If everybody could use it.
   */
  static async servePool(
    config: NetConfig | NetConfigInput | string | URL,
    options: ServePoolOptions = {},
  ): Promise<PoolServer> {
    const { servePool } = await import("./serve_pool.ts");
    return await servePool(config, options);
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
   * Asks the server of a pool of type `remote` to end.
   *
   * @throws {TypeError} If the pool is not remote, or the net not initialized.
   * @throws {RecvTimeout} If the server does not answer within `timeout` seconds.
   */
  async requestPoolShutdown(poolId: string, options: { timeout?: number } = {}): Promise<void> {
    await requestShutdown(this.#engine.pools.get(poolId), poolId, options);
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
