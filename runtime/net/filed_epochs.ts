/**
 * File storage at work: epochs of a node whose outputs are files.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import type { PacketValue, StagedEffects } from "../execution/job.ts";
import { isThenable } from "../execution/thenable.ts";
import { isLazyPacketValue } from "../packets/lazy_value.ts";
import { EffectsRecorder, stageEffects } from "../storage/effects.ts";
import { FileStorageHashMismatchError, StorageError } from "../storage/error.ts";
import { inputDigest, inputSalvoHash } from "../storage/input_digest.ts";
import type { Manifest } from "../storage/manifest.ts";
import type { NodeFiles, SentValue } from "../storage/node_files.ts";
import { StoredFileValue } from "../storage/stored_file.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { NodeStorage, StorageVisit } from "./node_storage.ts";
import type { Steps } from "./task.ts";
import { Turns } from "./turns.ts";

/** A result as it was stored, with the values of its packets. */
interface FoundFiles {
  readonly manifest: Manifest;
  readonly values: readonly unknown[];
}

/** The epochs of one node whose outputs are files. Trouble with them fails the attempt. */
export class FiledEpochs implements NodeStorage {
  readonly files: NodeFiles;
  /** Packets whose values are still in files, perhaps. */
  readonly inFiles: Set<PacketId> = new Set();
  readonly #turns = new Turns();

  /** Creates the storage of a node. */
  constructor(files: NodeFiles) {
    this.files = files;
  }

  *visit(engine: Engine, epoch: LiveEpoch): Steps<StorageVisit> {
    const { slots } = this.files.config;
    const digest = inputDigest(epoch.inputs!);
    const slot = slots === "single" ? "" : digest.slice(0, 16);
    // Their turns are those of the line: otherwise two could wait for each other.
    if (epoch.node.line) yield* epoch.node.line.waitForTurn(epoch);
    yield* this.#turns.wait(engine, epoch, slot);
    this.#turns.take(slot, epoch);
    try {
      const found = yield* this.#lookUp(epoch, slot, digest);
      return new Visit(this, engine, epoch, { slot, digest }, found);
    } catch (error) {
      this.leave(slot, epoch);
      throw error;
    }
  }

  /** The epoch is done with that slot. */
  leave(slot: string, epoch: LiveEpoch): void {
    this.#turns.end(slot, epoch);
  }

  *#lookUp(epoch: LiveEpoch, slot: string, digest: string): Steps<FoundFiles | undefined> {
    const { nodeName, config } = this.files;
    const manifest = this.files.manifest(slot);
    if (!manifest) return undefined;
    if (manifest.inputDigest !== digest) {
      if (config.on_hash_change === "overwrite") return undefined;
      throw new FileStorageHashMismatchError(nodeName, manifest.inputDigest, digest);
    }
    if (manifest.version !== config.version) return undefined;
    const values = yield* epoch.interruptibly(this.files.values(manifest));
    return values && { manifest, values };
  }
}

class Visit implements StorageVisit {
  readonly outcome = "file_storage_hit";
  readonly #epochs: FiledEpochs;
  readonly #engine: Engine;
  readonly #epoch: LiveEpoch;
  readonly #place: { readonly slot: string; readonly digest: string };
  readonly #found: FoundFiles | undefined;
  /** Of the inputs as they were before the function could change them. */
  readonly #inputSalvoHash: string;
  /** As they were before, if they are stored. */
  readonly #inputs: readonly PacketValue[];

  constructor(
    epochs: FiledEpochs,
    engine: Engine,
    epoch: LiveEpoch,
    place: { readonly slot: string; readonly digest: string },
    found: FoundFiles | undefined,
  ) {
    this.#epochs = epochs;
    this.#engine = engine;
    this.#epoch = epoch;
    this.#place = place;
    this.#found = found;
    const { store_inputs, hash_method } = epochs.files.config;
    this.#inputs = found || !store_inputs ? [] : structuredClone(epoch.inputs!) as PacketValue[];
    this.#inputSalvoHash = found ? "" : inputSalvoHash(epoch.inputs!, hash_method);
  }

  get isHit(): boolean {
    return this.#found !== undefined;
  }

  replay(): StagedEffects {
    const engine = this.#engine;
    const { manifest: { actions }, values } = this.#found!;
    const newId = (): PacketId => engine.newId(engine.clock.now());
    const { id: epochId, inputs } = this.#epoch;
    const staged = stageEffects(actions, { epochId, inputs: inputs!, values, newId });
    for (const [i, id] of staged.created.entries()) {
      if (values[i] instanceof StoredFileValue) this.#epochs.inFiles.add(id);
    }
    return staged;
  }

  /** The node is executed instead, and its files are made anew. */
  replayRefused(): void {}

  beforePart({ actions }: StagedEffects): void {
    if (actions.length === 0) return;
    throw new StorageError(
      "StorageError",
      `Node "${this.#epoch.node.name}" commits what it has sent before it ends, which cannot become ` +
        "output files: let it send all at its end, or remove `file_storage`",
    );
  }

  *beforeCommit(staged: StagedEffects, isChecked: boolean): Steps<void> {
    const inputs = this.#epoch.inputs!;
    if (!isChecked && leavesAnything(staged, inputs)) return;
    if (this.#leavesNowhere(staged)) return;
    const sent = yield* this.#sentValues(staged);
    const { files } = this.#epochs;
    const effects = new EffectsRecorder(inputs);
    effects.add(staged);
    yield files.store({
      ...this.#place,
      inputSalvoHash: this.#inputSalvoHash,
      inputs: this.#inputs,
      sent,
      actions: effects.actions,
      storedAt: this.#engine.clock.now(),
    }, (keys) => this.#fetchBefore(keys));
  }

  afterCommit(): undefined {}

  leave(): void {
    this.#epochs.leave(this.#place.slot, this.#epoch);
  }

  /** Whether the commit will be refused because nobody declared where a packet goes. */
  #leavesNowhere({ salvos }: StagedEffects): boolean {
    const { routes } = this.#epoch.node;
    return this.#engine.settings.errorOnUndeclaredOutput &&
      salvos.some(({ packets }) =>
        packets.some(({ portName }) => routes.get(portName)?.kind === "nowhere")
      );
  }

  /** The values of all salvos; what is lazy among them is computed now. */
  *#sentValues(
    { actions, created, createdValues, salvos }: StagedEffects,
  ): Steps<SentValue[]> {
    const numbers = new Map(created.map((id, i) => [id, i]));
    const { evaluateLazy } = this.#engine;
    const sent: SentValue[] = [];
    for (const [salvo, { actionIndex, packets }] of salvos.entries()) {
      const action = actions[actionIndex]!;
      const condition = action.type === "sendOutputSalvo" ? action.salvoCondition : "";
      for (const packet of packets) {
        const number = numbers.get(packet.id);
        if (isLazyPacketValue(packet.value)) {
          const value = evaluateLazy(packet.value, packet.id);
          packet.value = isThenable(value) ? yield* this.#epoch.interruptibly(value) : value;
          if (number !== undefined) createdValues[number] = packet.value;
        }
        sent.push({
          salvo,
          condition,
          port: packet.portName,
          value: packet.value,
          created: number,
        });
      }
    }
    return sent;
  }

  /** Reads the values of packets that wait in files which are about to change. */
  async #fetchBefore(keys: ReadonlySet<string>): Promise<void> {
    const { inFiles } = this.#epochs;
    const { state: { packets } } = this.#engine;
    for (const id of inFiles) {
      const value = packets.exists(id) ? packets.peek(id) : undefined;
      if (!(value instanceof StoredFileValue)) {
        inFiles.delete(id);
        continue;
      }
      if (!keys.has(value.ref.file.key)) continue;
      const fetched = await this.#engine.evaluateLazy(value, id);
      inFiles.delete(id);
      // It may have been taken meanwhile.
      if (!packets.exists(id) || packets.peek(id) !== value) continue;
      const commit = new CommitDraft("resolve", this.#engine.clock.now());
      commit.resolved = [[id, fetched]];
      this.#engine.commit(commit);
    }
  }
}

/** Whether the commit of these effects would leave a packet in the epoch, and so be refused. */
function leavesAnything(staged: StagedEffects, inputs: readonly PacketValue[]): boolean {
  const inside = new Set([...inputs.map(({ id }) => id), ...staged.created]);
  for (const id of staged.consumed) inside.delete(id);
  for (const { packets } of staged.salvos) for (const { id } of packets) inside.delete(id);
  return inside.size > 0;
}
