/**
 * Patterns of node names.
 *
 * @module
 */
/**
 * Whether a whole name matches a pattern: `*` stands for any run of characters, dots too, `?` for one
 * character, `[ab]` and `[!ab]` for one of a set.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["load.rows", "report"].map((name) => matchesGlob(name, "load.*")), [true, false]);
 * ```
 */
export function matchesGlob(name: string, pattern: string): boolean {
  return toRegExp(pattern).test(name);
}

function toRegExp(pattern: string): RegExp {
  let source = "";
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    const close = character === "["
      ? pattern.indexOf("]", i + (pattern[i + 1] === "!" ? 3 : 2))
      : -1;
    if (character === "*") source += "[\\s\\S]*";
    else if (character === "?") source += "[\\s\\S]";
    else if (close > 0) {
      const negated = pattern[i + 1] === "!";
      const set = pattern.slice(i + (negated ? 2 : 1), close).replace(/[\\\]^[]/g, "\\$&");
      source += `[${negated ? "^" : ""}${set}]`;
      i = close;
    } else source += RegExp.escape(character);
  }
  // A run of stars means what one does, and matches much faster.
  return new RegExp(`^${source.replace(/(?:\[\\s\\S\]\*)+/g, "[\\s\\S]*")}$`);
}
