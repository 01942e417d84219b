/**
 * From a resolved configuration to the parts of a running net.
 *
 * @module
 */
import { poolsInUse } from "../schema/pools_in_use.ts";
import type { SalvoConditionSpec } from "../../sim/condition.ts";
import { Graph } from "../../sim/graph.ts";
import type { GraphSpec } from "../../sim/graph_spec.ts";
import { ulidSource } from "../../sim/id.ts";
import type { NetConfig, ResolvedNetConfig } from "../config/net_config.ts";
import { createPool } from "../execution/create_pool.ts";
import type { NodePool } from "../execution/pool.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { secretMask } from "../schema/secrets_in_text.ts";
import { StoredFileValue } from "../storage/stored_file.ts";
import { isControlPortName } from "../schema/signal.ts";
import { Allocator } from "./allocation.ts";
import { type Clock, systemClock } from "./clock.ts";
import { Engine } from "./engine.ts";
import { EventStream, type WarningSink } from "./event_stream.ts";
import type { NetCode } from "./net_code.ts";
import { NetNode } from "./net_node.ts";
import type { StorageOptions } from "./cache_plan.ts";
import { NetStorage } from "./net_storage.ts";
import { OutputQueues } from "./output_queues.ts";
import { poolEnvironment, type PoolEnvironmentOptions } from "./pool_environment.ts";
import { RateGate } from "./rate_gate.ts";
import { NetState } from "./state.ts";

/** What a net takes from outside. */
export interface EngineOptions extends StorageOptions, PoolEnvironmentOptions {
  /**
   * The time that the net lives by.
   *
   * @default {systemClock}
   */
  clock?: Clock | undefined;
  /**
   * Gives numbers from 0 to 1, exclusive.
   *
   * @default {Math.random}
   */
  random?: (() => number) | undefined;
  /**
   * Mints the ids of packets and epochs from the time in ms.
   *
   * @default {ulidSource()}
   */
  newId?: ((nowMs: number) => string) | undefined;
  /**
   * Receives what would be echoed to standard output, line by line.
   *
   * @default {console.log}
   */
  echo?: ((line: string) => void) | undefined;
  /**
   * Receives each warning.
   *
   * @default {console.warn}
   */
  onWarning?: WarningSink | undefined;
}

/**
 * Joins the parts of a net.
 *
 * @param written The configuration before references were resolved.
 * @throws {InvalidGraphError} If the graph is not valid.
 * @throws {InvalidArgumentError} If a node lists a pool that cannot be made.
 */
export function buildEngine(
  config: ResolvedNetConfig,
  code: NetCode,
  options: EngineOptions,
  written: NetConfig = config,
): Engine {
  const { data, projectRootPath: projectRoot } = config;
  const { clock = systemClock, random = Math.random, newId = ulidSource() } = options;
  const echo = options.echo ?? ((line) => console.log(line));
  const configs = data.graph.nodes;
  const graph = new Graph(controlsFirst(config.toGraph()));
  const queues = new OutputQueues(
    Array.from(data.output_queues, ([name, { ports }]) => [name, ports] as const),
  );
  const disabled = configs.filter((node) => !node.execution_config.enabled)
    .map(({ name }) => name);
  const now = () => clock.now();
  const state = new NetState({ graph, queues, disabled, newId, now });
  const gates = rateGates(configs);
  const resolvePortType = (reference: string) => code.portTypes.get(reference);
  const place = { projectRoot, now, newId: (nowMs: number) => state.ids.mint(nowMs) };
  const pools = new Map<string, NodePool>();
  const events = new EventStream({ now, onWarning: options.onWarning });
  const environment = poolEnvironment(config, place, events, { ...options, echo });
  for (const [id, pool] of poolsInUse(data)) pools.set(id, createPool(id, pool, environment));
  const allocator = new Allocator(pools.values(), random);
  const nodes = new Map(configs.map((node) => [
    node.name,
    new NetNode(node, {
      functions: code.functions.get(node.name)!,
      state: state.node(node.name),
      graph,
      queues,
      gate: gates.get(node.name),
      allocator,
      resolvePortType,
    }),
  ]));
  const engine: Engine = new Engine({
    graph,
    state,
    nodes,
    pools,
    allocator,
    events,
    clock,
    random,
    echo,
    evaluateLazy: (value, id) =>
      value instanceof StoredFileValue
        ? engine.storage!.readFile(value, id)
        : code.evaluateLazy(value, id),
    place,
    settings: {
      retainEpochLogs: data.retain_epoch_logs,
      retainNetActionLogs: data.retain_net_action_logs,
      errorOnUndeclaredOutput: data.error_on_undeclared_output,
      deadLetterQueue: data.dead_letter_queue,
      deadLetterPath: data.dead_letter_path,
      deadLetterCallback: code.deadLetterCallback,
      maskSecrets: data.dead_letter_path === null
        ? String
        : secretMask(written.data, (name) => Deno.env.get(name)),
    },
  });
  engine.storage = new NetStorage(engine, config, code, options);
  if (data.epoch_log_echo_stdout) {
    engine.onEpochEnd.add((_nodeName, _epochId, log) => echo(String(log)));
  }
  return engine;
}

/**
 * A step forms at most one epoch a node, of the first condition that holds: a command that has
 * arrived together with data has to be seen first.
 */
function controlsFirst(spec: GraphSpec): GraphSpec {
  const nodes = spec.nodes.map(({ inSalvoConditions = [], ...node }) => {
    const isControl = ({ name }: SalvoConditionSpec) => isControlPortName(name);
    return {
      ...node,
      inSalvoConditions: [
        ...inSalvoConditions.filter(isControl),
        ...inSalvoConditions.filter((condition) => !isControl(condition)),
      ],
    };
  });
  return { ...spec, nodes };
}

/** The rate limit of each node that has one; the nodes of a group share theirs. */
function rateGates(configs: readonly ResolvedNodeConfig[]): Map<string, RateGate> {
  const rateOf = (node: ResolvedNodeConfig) => node.execution_config.rate_limit_per_second;
  const groupOf = (node: ResolvedNodeConfig) => node.execution_config.rate_limit_group;
  const groups = new Map<string, RateGate>();
  for (const node of configs) {
    const group = groupOf(node);
    const rate = rateOf(node);
    if (group !== null && rate !== null && !groups.has(group)) {
      groups.set(group, new RateGate(rate));
    }
  }
  const gates = new Map<string, RateGate>();
  for (const node of configs) {
    const group = groupOf(node);
    const rate = rateOf(node);
    const gate = group !== null
      ? groups.get(group)
      : rate !== null
      ? new RateGate(rate)
      : undefined;
    if (gate) gates.set(node.name, gate);
  }
  return gates;
}
