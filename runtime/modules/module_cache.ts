/**
 * A folder of texts that can be made again: what one run has worked out, the next one takes.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** What nobody has asked for in this time is removed. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * Texts by name, in files of one folder.
 *
 * A name stands for one text for ever (it is a hash of all that the text depends on), so programs
 * that run at the same time may share the folder: whoever is last writes the same again.
 */
export class ModuleCache {
  /** Absolute path of the folder. */
  readonly folder: string;

  /** Takes an existing folder. */
  constructor(folder: string) {
    this.folder = folder;
  }

  /** The `file:` URL of a text. */
  url(name: string): string {
    return pathToFileURL(join(this.folder, name)).href;
  }

  /** The text of a name, if the folder has it. */
  async read(name: string): Promise<string | undefined> {
    if (!await this.has(name)) return undefined;
    return await Deno.readTextFile(join(this.folder, name)).catch(() => undefined);
  }

  /** Whether the folder has a text of this name; it is kept for a while then. */
  async has(name: string): Promise<boolean> {
    const now = new Date();
    return await Deno.utime(join(this.folder, name), now, now).then(() => true, () => false);
  }

  /** Adds a text; others see all of it or nothing. */
  async write(name: string, text: string): Promise<void> {
    const draft = join(this.folder, `${name}.${crypto.randomUUID()}.draft`);
    try {
      await Deno.writeTextFile(draft, text, { createNew: true });
      await Deno.rename(draft, join(this.folder, name));
    } catch (cause) {
      await Deno.remove(draft).catch(() => {});
      // On Windows a file that another program reads cannot be replaced, but then it is there.
      if (!await this.has(name)) throw cause;
    }
  }

  /** Removes what has not been asked for during a month. */
  async prune(nowMs: number): Promise<void> {
    for await (const { name } of Deno.readDir(this.folder)) {
      const path = join(this.folder, name);
      const info = await Deno.stat(path).catch(() => undefined);
      // Another program may be faster.
      if (nowMs - (info?.mtime?.getTime() ?? nowMs) > KEPT_MS) {
        await Deno.remove(path).catch(() => {});
      }
    }
  }
}

/** The name of a text that depends on `parts` and nothing else. */
export function hashName(parts: readonly string[]): string {
  const hash = createHash("sha256");
  // Lengths keep ["ab", "c"] and ["a", "bc"] apart.
  for (const part of parts) hash.update(`${part.length}:${part}`);
  return hash.digest("hex").slice(0, 40);
}

/**
 * Opens the cache of this user: in the user's folder for caches, else in the temporary folder.
 *
 * @throws {Deno.errors.PermissionDenied} If the one in the temporary folder is not the user's own.
 */
export async function openUserCache(): Promise<ModuleCache> {
  const folder = userCacheFolder();
  if (folder !== undefined) {
    const modules = join(folder, "netrun", "modules");
    const isMade = await Deno.mkdir(modules, { recursive: true, mode: 0o700 })
      .then(() => true, () => false);
    if (isMade) return new ModuleCache(modules);
  }
  const shared = join(tmpdir(), `netrun-modules-${Deno.uid() ?? "user"}`);
  await Deno.mkdir(shared, { recursive: true, mode: 0o700 });
  // Code that runs comes from there: nobody else may have made the folder or write into it.
  const { isDirectory, uid, mode } = await Deno.lstat(shared);
  if (!isDirectory || uid !== Deno.uid() || ((mode ?? 0) & 0o077) !== 0) {
    throw new Deno.errors.PermissionDenied(
      `Cannot keep modules in ${shared}: it must be a folder that only you can read and write; ` +
        "remove it, or set XDG_CACHE_HOME to a folder of yours",
    );
  }
  return new ModuleCache(shared);
}

function userCacheFolder(): string | undefined {
  const named = Deno.env.get("XDG_CACHE_HOME");
  if (named) return named;
  if (Deno.build.os === "windows") return Deno.env.get("LOCALAPPDATA");
  const home = Deno.env.get("HOME");
  if (!home) return undefined;
  return Deno.build.os === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}
