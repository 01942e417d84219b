/**
 * The part of a message that says which names there are.
 *
 * @module
 */
import { nearestName } from "./nearest_name.ts";

/** How many problems of one check get a suggestion. */
const MAX_SUGGESTIONS = 100;
/** Names beyond so many are not compared. */
const MAX_COMPARED = 2000;
/** How many names a message lists. */
const MAX_LISTED = 12;

/**
 * Suggests names for those that do not exist.
 *
 * Comparing names takes time, so only the first problems get suggestions: a file in which all is
 * wrong must not take minutes to be refused.
 */
export class Hints {
  #left = MAX_SUGGESTIONS;

  /** The name that was most likely meant; undefined if none is near, or enough was suggested. */
  near(name: string, known: Iterable<string>): string | undefined {
    if (this.#left === 0) return undefined;
    this.#left--;
    return nearestName(name, firstOf(known, MAX_COMPARED));
  }

  /** `did you mean …?`, else the names that there are after `introduction`, else `none`. */
  text(name: string, known: readonly string[], introduction: string, none: string): string {
    const near = this.near(name, known);
    if (near !== undefined) return `did you mean "${near}"?`;
    return known.length === 0 ? none : `${introduction} ${listNames(known)}`;
  }

  /** `; did you mean …?`, or nothing. */
  suffix(name: string, known: Iterable<string>): string {
    const near = this.near(name, known);
    return near === undefined ? "" : `; did you mean "${near}"?`;
  }
}

/** The first names of a list in words. */
export function listNames(names: readonly string[]): string {
  const listed = names.slice(0, MAX_LISTED).join(", ");
  return names.length > MAX_LISTED ? `${listed} and ${names.length - MAX_LISTED} more` : listed;
}

function* firstOf(names: Iterable<string>, count: number): Generator<string> {
  let left = count;
  for (const name of names) {
    if (left-- === 0) return;
    yield name;
  }
}
