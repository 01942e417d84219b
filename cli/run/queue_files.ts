/**
 * `--output`: output queues written as JSON lines while the net runs.
 *
 * @module
 */
import { resolve } from "node:path";
import { clearImmediate, setImmediate } from "node:timers";
import type { Net } from "../../runtime/net/net.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { type CommandCall, CommandError, type Option } from "../command.ts";
import { splitAssignment } from "../variables.ts";

/** The option. */
export const outputOption: Option = {
  name: "output",
  value: "QUEUE=FILE",
  many: true,
  help: "write this queue as JSON lines as packets come; - writes to standard output",
};

interface QueueWriter {
  write(text: string): void;
  close(): void;
}

/** The queues of one run that are written to files or standard output. */
export class QueueFiles implements Disposable {
  readonly #writers = new Map<string, QueueWriter>();
  /** Writes what is left at the end, unless writing has failed. */
  #rest: () => void = () => {};
  readonly #failed = Promise.withResolvers<never>();
  #due: ReturnType<typeof setImmediate> | undefined;
  /** Whether a queue goes to standard output, so that the result may not. */
  readonly toStandardOutput: boolean;

  /**
   * Opens the files that a call names.
   *
   * @throws {CommandError} If a queue does not exist, or a file cannot be written.
   */
  constructor(call: CommandCall, queues: readonly string[]) {
    const places = call.values("output").map((text) =>
      splitAssignment("output", text, "QUEUE=FILE")
    );
    for (const [queue] of places) if (!queues.includes(queue)) throw noSuchQueue(queue, queues);
    for (const [queue, file] of places) {
      this.#writers.set(
        queue,
        file === "-"
          ? { write: call.io.out, close: () => {} }
          : openFile(resolve(call.io.cwd, file)),
      );
    }
    // Whoever does not wait for it is not to end the program by it.
    this.failed.catch(() => {});
    this.toStandardOutput = places.some(([, file]) => file === "-");
  }

  /** Rejects as soon as something cannot be written. */
  get failed(): Promise<never> {
    return this.#failed.promise;
  }

  /** Whether this queue is written, and so left out of the printed result. */
  writes(queue: string): boolean {
    return this.#writers.has(queue);
  }

  /** Writes packets as they come: those of one turn of the event loop at once. */
  follow(net: Net): void {
    if (this.#writers.size === 0) return;
    this.#rest = () => this.drainAll(net);
    net.onCommit(({ queued }) => {
      if (queued === undefined) return;
      this.#due ??= setImmediate(() => {
        this.#due = undefined;
        try {
          this.drainAll(net);
        } catch (error) {
          this.#failed.reject(error);
        }
      });
    });
  }

  /** Writes what the queues hold. */
  drainAll(net: Net): void {
    for (const [queue, writer] of this.#writers) {
      const values = net.flushOutputQueue(queue);
      if (values.length === 0) continue;
      try {
        writer.write(values.map((value) => `${JSON.stringify(toJSONValue(value))}\n`).join(""));
      } catch (error) {
        this.#rest = () => {};
        throw error;
      }
    }
  }

  /** Closes the files, after what has come and is not written yet. */
  [Symbol.dispose](): void {
    if (this.#due !== undefined) clearImmediate(this.#due);
    this.#rest();
    for (const writer of this.#writers.values()) writer.close();
  }
}

function noSuchQueue(queue: string, queues: readonly string[]): CommandError {
  const near = nearestName(queue, queues);
  const hint = near !== undefined
    ? `did you mean ${near}?`
    : queues.length === 0
    ? "the net has none"
    : `there are ${queues.join(", ")}`;
  return new CommandError(`--output ${queue}: no such output queue; ${hint}`);
}

function openFile(path: string): QueueWriter {
  const encoder = new TextEncoder();
  try {
    const file = Deno.openSync(path, { write: true, create: true, truncate: true });
    return {
      write(text) {
        const bytes = encoder.encode(text);
        try {
          for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
        } catch (error) {
          throw cannotWrite(path, error);
        }
      },
      close: () => file.close(),
    };
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

function cannotWrite(path: string, cause: unknown): CommandError {
  return new CommandError(`Cannot write ${path}: ${(cause as Error).message}`, { cause });
}
