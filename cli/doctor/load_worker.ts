/**
 * What `netrun doctor` runs on workers of a pool: it loads the functions of nodes there.
 *
 * @module
 */
import { ModuleLoader } from "../../runtime/modules/loader.ts";
import type { MadeModules } from "../../runtime/modules/module_cache.ts";
import type { RPCChannel } from "../../runtime/pools/mod.ts";

/** What a worker is to load. */
export interface LoadRequest {
  /** Absolute path of the project's root. */
  readonly projectRoot: string;
  /** Where a compiled program keeps the JavaScript that it has made. */
  readonly made: MadeModules | null;
  /** Functions, and modules that are factories. */
  readonly references: readonly { readonly node: string; readonly ref: string }[];
}

/** A reference that cannot be loaded on a worker. */
export interface LoadProblem {
  /** The node that names it. */
  readonly node: string;
  /** Why. */
  readonly message: string;
}

/** Answers each request with what cannot be loaded. */
export async function loadReferences(channel: RPCChannel): Promise<void> {
  for (;;) {
    const [, data] = await channel.recv();
    const { projectRoot, made, references } = data as LoadRequest;
    const loader = new ModuleLoader({ projectRoot, made });
    const problems: LoadProblem[] = [];
    for (const { node, ref } of references) {
      try {
        await loader.loadModule(ref);
      } catch (error) {
        problems.push({ node, message: (error as Error).message });
      }
    }
    await channel.send("loaded", problems);
  }
}
