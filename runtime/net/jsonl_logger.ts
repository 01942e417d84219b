/**
 * Logs of epochs and actions as files of JSON lines.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { EpochLog } from "./epoch_log.ts";
import { NetActionLog } from "./net_action_log.ts";

/** What to do with lines that cannot be read. */
export interface LoadLogOptions {
  /**
   * `skip` passes over them, such as the last line of a program that was killed while writing it.
   *
   * @default {"throw"}
   */
  invalid?: "throw" | "skip";
}

/** A file to which lines are appended. Each is on disk, as far as the system goes, at once. */
class LineFile implements Disposable {
  readonly #file: Deno.FsFile;
  #open = true;

  constructor(path: string | URL) {
    this.#file = Deno.openSync(path, { create: true, append: true });
  }

  append(data: unknown): void {
    const bytes = new TextEncoder().encode(`${JSON.stringify(data)}\n`);
    for (let written = 0; written < bytes.length;) {
      written += this.#file.writeSync(bytes.subarray(written));
    }
  }

  [Symbol.dispose](): void {
    if (!this.#open) return;
    this.#open = false;
    this.#file.close();
  }
}

/**
 * Appends the log of every epoch that ends to a file, one JSON object a line.
 *
 * Existing content is kept. Needs permission to write the file.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { EpochLog } from "@netrun/netrun";
 *
 * const path = await Deno.makeTempFile({ suffix: ".jsonl" });
 * const log = new EpochLog({ epochId: "01J0", nodeName: "A", createdAt: 0, outcome: "success" });
 * {
 *   using logger = new JsonlEpochLogger(path);
 *   logger.handler("A", "01J0", log); // or: net.onEpochEnd(logger.handler)
 * }
 * assertEquals(await JsonlEpochLogger.load(path), [log]);
 * await Deno.remove(path);
 * ```
 */
export class JsonlEpochLogger implements Disposable {
  readonly #file: LineFile;

  /** Opens the file, which is made if there is none. */
  constructor(path: string | URL) {
    this.#file = new LineFile(path);
  }

  /** What to hand to `net.onEpochEnd`. */
  readonly handler = (_nodeName: string, _epochId: string, log: EpochLog): void => {
    this.#file.append(log);
  };

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  /**
   * Reads the logs of a file, in the order in which they were written.
   *
   * @throws {InvalidArgumentError} If a line cannot be read; file and line are named.
   */
  static load(path: string | URL, options?: LoadLogOptions): Promise<EpochLog[]> {
    return loadLines(path, EpochLog.fromJSON, options);
  }
}

/** Appends every action of the simulator to a file, one JSON object a line. */
export class JsonlNetActionLogger implements Disposable {
  readonly #file: LineFile;

  /** Opens the file, which is made if there is none. */
  constructor(path: string | URL) {
    this.#file = new LineFile(path);
  }

  /** What to hand to `net.onNetActions`. */
  readonly handler = (actions: readonly NetActionLog[]): void => {
    for (const action of actions) this.#file.append(action);
  };

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }

  /**
   * Reads the actions of a file, in the order in which they were written.
   *
   * @throws {InvalidArgumentError} If a line cannot be read; file and line are named.
   */
  static load(path: string | URL, options?: LoadLogOptions): Promise<NetActionLog[]> {
    return loadLines(path, NetActionLog.fromJSON, options);
  }
}

async function loadLines<T>(
  path: string | URL,
  read: (data: unknown) => T,
  { invalid = "throw" }: LoadLogOptions = {},
): Promise<T[]> {
  const lines = (await Deno.readTextFile(path)).split("\n");
  const records: T[] = [];
  for (const [index, line] of lines.entries()) {
    if (line.trim() === "") continue;
    try {
      records.push(read(JSON.parse(line)));
    } catch (cause) {
      if (invalid === "skip") continue;
      throw new InvalidArgumentError(
        `Cannot read line ${index + 1} of ${path}: ${(cause as Error).message}; ` +
          'pass {invalid: "skip"} to read the others',
        { cause },
      );
    }
  }
  return records;
}
