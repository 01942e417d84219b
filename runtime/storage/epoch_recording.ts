/**
 * What an epoch does, with the values that it creates as they are at that moment.
 *
 * @module
 */
import type { PacketValue, StagedEffects } from "../execution/job.ts";
import { type EncodedValue, encodeValue } from "./cache_entry.ts";
import { EffectsRecorder, type RecordedActions } from "./effects.ts";

/** Records an epoch, at once or part by part. */
export class EpochRecording {
  /** Values of the packets that it created, in order. */
  readonly values: EncodedValue[] = [];
  readonly #effects: EffectsRecorder;
  readonly #maxValueBytes: number;
  readonly #maxBytes: number;
  #bytes = 0;

  /**
   * Starts to record.
   *
   * @param inputs The input packets, in salvo order.
   * @param options.maxValueBytes Most bytes of a value.
   * @param options.maxBytes Most bytes of all values: nobody knows how much is still to come.
   */
  constructor(
    inputs: readonly PacketValue[],
    { maxValueBytes, maxBytes }: { readonly maxValueBytes: number; readonly maxBytes: number },
  ) {
    this.#effects = new EffectsRecorder(inputs);
    this.#maxValueBytes = maxValueBytes;
    this.#maxBytes = maxBytes;
  }

  /** All that the epoch did so far. */
  get actions(): RecordedActions {
    return this.#effects.actions;
  }

  /**
   * Adds what the epoch did next.
   *
   * @throws {NotSerializableError} If a value would not come back equal.
   * @throws {RangeError} If a value is too large, or if all are too large together.
   */
  add(staged: StagedEffects): void {
    for (const value of staged.createdValues) {
      const encoded = encodeValue(value);
      const { length } = encoded.bytes;
      if (length > this.#maxValueBytes) {
        throw new RangeError("one of its values is larger than `max_value_bytes`");
      }
      this.#bytes += length;
      if (this.#bytes > this.#maxBytes) {
        throw new RangeError("its values are larger than `max_bytes` of the cache");
      }
      this.values.push(encoded);
    }
    this.#effects.add(staged);
  }
}
