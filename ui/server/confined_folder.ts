/**
 * The folder that the studio works in: nothing outside it is read or written.
 *
 * @module
 */
import { dirname, isAbsolute, join, relative, resolve, sep as SEPARATOR } from "node:path";
import { RequestFailure } from "./wire.ts";

/** A folder and the rule that paths stay in it. */
export class ConfinedFolder {
  private constructor(
    /** Absolute path, links resolved. */
    readonly root: string,
  ) {}

  /** Opens a folder. */
  static async open(path: string): Promise<ConfinedFolder> {
    return new ConfinedFolder(await Deno.realPath(path));
  }

  /**
   * The absolute path of something in the folder, links resolved; what it leads to may be missing.
   *
   * @param path From the root, or absolute.
   * @throws {RequestFailure} `outside_root`
   */
  async locate(path: string): Promise<string> {
    if (path.includes("\0") || /%2f|%5c|%2e/i.test(path)) throw this.#outside(path);
    const wanted = isAbsolute(path) ? resolve(path) : join(this.root, path);
    this.#require(wanted, path);
    const real = await this.#realPath(wanted);
    this.#require(real, path);
    return real;
  }

  /** Links are followed as far as the path exists; the rest of it cannot hold any. */
  async #realPath(path: string): Promise<string> {
    try {
      return await Deno.realPath(path);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      // A link that leads nowhere must not become a file elsewhere by being written.
      const isLink = await Deno.lstat(path).then((info) => info.isSymlink, () => false);
      if (isLink) throw this.#outside(path);
      const parent = dirname(path);
      if (parent === path) throw error;
      return join(await this.#realPath(parent), path.slice(parent.length));
    }
  }

  /** The path from the root, as the interface names files. */
  relative(path: string): string {
    return relative(this.root, path).replaceAll("\\", "/");
  }

  #require(path: string, asked: string): void {
    const isInside = path === this.root ||
      path.startsWith(this.root.endsWith(SEPARATOR) ? this.root : this.root + SEPARATOR);
    if (!isInside) throw this.#outside(asked);
  }

  #outside(path: string): RequestFailure {
    return new RequestFailure("outside_root", `${path} is not in the folder of this studio`);
  }
}
