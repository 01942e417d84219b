/**
 * Whatever of a net outlives an epoch.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import type { Graph } from "../../sim/graph.ts";
import { NetSim } from "../../sim/net_sim.ts";
import { PacketStore } from "../packets/packet_store.ts";
import { BoundedList } from "./bounded_list.ts";
import type { FailedAttempt } from "./commit.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { EpochError } from "./error.ts";
import { CommitIds } from "./commit_ids.ts";
import { Origins } from "./origins.ts";
import type { OutputQueues } from "./output_queues.ts";

/** What is known of a node for as long as the net lives. */
export interface NodeState {
  /** Whether its epochs are run. */
  enabled: boolean;
  /** How many epochs it has had, as far as `max_epochs` counts them. */
  epochCount: number;
}

/** What a {@linkcode NetState} is made of. */
export interface NetStateParts {
  readonly graph: Graph;
  readonly queues: OutputQueues;
  /** Names of the nodes that are disabled from the start. */
  readonly disabled: readonly string[];
  /** Mints ids from the time in ms. */
  readonly newId: (nowMs: number) => string;
  readonly now: () => number;
}

/** Most failures and dead letters that are kept. */
const maxKept = 10_000;

/** The state of a net. It changes only by `applyCommit`. */
export class NetState {
  /** Where packets are and which epochs there are. */
  readonly sim: NetSim;
  /** Values of the packets in the simulator. */
  readonly packets: PacketStore = new PacketStore();
  /** What has left the net and was not fetched yet. */
  readonly queues: OutputQueues;
  /** Epochs that failed for good. */
  readonly deadLetters: BoundedList<DeadLetter> = new BoundedList(maxKept);
  /** Failures that were not thrown. */
  readonly exceptions: BoundedList<EpochError> = new BoundedList(maxKept);
  /** Failed attempts of live epochs. */
  readonly attempts: Map<EpochId, FailedAttempt[]> = new Map();
  /** What derives from which call. */
  readonly origins: Origins = new Origins();
  /** Ids for the simulator: those of the commit that is being applied. */
  readonly ids: CommitIds;
  readonly #nodes: ReadonlyMap<string, NodeState>;

  /** Creates the state of a net in which nothing has happened yet. */
  constructor({ graph, queues, disabled, newId, now }: NetStateParts) {
    this.ids = new CommitIds(newId);
    this.sim = new NetSim(graph, { newId: this.ids.take, now, skipEmptySalvos: true });
    this.queues = queues;
    this.#nodes = new Map(
      graph.nodes.map(({ name }) => [name, { enabled: !disabled.includes(name), epochCount: 0 }]),
    );
  }

  /** What is known of a node of the graph. */
  node(name: string): NodeState {
    return this.#nodes.get(name)!;
  }

  /** Remembers a failed attempt until its epoch ends. */
  addAttempt(epochId: EpochId, attempt: FailedAttempt): void {
    const attempts = this.attempts.get(epochId);
    if (attempts) attempts.push(attempt);
    else this.attempts.set(epochId, [attempt]);
  }

  /** Forgets the failed attempts of an epoch that has ended. */
  forgetAttempts(epochId: EpochId): void {
    if (this.attempts.size > 0) this.attempts.delete(epochId);
  }
}
