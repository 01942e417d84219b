/**
 * Answers that code of the project gave, for as long as no file of its folder changes.
 *
 * @module
 */
import { join } from "node:path";

/** Answers that are kept. */
const MAX_ANSWERS = 100;
/** Folders with more files are not looked through for every call. */
const MAX_FILES = 2000;

/** Answers by what was asked, each with the state of the folder that it was given in. */
export class AnswerCache {
  readonly #answers = new Map<string, { stamp: string; value: unknown }>();

  /** Looks after the answers about a folder. */
  constructor(private readonly root: string) {}

  /** The answer that is known, else the one that `ask` gives; failures are asked for again. */
  async get(question: string, ask: () => Promise<unknown>): Promise<unknown> {
    const stamp = await folderStamp(this.root);
    const known = this.#answers.get(question);
    if (stamp !== undefined && known?.stamp === stamp) return known.value;
    const value = await ask();
    this.#answers.delete(question);
    if (stamp !== undefined) this.#answers.set(question, { stamp, value });
    for (const oldest of this.#answers.keys()) {
      if (this.#answers.size <= MAX_ANSWERS) break;
      this.#answers.delete(oldest);
    }
    return value;
  }
}

/** Names, sizes and times of all files; undefined if there are too many. */
async function folderStamp(root: string): Promise<string | undefined> {
  const stamps: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    for (const { name, isDirectory } of await Array.fromAsync(Deno.readDir(folder))) {
      if (name.startsWith(".") || name === "node_modules") continue;
      const path = join(folder, name);
      if (isDirectory) folders.push(path);
      else {
        const info = await Deno.stat(path).catch(() => undefined);
        stamps.push(`${path} ${info?.size} ${info?.mtime?.getTime()}`);
      }
      if (stamps.length + folders.length > MAX_FILES) return undefined;
    }
  }
  return stamps.sort().join("\n");
}
