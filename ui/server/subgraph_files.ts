/**
 * Files that hold the nodes of subgraphs.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { asObject, objectsIn } from "../../runtime/tools/raw_net.ts";
import type { ConfinedFolder } from "./confined_folder.ts";
import { type ReadFile, readNetFile } from "./files.ts";
import { RequestFailure } from "./wire.ts";

/**
 * Reads the file of a subgraph.
 *
 * @param base File that names it, from the root.
 * @param path The file as written there.
 * @throws {RequestFailure} `invalid_config` if a file leads back to itself or to `base`.
 */
export async function resolveSubgraph(
  folder: ConfinedFolder,
  base: string,
  path: string,
): Promise<ReadFile> {
  const file = await readNetFile(folder, join(dirname(base), path));
  const around = base === "" ? [] : [folder.relative(await folder.locate(base))];
  await refuseCycles(folder, file, around);
  return file;
}

/** Follows the files that a file names, and those that they name. */
async function refuseCycles(
  folder: ConfinedFolder,
  file: ReadFile,
  around: readonly string[],
): Promise<void> {
  const chain = [...around, file.path];
  if (around.includes(file.path)) {
    throw new RequestFailure(
      "invalid_config",
      `Subgraphs lead in a circle: ${chain.slice(chain.indexOf(file.path)).join(" → ")}`,
    );
  }
  for (const path of subgraphPaths(file.document)) {
    const next = await readNetFile(folder, join(dirname(file.path), path)).catch(() => undefined);
    // What cannot be read is a problem of the file that names it, and shown there.
    if (next) await refuseCycles(folder, next, chain);
  }
}

/** Files that the subgraphs of a document name, inline ones' too. */
function subgraphPaths(document: unknown): string[] {
  const object = asObject(document);
  const graph = asObject(object?.get("graph")) ?? object;
  return objectsIn(graph?.get("nodes")).flatMap((node) => {
    const path = node.get("path");
    const own = typeof path === "string" && path !== "" ? [path] : [];
    return [...own, ...subgraphPaths(node)];
  });
}
