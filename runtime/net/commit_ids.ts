/**
 * Ids that a commit brings along, and new ones where it brings none.
 *
 * @module
 */

/**
 * Hands ids to the simulator.
 *
 * While a commit is applied, its own ids come first, in order; what is minted beyond them is appended
 * to its list. So a commit that has been applied once names all its ids, and applying it again gives
 * the same ones.
 */
export class CommitIds {
  readonly #mint: (nowMs: number) => string;
  #planned: string[] = [];
  #next = 0;

  /** Creates a source that mints by `mint`. */
  constructor(mint: (nowMs: number) => string) {
    this.#mint = mint;
  }

  /** Mints an id that no commit knows of yet. */
  mint(nowMs: number): string {
    return this.#mint(nowMs);
  }

  /** From now on hands out these ids, and appends to them what they do not suffice for. */
  plan(ids: string[]): void {
    this.#planned = ids;
    this.#next = 0;
  }

  /** The next id: what the simulator calls. */
  readonly take = (nowMs: number): string => {
    const planned = this.#planned[this.#next++];
    if (planned !== undefined) return planned;
    const id = this.#mint(nowMs);
    this.#planned.push(id);
    return id;
  };
}
