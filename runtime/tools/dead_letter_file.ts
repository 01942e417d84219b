/**
 * Epochs that failed for good, with their inputs, in a file of JSON lines.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { dirname } from "node:path";
import { deserialize, serialize } from "node:v8";
import { errorRecord } from "../execution/error_record.ts";
import type { ErrorRecord } from "../execution/node_execution_context.ts";
import type { DeadLetter } from "../net/dead_letter.ts";
import { findObstacle } from "../packets/copyable.ts";
import { toJSONValue } from "../packets/json_value.ts";

/** A dead letter as the file keeps it. */
export interface StoredDeadLetter {
  /** The epoch. */
  id: string;
  /** Absolute path of the net file. */
  net: string;
  /** The node. */
  node: string;
  /** The input condition that had formed the epoch. */
  salvo_condition: string;
  /** How it failed. */
  error: ErrorRecord;
  /** When, in ISO 8601. */
  at: string;
  /** How many times it was tried again. */
  retry_count: number;
  /** Its inputs by port, for reading. */
  values: Record<string, unknown>;
  /** Whether its inputs can be read back as they were. */
  retryable: boolean;
  /** Its inputs by port, for running it again: v8's format in base64; absent if not retryable. */
  data?: string;
}

/** A line that takes a dead letter back. */
interface Tombstone {
  done: string;
  at: string;
}

/**
 * A file of dead letters: lines are only added, until it is cleared.
 *
 * Values may be secret, so nobody else may read the file. Who adds to it holds a shared lock, so that
 * it is not cleared meanwhile.
 */
export class DeadLetterFile implements Disposable {
  /** Where it is. */
  readonly path: string;
  #file: Deno.FsFile | undefined;

  /** Prepares a file; nothing is opened or created yet. */
  constructor(path: string) {
    this.path = path;
  }

  /** Adds a dead letter of a net. */
  add(letter: DeadLetter, net: string): void {
    const { values } = letter;
    const retryable = findObstacle(values) === undefined;
    const cause = letter.error.cause ?? letter.error;
    const stored: StoredDeadLetter = {
      id: letter.epochId,
      net,
      node: letter.nodeName,
      salvo_condition: letter.salvoCondition,
      error: errorRecord(cause),
      at: new Date().toISOString(),
      retry_count: letter.retryCount,
      values: toJSONValue(values) as Record<string, unknown>,
      retryable,
      ...retryable ? { data: serialize(values).toString("base64") } : {},
    };
    this.#append(stored);
  }

  /** Takes dead letters back: they are no longer among the entries. */
  finish(ids: readonly string[]): void {
    const at = new Date().toISOString();
    for (const done of ids) this.#append({ done, at });
  }

  /** The entries that were not taken back, oldest first; of one net, if one is named. */
  async entries(net?: string): Promise<StoredDeadLetter[]> {
    let text: string;
    try {
      text = await Deno.readTextFile(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return [];
      throw error;
    }
    const entries = new Map<string, StoredDeadLetter>();
    for (const line of text.split("\n")) {
      const entry = parseLine(line);
      if (entry === undefined) continue;
      if ("done" in entry) entries.delete(entry.done);
      else entries.set(entry.id, entry);
    }
    return [...entries.values()].filter((entry) => net === undefined || entry.net === net);
  }

  /**
   * Rewrites the file without the entries of a net.
   *
   * @returns How many were removed; undefined if somebody is adding to the file.
   */
  async clear(net: string): Promise<number | undefined> {
    const entries = await this.entries();
    const kept = entries.filter((entry) => entry.net !== net);
    let file: Deno.FsFile;
    try {
      file = await Deno.open(this.path, { read: true, write: true });
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return 0;
      throw error;
    }
    using opened = file;
    if (!await opened.tryLock(true)) return undefined;
    await opened.truncate(0);
    const text = kept.map((entry) => `${JSON.stringify(entry)}\n`).join("");
    writeAll(opened, new TextEncoder().encode(text));
    return entries.length - kept.length;
  }

  /** Closes the file. */
  [Symbol.dispose](): void {
    this.#file?.close();
    this.#file = undefined;
  }

  #append(line: StoredDeadLetter | Tombstone): void {
    if (this.#file === undefined) {
      Deno.mkdirSync(dirname(this.path), { recursive: true });
      this.#file = Deno.openSync(this.path, { create: true, append: true, mode: 0o600 });
      this.#file.lockSync(false);
    }
    writeAll(this.#file, new TextEncoder().encode(`${JSON.stringify(line)}\n`));
  }
}

/** The inputs of a dead letter by port, as they were; undefined if they cannot be read back. */
export function storedInputs(entry: StoredDeadLetter): Record<string, unknown[]> | undefined {
  if (!entry.retryable || entry.data === undefined) return undefined;
  return deserialize(Buffer.from(entry.data, "base64"));
}

/** An entry; undefined for what cannot be read, such as the end of a program that was killed. */
function parseLine(line: string): StoredDeadLetter | Tombstone | undefined {
  try {
    return line.trim() === "" ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}

function writeAll(file: Deno.FsFile, bytes: Uint8Array): void {
  for (let done = 0; done < bytes.length;) done += file.writeSync(bytes.subarray(done));
}
