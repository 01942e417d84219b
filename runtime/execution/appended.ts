/**
 * Lists that mostly stay short.
 *
 * @module
 */

/** Adds to a list; one that is empty is replaced: `push` would make room for 17 items, mostly for one. */
export function appended<T>(list: T[], item: T): T[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
