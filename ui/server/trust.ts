/**
 * Which folders may run code: remembered for this user, one by one.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { writeAtomically } from "./files.ts";

/** Trust in folders, kept in a file of the user. */
export class TrustStore {
  /** Keeps it in a file; in memory only without one. */
  constructor(private readonly file: string | undefined) {}

  /** Trust kept in the usual place of this user. */
  static ofUser(): TrustStore {
    const home = Deno.env.get("XDG_CONFIG_HOME") ?? Deno.env.get("APPDATA") ??
      (Deno.env.get("HOME") && join(Deno.env.get("HOME")!, ".config"));
    return new TrustStore(home && join(home, "netrun", "trusted.json"));
  }

  /** Whether a folder is trusted. */
  async has(root: string): Promise<boolean> {
    return (await this.#read()).includes(root);
  }

  /** Trusts a folder from now on. */
  async add(root: string): Promise<void> {
    const roots = await this.#read();
    if (this.file === undefined || roots.includes(root)) return;
    await Deno.mkdir(dirname(this.file), { recursive: true });
    const text = JSON.stringify([...roots, root], null, 2);
    await writeAtomically(this.file, new TextEncoder().encode(`${text}\n`));
  }

  async #read(): Promise<string[]> {
    if (this.file === undefined) return [];
    try {
      const roots = JSON.parse(await Deno.readTextFile(this.file));
      return Array.isArray(roots) ? roots.filter((root) => typeof root === "string") : [];
    } catch {
      return [];
    }
  }
}
