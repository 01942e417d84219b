/**
 * The JavaScript that runs in the place of a user's module.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { dirname } from "node:path";
import type { StrippedModule } from "./strip_types.ts";
import { editSource, type TextEdit } from "./text_edits.ts";

/** What {@linkcode writeCopy} makes a copy of. */
export interface CopiedModule {
  /** `file:` URL of the user's file. */
  readonly url: string;
  readonly text: string;
  readonly stripped: StrippedModule;
  /** What each link is to name, in order. */
  readonly targets: readonly string[];
}

/**
 * Writes the copy of a module: without types, importing `targets`, and taking itself for the original
 * (`import.meta`, stack traces).
 */
export function writeCopy({ url, text, stripped, targets }: CopiedModule): string {
  const links = stripped.links.map(({ start, end }, i) => (
    { start, end, text: JSON.stringify(targets[i]) }
  ));
  const meta = stripped.usesMeta ? [metaOf(url, text)] : [];
  return editSource(text, [...stripped.edits, ...links, ...meta], url);
}

/** Before all else, but behind a line `#!…`. */
function metaOf(url: string, text: string): TextEdit {
  const start = text.startsWith("#!") ? text.indexOf("\n") + 1 : 0;
  const filename = fileURLToPath(url);
  const meta = { url, filename, dirname: dirname(filename) };
  const assigned = Object.entries(meta)
    .map(([name, value]) => `import.meta.${name}=${JSON.stringify(value)};`);
  const resolve = `{const r=import.meta.resolve;import.meta.resolve=(s)=>` +
    `/^\\.{0,2}\\//.test(s)?new URL(s,${JSON.stringify(url)}).href:r(s);}`;
  return { start, end: start, text: assigned.join("") + resolve };
}
