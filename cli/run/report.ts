/**
 * What a run comes to, collected while it goes on.
 *
 * @module
 */
import type { DeadLetter } from "../../runtime/net/dead_letter.ts";
import type { EpochLog } from "../../runtime/net/epoch_log.ts";
import type { Net } from "../../runtime/net/net.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import { secretMask } from "../../runtime/schema/secrets_in_text.ts";
import { userFrame } from "../../runtime/tools/user_frame.ts";
import type { Io } from "../io.ts";

/** One failed epoch, as printed. */
export interface RunError {
  node: string;
  epoch: string;
  msg: string;
  type: string;
  /** Where in the user's code, if that is known. */
  at?: string;
  /** Its inputs by port. */
  inputs?: unknown;
}

/** Numbers of epochs, as printed. */
export interface EpochCounts {
  total: number;
  failed: number;
  handled: number;
  cancelled: number;
  cache_hits: number;
}

const MAX_ERRORS = 100;
const MAX_INPUT_CHARACTERS = 4096;

/** Counts epochs and keeps the first failures, from the moment that it is attached. */
export class RunReport implements Disposable {
  readonly epochs: EpochCounts = { total: 0, failed: 0, handled: 0, cancelled: 0, cache_hits: 0 };
  /** The first hundred. */
  readonly errors: RunError[] = [];
  /** What kept inputs from being read to their end. */
  readonly inputErrors: unknown[] = [];
  readonly #net: Net;
  readonly #mask: (text: string) => string;
  /** What is known of failures whose epochs have not ended yet. */
  readonly #failing = new Map<string, { deadLetter: DeadLetter | undefined; handled: boolean }>();
  readonly #stop: (() => void)[];

  /**
   * Attaches to a net.
   *
   * @param onDeadLetter Told of every epoch that failed for good.
   */
  constructor(net: Net, io: Io, onDeadLetter: (entry: DeadLetter) => void = () => {}) {
    this.#net = net;
    this.#mask = secretMask(net.config.data, io.env);
    this.#stop = [
      net.onCommit(({ type, nodeName, epochId, deadLetter, exception }) => {
        if (type !== "fail" || epochId === undefined) return;
        const hasErrorPort = net.getNodeConfig(nodeName!).execution_config.error_port !== null;
        const handled = hasErrorPort && deadLetter === undefined && exception === undefined;
        this.#failing.set(epochId, { deadLetter, handled });
        if (deadLetter) onDeadLetter(deadLetter);
      }),
      net.onEpochEnd((_node, _epoch, log) => this.#count(log)),
    ];
  }

  /** Stops collecting. */
  [Symbol.dispose](): void {
    for (const stop of this.#stop) stop();
  }

  #count(log: EpochLog): void {
    this.epochs.total++;
    switch (log.outcome) {
      case "success":
        return;
      case "cancelled":
        this.epochs.cancelled++;
        return;
      case "error":
        return this.#countFailure(log);
      default:
        this.epochs.cache_hits++;
    }
  }

  #countFailure({ epochId, nodeName, error, errorType, errorTraceback }: EpochLog): void {
    const failure = this.#failing.get(epochId);
    this.#failing.delete(epochId);
    if (failure?.handled) {
      this.epochs.handled++;
      return;
    }
    this.epochs.failed++;
    if (this.errors.length >= MAX_ERRORS) return;
    const at = userFrame(errorTraceback, this.#net.config.projectRootPath);
    this.errors.push({
      node: nodeName,
      epoch: epochId,
      msg: this.#mask(error ?? ""),
      type: errorType ?? "Error",
      ...at === undefined ? {} : { at },
      ...failure?.deadLetter === undefined
        ? {}
        : { inputs: this.#shown(failure.deadLetter.values) },
    });
  }

  /** Values as JSON, if they are not too long. */
  #shown(values: unknown): unknown {
    const text = this.#mask(JSON.stringify(toJSONValue(values)));
    if (text.length <= MAX_INPUT_CHARACTERS) return JSON.parse(text);
    return { $cut: text.slice(0, MAX_INPUT_CHARACTERS) };
  }
}
