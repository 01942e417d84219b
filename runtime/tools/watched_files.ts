/**
 * Which files a net is made of.
 *
 * @module
 */
import { dirname, resolve } from "node:path";

const FILE_NAME = /["']([^"'\n]+\.(?:ts|mts|js|mjs|tsx|jsx|json|toml))(?:::[^"']*)?["']/g;
const IMPORT = /\b(?:from|import)\s*\(?\s*["'](\.{1,2}\/[^"'\n]+)["']/g;

/**
 * The net file, the files that it names and the local modules that these import.
 *
 * The files are read as text, so that a mistake in one of them does not keep it from being found.
 *
 * @param netFile Absolute path of the net file.
 * @param projectRoot Folder that the net's paths start from; that of the file if left out.
 * @returns Absolute paths.
 */
export async function filesOfNet(
  netFile: string,
  projectRoot: string = dirname(netFile),
): Promise<ReadonlySet<string>> {
  const found = new Set([netFile]);
  // A set that grows is visited to its end.
  for (const file of found) {
    const text = await Deno.readTextFile(file).catch(() => undefined);
    if (text === undefined) {
      if (file !== netFile) found.delete(file);
      continue;
    }
    const isModule = /\.[mc]?[jt]sx?$/.test(file);
    for (const [, name] of text.matchAll(isModule ? IMPORT : FILE_NAME)) {
      for (const root of isModule ? [dirname(file)] : [dirname(file), projectRoot]) {
        found.add(resolve(root, name!));
      }
    }
  }
  return found;
}
