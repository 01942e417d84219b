/**
 * Finding by a few letters.
 *
 * @module
 */

/**
 * How well a text fits what was typed: higher is better, 0 means that it does not.
 *
 * All letters must occur in order; those that begin words or follow each other count more.
 */
export function fuzzyScore(query: string, text: string): number {
  const [wanted, within] = [query.toLowerCase().replaceAll(" ", ""), text.toLowerCase()];
  if (wanted === "") return 1;
  if (within.startsWith(query.toLowerCase())) return 1000 - text.length;
  let score = 0;
  let at = -1;
  let run = 0;
  for (const letter of wanted) {
    const next = within.indexOf(letter, at + 1);
    if (next < 0) return 0;
    run = next === at + 1 ? run + 1 : 0;
    const beginsWord = next === 0 || /[\s_.\-:/]/.test(within[next - 1]!);
    score += 1 + run * 2 + (beginsWord ? 4 : 0);
    at = next;
  }
  return score + 10 / (1 + text.length);
}

/** The items that fit, best first; in their own order where nothing was typed. */
export function fuzzyFilter<T>(
  query: string,
  items: readonly T[],
  textsOf: (item: T) => readonly string[],
): T[] {
  if (query.trim() === "") return [...items];
  return items
    .map((item) => ({
      item,
      score: Math.max(...textsOf(item).map((text, i) => fuzzyScore(query, text) / (1 + i))),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ item }) => item);
}
