/**
 * The cache at work: epochs of a node that look for a result, and leave theirs.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import type { StagedEffects } from "../execution/job.ts";
import type { PrintEntry } from "../execution/prints.ts";
import { type EncodedInput, encodeValue } from "../storage/cache_entry.ts";
import type { CachedNode } from "../storage/cached_node.ts";
import { stageEffects } from "../storage/effects.ts";
import type { CachedResult, EpochCache } from "../storage/epoch_cache.ts";
import { EpochRecording } from "../storage/epoch_recording.ts";
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NodeStorage, StorageVisit } from "./node_storage.ts";
import type { Steps } from "./task.ts";
import { Turns } from "./turns.ts";

/** The cached epochs of one node. Trouble of the cache never fails an epoch. */
export class CachedEpochs implements NodeStorage {
  readonly cache: EpochCache;
  readonly node: CachedNode;
  /** Whether nothing is looked up, so that everything is stored anew. */
  readonly #refresh: boolean;
  readonly #turns = new Turns();

  /** Creates the cache of a node. */
  constructor(cache: EpochCache, node: CachedNode, refresh: boolean) {
    this.cache = cache;
    this.node = node;
    this.#refresh = refresh;
  }

  *visit(engine: Engine, epoch: LiveEpoch): Steps<StorageVisit> {
    const { cache, node: { name, settings } } = this;
    let key: string;
    try {
      key = this.node.key(epoch.inSalvo.salvoCondition, epoch.inputs!);
    } catch (error) {
      cache.skip(name, (error as Error).message);
      return new Visit(this, engine, epoch, undefined, undefined);
    }
    if (settings.what !== "both") return new Visit(this, engine, epoch, key, undefined);
    yield* this.#turns.wait(engine, epoch, key);
    const found = this.#refresh ? undefined : cache.lookUp(key, settings);
    if (found) {
      cache.counts(name).hits++;
      return new Visit(this, engine, epoch, key, found);
    }
    cache.counts(name).misses++;
    this.#turns.take(key, epoch);
    return new Visit(this, engine, epoch, key, undefined);
  }

  /** The epoch does not compute that key any more. */
  leave(key: string, epoch: LiveEpoch): void {
    this.#turns.end(key, epoch);
  }
}

class Visit implements StorageVisit {
  readonly outcome = "cache_hit";
  readonly #epochs: CachedEpochs;
  readonly #engine: Engine;
  readonly #epoch: LiveEpoch;
  /** Undefined if the inputs have none. */
  readonly #key: string | undefined;
  readonly #found: CachedResult | undefined;
  /** Encoded before the function can change them. */
  #inputs: readonly EncodedInput[] = [];
  /** What the function did so far; undefined if that is not stored. */
  #recording: EpochRecording | undefined;

  constructor(
    epochs: CachedEpochs,
    engine: Engine,
    epoch: LiveEpoch,
    key: string | undefined,
    found: CachedResult | undefined,
  ) {
    this.#epochs = epochs;
    this.#engine = engine;
    this.#epoch = epoch;
    this.#key = key;
    this.#found = found;
    if (key !== undefined && !found) this.#encodeInputs();
  }

  get isHit(): boolean {
    return this.#found !== undefined;
  }

  replay(): StagedEffects {
    const engine = this.#engine;
    const epoch = this.#epoch;
    const { actions, values, prints, logs } = this.#found!;
    if (this.#epochs.node.settings.replayPrints) {
      epoch.addPrints(prints.map(mark));
      epoch.logEntries = [...logs];
    }
    const newId = (): PacketId => engine.newId(engine.clock.now());
    return stageEffects(actions, { epochId: epoch.id, inputs: epoch.inputs!, values, newId });
  }

  replayRefused(error: unknown): void {
    const { cache, node: { name } } = this.#epochs;
    cache.counts(name).hits--;
    cache.counts(name).misses++;
    this.#encodeInputs();
    cache.skip(name, `what is stored does not fit the node any more: ${error}`);
    this.#epoch.clearPrints();
    this.#epoch.logEntries = undefined;
  }

  beforePart(staged: StagedEffects): void {
    this.#record(staged);
  }

  beforeCommit(staged: StagedEffects): undefined {
    this.#record(staged);
  }

  afterCommit(): Promise<void> | undefined {
    const { cache, node: { name, settings } } = this.#epochs;
    const outputs = this.#recording ?? null;
    if (this.#key === undefined || (outputs === null && settings.what !== "input")) {
      return undefined;
    }
    return cache.store({
      node: name,
      condition: this.#epoch.inSalvo.salvoCondition,
      epochId: this.#epoch.id,
      key: this.#key,
      inputs: this.#inputs,
      outputs,
      prints: this.#epoch.prints ?? [],
      logs: this.#epoch.logEntries ?? [],
    }, settings);
  }

  leave(): void {
    if (this.#key !== undefined) this.#epochs.leave(this.#key, this.#epoch);
  }

  /** Adds to the recording what the function staged, before anybody else can change it. */
  #record(staged: StagedEffects): void {
    const { cache, node: { name, settings } } = this.#epochs;
    if (this.#key === undefined || settings.what === "input") return;
    // What an earlier attempt did is undone; of what was committed no attempt is made again.
    if (!this.#epoch.committedPart) {
      this.#recording = new EpochRecording(this.#epoch.inputs!, {
        maxValueBytes: settings.maxValueBytes,
        maxBytes: cache.maxBytes,
      });
    }
    try {
      this.#recording?.add(staged);
    } catch (error) {
      this.#recording = undefined;
      cache.skip(name, (error as Error).message);
    }
  }

  #encodeInputs(): void {
    this.#inputs = this.#epoch.inputs!
      .map(({ portName, value }) => ({ ...encodeValue(value), portName }));
  }
}

function mark({ timestamp, text }: PrintEntry): PrintEntry {
  return { timestamp, text: `[cached] ${text}` };
}
