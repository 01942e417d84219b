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
  readonly #isReadOnly: boolean;

  /** Takes an existing folder, in which nothing is changed if `isReadOnly`. */
  constructor(folder: string, { isReadOnly = false }: { isReadOnly?: boolean } = {}) {
    this.folder = folder;
    this.#isReadOnly = isReadOnly;
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
    const path = join(this.folder, name);
    const now = new Date();
    const asked = this.#isReadOnly ? Deno.stat(path) : Deno.utime(path, now, now);
    return await asked.then(() => true, () => false);
  }

  /**
   * Adds a text; others see all of it or nothing.
   *
   * @throws {TypeError} If nothing may be changed.
   */
  async write(name: string, text: string): Promise<void> {
    if (this.#isReadOnly) {
      throw new TypeError(
        "it is TypeScript, which only the program itself can make JavaScript, not a worker whose " +
          "permissions are restricted: name it in the net file, or write it as JavaScript",
      );
    }
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
  const own = ownFolder();
  if (own !== undefined) {
    const isMade = await Deno.mkdir(own, { recursive: true, mode: 0o700 })
      .then(() => true, () => false);
    if (isMade) return new ModuleCache(own);
  }
  const shared = sharedFolder();
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

/** What one program tells another that may not look for it. */
export interface MadeModules {
  /** The folder of the JavaScript that it has made. */
  readonly folder: string;
  /** Stands for the version of the code that has made it. */
  readonly version: string;
}

/** Where this program keeps the JavaScript that it makes; null if it makes none, or may not know. */
export function madeModules(): MadeModules | null {
  if (!Deno.build.standalone) return null;
  try {
    const own = ownFolder();
    const folder = own !== undefined && isFolder(own) ? own : sharedFolder();
    return { folder, version: programVersion() };
  } catch {
    return null;
  }
}

/** Another program, or the same compiled anew, may write other JavaScript. */
export function programVersion(): string {
  const { size, mtime } = Deno.statSync(Deno.execPath());
  return `${Deno.version.deno} ${size} ${mtime?.getTime()}`;
}

/** The user's cache, if there is a folder for caches. */
function ownFolder(): string | undefined {
  const folder = userCacheFolder();
  return folder && join(folder, "netrun", "modules");
}

/** The user's cache, else. */
function sharedFolder(): string {
  return join(tmpdir(), `netrun-modules-${Deno.uid() ?? "user"}`);
}

function isFolder(path: string): boolean {
  try {
    return Deno.statSync(path).isDirectory;
  } catch {
    return false;
  }
}

function userCacheFolder(): string | undefined {
  const named = Deno.env.get("XDG_CACHE_HOME");
  if (named) return named;
  if (Deno.build.os === "windows") return Deno.env.get("LOCALAPPDATA");
  const home = Deno.env.get("HOME");
  if (!home) return undefined;
  return Deno.build.os === "darwin" ? join(home, "Library", "Caches") : join(home, ".cache");
}
