/**
 * How two texts differ.
 *
 * @module
 */
import { diffLines } from "diff";

/** Lines around a change that are shown, so that one sees where it is. */
const CONTEXT = 3;

/** Two texts as one, with what only the first has and what only the second has. */
export function Difference({ before, after }: { before: string; after: string }) {
  const parts = diffLines(before, after);
  if (!parts.some(({ added, removed }) => added || removed)) {
    return <p className="dim">There is no difference.</p>;
  }
  return (
    <pre className="diff" aria-label="Changes" tabIndex={0}>
      {parts.map(({ added, removed, value }, i) => {
        if (added) return <ins key={i}>{signed("+", value)}</ins>;
        if (removed) return <del key={i}>{signed("−", value)}</del>;
        return <span key={i}>{signed(" ", shortened(value, i > 0, i < parts.length - 1))}</span>;
      })}
    </pre>
  );
}

/** Lines with a sign before each, so that colours are not all that tells. */
function signed(sign: string, text: string): string {
  return text.replace(/^(?=.)/gm, `${sign} `);
}

/** A stretch without changes: what is next to a change, and a mark for the rest. */
function shortened(text: string, isAfterChange: boolean, isBeforeChange: boolean): string {
  const lines = text.replace(/\n$/, "").split("\n");
  const [first, last] = [isAfterChange ? CONTEXT : 0, isBeforeChange ? CONTEXT : 0];
  if (lines.length <= first + last + 1) return text;
  return [
    ...lines.slice(0, first),
    "⋯",
    ...(last === 0 ? [] : lines.slice(-last)),
    "",
  ].join("\n");
}
