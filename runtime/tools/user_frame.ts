/**
 * Where in the user's code something failed.
 *
 * @module
 */
import { relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Folders of this package; frames in them say nothing to users. */
const OWN_FOLDERS = ["runtime/", "sim/", "cli/"].map((folder) =>
  new URL(`../../${folder}`, import.meta.url).href
);
const FRAME = /((?:file|https?|data):[^\s()]*?):(\d+):(\d+)\)?$/;

/**
 * The first frame of a stack that is in the user's code, such as `nodes.ts:42:11`.
 *
 * @param stack The stack of an error.
 * @param root Folder that paths are shown from.
 * @returns The place; undefined if no frame is in such code.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const stack = "Error: no\n    at clean (file:///nets/nodes.ts:42:11)";
 * assertEquals(userFrame(stack, "/nets"), "nodes.ts:42:11");
 * ```
 */
export function userFrame(stack: string | undefined, root: string): string | undefined {
  for (const line of stack?.split("\n") ?? []) {
    const [, url, row, column] = FRAME.exec(line.trim()) ?? [];
    if (url === undefined || OWN_FOLDERS.some((folder) => url.startsWith(folder))) continue;
    if (url.includes("/node_modules/")) continue;
    return `${shown(url, root)}:${row}:${column}`;
  }
  return undefined;
}

function shown(url: string, root: string): string {
  if (!url.startsWith("file:")) return url;
  const path = fileURLToPath(url);
  const short = relative(root, path);
  return short.startsWith("..") ? path : short;
}
