/**
 * What the nodes of a net printed: by epoch, by node, or all together.
 *
 * @module
 */
import type { EpochId } from "../../sim/action.ts";
import { formatTime } from "../execution/prints.ts";
import type { LogLine } from "./epoch_log.ts";

/** An epoch, as far as its log is concerned. An `EpochLog` is one. */
export interface LoggedEpoch {
  /** The epoch. */
  readonly epochId: EpochId;
  /** Its node. */
  readonly nodeName: string;
  /** Pool of the last attempt, if it came to one. */
  readonly poolId?: string | undefined;
  /** Worker of the last attempt, if it came to one. */
  readonly workerId?: number | undefined;
  /** What it printed, oldest first. */
  readonly logs: readonly LogLine[];
}

/** A line of a log, with whose it is. */
export interface AttributedLogLine extends LogLine {
  /** Epoch that printed it. */
  readonly epochId: EpochId;
  /** Node that printed it. */
  readonly nodeName: string;
}

/** How one epoch's log is printed. */
export interface PrintEpochLogOptions {
  /**
   * Begin each line with its time.
   *
   * @default {true}
   */
  includeTimestamps?: boolean;
}

/** How the logs of several epochs are printed. */
export interface PrintLogsOptions extends PrintEpochLogOptions {
  /**
   * One list by time, each line with whose it is, instead of a group for each epoch.
   *
   * @default {false}
   */
  chronological?: boolean;
}

/**
 * The logs of a net (`net.logs`).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const printed: string[] = [];
 * const logs = new NetLogs(
 *   () => [{ epochId: "01J0", nodeName: "A", logs: [{ timestamp: 0, message: "hello\n" }] }],
 *   (line) => printed.push(line),
 * );
 * assertEquals(logs.forNode("A"), [{ timestamp: 0, message: "hello\n" }]);
 * logs.printAll();
 * assertEquals(printed, ["=== A ===", "--- Epoch 01J0 ---", "[00:00:00.000] hello"]);
 * ```
 */
export class NetLogs {
  readonly #epochs: () => Iterable<LoggedEpoch>;
  readonly #print: (line: string) => void;

  /**
   * Creates the view of some epochs' logs.
   *
   * @param epochs Returns the epochs, in order of creation.
   * @param print Receives what is printed, line by line.
   */
  constructor(
    epochs: () => Iterable<LoggedEpoch>,
    print: (line: string) => void = console.log,
  ) {
    this.#epochs = epochs;
    this.#print = print;
  }

  /** What an epoch printed, oldest first; empty if it is unknown. */
  forEpoch(epochId: EpochId): LogLine[] {
    for (const epoch of this.#epochs()) {
      if (epoch.epochId === epochId) return copyLines(epoch);
    }
    return [];
  }

  /** What a node printed, by time. */
  forNode(nodeName: string): LogLine[] {
    return this.#ofNode(nodeName).flatMap(copyLines).sort(byTime);
  }

  /** What was printed by all, by time; lines of the same time stay in order of their epochs. */
  allChronological(): AttributedLogLine[] {
    return [...this.#epochs()].flatMap(attribute).sort(byTime);
  }

  /** Prints what an epoch printed. */
  printEpoch(epochId: EpochId, options: PrintEpochLogOptions = {}): void {
    for (const line of this.forEpoch(epochId)) this.#print(formatLine(line, options));
  }

  /** Prints what a node printed. */
  printNode(nodeName: string, options: PrintLogsOptions = {}): void {
    const epochs = this.#ofNode(nodeName);
    if (!options.chronological) return this.#printGroups(epochs, options);
    for (const line of epochs.flatMap(attribute).sort(byTime)) {
      this.#print(formatLine(line, options, line.epochId));
    }
  }

  /** Prints what was printed by all. */
  printAll(options: PrintLogsOptions = {}): void {
    if (!options.chronological) return this.#printGroups([...this.#epochs()], options);
    for (const line of this.allChronological()) {
      this.#print(formatLine(line, options, line.nodeName));
    }
  }

  #ofNode(nodeName: string): LoggedEpoch[] {
    return [...this.#epochs()].filter((epoch) => epoch.nodeName === nodeName);
  }

  /** Prints epochs under their nodes, these in the order of their first epoch. */
  #printGroups(epochs: readonly LoggedEpoch[], options: PrintEpochLogOptions): void {
    for (const [nodeName, group] of Map.groupBy(epochs, (epoch) => epoch.nodeName)) {
      this.#print(`=== ${nodeName} ===`);
      for (const { epochId, poolId, workerId, logs } of group) {
        const worker = poolId === undefined ? "" : ` [${poolId}/${workerId ?? 0}]`;
        this.#print(`--- Epoch ${epochId}${worker} ---`);
        for (const line of logs) this.#print(formatLine(line, options));
      }
    }
  }
}

function copyLines({ logs }: LoggedEpoch): LogLine[] {
  return logs.map(({ timestamp, message }) => ({ timestamp, message }));
}

function attribute({ epochId, nodeName, logs }: LoggedEpoch): AttributedLogLine[] {
  return logs.map(({ timestamp, message }) => ({ timestamp, epochId, nodeName, message }));
}

function byTime(a: LogLine, b: LogLine): number {
  return a.timestamp - b.timestamp;
}

function formatLine(line: LogLine, options: PrintEpochLogOptions, owner?: string): string {
  const { includeTimestamps = true } = options;
  const time = includeTimestamps ? `[${formatTime(line.timestamp)}] ` : "";
  return `${time}${owner === undefined ? "" : `[${owner}] `}${line.message.trim()}`;
}
