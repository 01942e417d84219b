/**
 * Which `deno.json` this process runs with: Deno does not tell.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { mapSpecifier } from "../modules/import_map.ts";
import { fileExists, readImportMap } from "../modules/project_files.ts";

/**
 * The path of the `deno.json` of which the import map counts in this process, so that subprocesses can
 * be given the same; undefined if none is known.
 *
 * It is the nearest one above the main program, unless `--config` names another: then it is the nearest
 * one above the working folder if names stand for what that says.
 */
export function activeConfigFile(): string | undefined {
  const main = Deno.mainModule;
  const beside = main.startsWith("file:") ? nearestConfig(new URL("./", main)) : undefined;
  const here = nearestConfig(workingFolder());
  let best = beside;
  let bestCount = beside === undefined ? -1 : countOfActive(beside);
  if (here !== undefined && here.href !== beside?.href) {
    const count = countOfActive(here);
    if (count > bestCount) [best, bestCount] = [here, count];
  }
  return best && fileURLToPath(best);
}

function workingFolder(): URL | undefined {
  try {
    return new URL(`file://${encodeURI(Deno.cwd())}/`);
  } catch {
    // It is gone, or may not be known.
    return undefined;
  }
}

/** The nearest configuration file in a folder or above it. */
function nearestConfig(folder: URL | undefined): URL | undefined {
  if (!folder) return undefined;
  for (const name of ["deno.json", "deno.jsonc"]) {
    const file = new URL(name, folder);
    if (fileExists(file.href)) return file;
  }
  const above = new URL("../", folder);
  return above.href === folder.href ? undefined : nearestConfig(above);
}

/** How many names stand here for what the import map beside the file says; -1 if one does not. */
function countOfActive(config: URL): number {
  try {
    const map = readImportMap(fileURLToPath(new URL("./", config)));
    const names = Object.keys(map?.imports ?? {});
    return names.every((name) => isActive(name, mapSpecifier(name, map!))) ? names.length : -1;
  } catch {
    return -1;
  }
}

/** Whether a name stands here for that. Of a package that is loaded, only the file is known. */
function isActive(name: string, target: string | undefined): boolean {
  const resolved = import.meta.resolve(name);
  return resolved === target || target !== undefined && /^(?:npm|jsr):/.test(target);
}
