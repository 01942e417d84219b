/**
 * Running nodes on a worker: contexts, functions and factories, but no `Net`.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { NodeNotFoundError } from "../../sim/error.ts";
import { UlidMinter } from "../../sim/id.ts";
import type { NetConfig } from "../config/net_config.ts";
import type { AttemptPlace } from "../execution/context.ts";
import type { JobObserver, JobResult, NodeJob, StagedEffects } from "../execution/job.ts";
import { type IncomingJob, type JobIo, serveJobs } from "../execution/job_server.ts";
import { runJob } from "../execution/main_pool.ts";
import { nodeLayout } from "../execution/node_layout.ts";
import {
  LOCK_KEY,
  NET_KEY,
  nodeKey,
  type NodeReference,
  toNodeAnswer,
  type WorkerNet,
} from "../execution/node_wire.ts";
import type { PoolNode } from "../execution/pool.ts";
import { reviveFunctions } from "../execution/revive_functions.ts";
import { fromJobWire, type JobWire, toStagedWire } from "../execution/staged_wire.ts";
import { isThenable } from "../execution/thenable.ts";
import { loadNodeFunctions } from "../factories/node_functions.ts";
import { ModuleLoader } from "../modules/loader.ts";
import { assertCopyable } from "../packets/copyable.ts";
import { portTypeReferences } from "../packets/port_type.ts";
import type { RPCChannel, WorkerChannel } from "../rpc/channel.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { toGraphSpec } from "../schema/to_graph.ts";
import { environment } from "./environment.ts";

/** Runs the jobs of nodes until the channel is closed. */
export async function nodeWorker(channel: RPCChannel, workerId: number): Promise<void> {
  const nodes = new WorkerNodes(workerId);
  await serveJobs(channel as WorkerChannel, {
    run: (job, io) => nodes.run(job, io),
    sendFunction: (key, reference) => nodes.know(key, reference),
  });
}

/** A node that is being loaded, or is. */
interface LoadedNode {
  readonly name: string;
  node: PoolNode | undefined;
  readonly loading: Promise<PoolNode>;
}

/** The nodes that this worker runs. */
class WorkerNodes {
  readonly #workerId: number;
  readonly #nodes = new Map<string, LoadedNode>();
  readonly #minter = new UlidMinter();
  #isLocked = false;
  #net: WorkerNet | undefined;
  #loader: ModuleLoader | undefined;
  #place: AttemptPlace | undefined;
  #netConfig: Promise<NetConfig> | undefined;

  constructor(workerId: number) {
    this.#workerId = workerId;
  }

  know(key: string, reference: unknown): void {
    if (this.#isLocked) return this.#assertKnown(reference as NodeReference);
    if (key === LOCK_KEY) {
      this.#isLocked = true;
      return;
    }
    if (key === NET_KEY) return this.#knowNet(reference as WorkerNet);
    const { node } = reference as NodeReference & { kind: "factory" };
    const loading = this.#load(node);
    const loaded: LoadedNode = { name: node.name, node: undefined, loading };
    // Whoever needs it is told.
    loading.then((node) => loaded.node = node, () => {});
    this.#nodes.set(key, loaded);
  }

  /** Those that a server serves run its nodes, and nothing that a client sends. */
  #assertKnown(reference: NodeReference | undefined): void {
    if (reference?.kind === "node" && this.#nodes.has(nodeKey(reference.node))) return;
    throw new NodeNotFoundError(reference?.kind === "node" ? reference.node : "(sent by a client)");
  }

  run({ func, args }: IncomingJob, io: JobIo): unknown {
    const loaded = this.#nodes.get(func);
    if (!loaded) throw new NodeNotFoundError(func.replace(/^node:/, ""));
    const [wire] = args as [JobWire];
    return loaded.node
      ? this.#run(loaded.node, loaded.name, wire, io)
      : loaded.loading.then((node) => this.#run(node, loaded.name, wire, io));
  }

  #run(node: PoolNode, name: string, wire: JobWire, io: JobIo): unknown {
    const job = fromJobWire(name, wire);
    const result = runJob(node, job, this.#place!, new WorkerObserver(io));
    return isThenable(result)
      ? result.then((result) => answer(job, result, io))
      : answer(job, result as JobResult, io);
  }

  #knowNet(net: WorkerNet): void {
    const { projectRoot, allowModules, made } = net;
    this.#net = net;
    this.#loader = new ModuleLoader({ projectRoot, allowModules, made });
    this.#place = {
      poolId: net.poolId,
      workerId: this.#workerId,
      projectRoot,
      now: () => Date.now(),
      newId: (nowMs: number): PacketId => this.#minter.next(nowMs),
    };
  }

  async #load(sent: ResolvedNodeConfig): Promise<PoolNode> {
    const loader = this.#loader!;
    const config: ResolvedNodeConfig = {
      ...sent,
      vars: Object.freeze(Object.assign(Object.create(null), sent.vars)),
      factory_args: await reviveFunctions(sent.factory_args) as Record<string, unknown>,
      execution_config: await reviveFunctions(sent.execution_config) as never,
    };
    Object.freeze(config);
    const references = [...config.in_ports.values(), ...config.out_ports.values()]
      .flatMap(({ port_type }) => portTypeReferences(port_type));
    const types = new Map(
      await Promise.all(
        [...new Set(references)].map(async (ref) =>
          [ref, await loader.loadFunction(ref).catch(() => undefined)] as const
        ),
      ),
    );
    const { exec } = await loadNodeFunctions(config, {
      netConfig: await this.#config(),
      projectRoot: this.#net!.projectRoot,
      loader,
      env: environment(),
    });
    const spec = toGraphSpec({ nodes: [config], edges: [], extra: {} }).nodes[0]!;
    return { layout: nodeLayout(config, spec, (ref) => types.get(ref)), exec: exec! };
  }

  /** The whole configuration, as factories see it. Its schemas are loaded only if it is needed. */
  #config(): Promise<NetConfig> | null {
    const { netConfig } = this.#net!;
    if (netConfig === null) return null;
    return this.#netConfig ??= import("../config/net_config.ts")
      .then(({ NetConfig }) => NetConfig.parse(netConfig));
  }
}

/** The answer to a job, whose packets and, if it is wanted, result must have copies. */
function answer({ nodeName, wantsResult }: NodeJob, result: JobResult, io: JobIo): unknown {
  assertPacketsCopyable(result.staged);
  if (wantsResult) {
    assertCopyable(result.value, `result of node "${nodeName}"`, { classInstances: true });
  }
  io.move(result.staged.transfer);
  return toNodeAnswer(result, wantsResult);
}

function assertPacketsCopyable({ createdValues, created, actions }: StagedEffects): void {
  for (const [i, value] of createdValues.entries()) {
    if (typeof value !== "object" && typeof value !== "function" && typeof value !== "symbol") {
      continue;
    }
    const load = actions.find((action) =>
      action.type === "loadPacketIntoOutputPort" && action.packetId === created[i]
    );
    const port = load?.type === "loadPacketIntoOutputPort" ? load.portName : "";
    assertCopyable(value, `packet "${port}"[${i}]`, { classInstances: true });
  }
}

/** Watches a job on behalf of those who wait for it elsewhere. */
class WorkerObserver implements JobObserver {
  readonly #io: JobIo;
  readonly printed: JobObserver["printed"];
  readonly logged: JobObserver["logged"];

  constructor(io: JobIo) {
    this.#io = io;
    this.printed = (entries) => io.print(entries);
    this.logged = (entry) => io.log(entry);
  }

  get signal(): AbortSignal {
    return this.#io.signal;
  }

  /** It was told before the function was known. */
  started(): void {}

  yielded(staged: StagedEffects): Promise<void> {
    assertPacketsCopyable(staged);
    return this.#io.yielded(toStagedWire(staged), staged.transfer);
  }
}
