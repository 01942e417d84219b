/**
 * Checking that references to functions lead to functions.
 *
 * @module
 */
import type { ModuleLoader } from "../modules/loader.ts";
import { isClearlyRaw, mayBeRaw, parametersOf } from "../modules/raw_form.ts";
import { messageOf } from "./graph_opener.ts";

/** Loads the functions that a configuration names, each once, and tells what is wrong with them. */
export class CodeChecker {
  readonly #loader: ModuleLoader;
  readonly #problems = new Map<string, Promise<string | undefined>>();

  constructor(loader: ModuleLoader) {
    this.#loader = loader;
  }

  /** Why a reference cannot be used; undefined if it can. */
  problemWith(ref: string): Promise<string | undefined> {
    let problem = this.#problems.get(ref);
    if (problem === undefined) {
      problem = this.#loader.loadFunction(ref).then(() => undefined, messageOf);
      this.#problems.set(ref, problem);
    }
    return problem;
  }

  /** What looks wrong with a function that is to run as it is, on packets; undefined if nothing does. */
  async remarkOnRaw(ref: string): Promise<string | undefined> {
    // Most are recognised by their text, for which no parser need be loaded.
    if (isClearlyRaw(String(await this.#loader.loadFunction(ref)))) return undefined;
    const signature = await this.#loader.readSignature(ref).catch(() => undefined);
    if (signature === undefined || mayBeRaw(signature)) return undefined;
    return `\`${ref}\` takes ${parametersOf(signature)}, but exec_node_func is called with ` +
      "(ctx, packets) and what it returns is dropped: to get values and send the result, write " +
      `factory "netrun:function" with factory_args {"func": ${JSON.stringify(ref)}} instead`;
  }
}
