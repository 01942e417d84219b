/**
 * Checking that references to functions lead to functions.
 *
 * @module
 */
import type { ModuleLoader } from "../modules/loader.ts";
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
}
