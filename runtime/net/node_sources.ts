/**
 * Hashes of the code that nodes consist of, for those whose results are stored.
 *
 * @module
 */
import type { ResolvedNetConfig } from "../config/net_config.ts";
import { CodeHasher } from "../modules/code_hash.ts";
import { type ImportMap, mapSpecifier } from "../modules/import_map.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import { fileExists, readImportMap } from "../modules/project_files.ts";
import type { CodeReference } from "../modules/reference.ts";
import type { FactoryRef, FunctionRef } from "../schema/node.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { canonicalDigest } from "../storage/canonical.ts";
import { hashable } from "../storage/cached_node.ts";

/**
 * Hashes of the code of some nodes, by their names.
 *
 * @param loader Says what references stand for.
 */
export async function nodeSources(
  { data }: ResolvedNetConfig,
  names: ReadonlySet<string>,
  loader: ModuleLoader,
): Promise<Map<string, string>> {
  if (names.size === 0) return new Map();
  const hasher = projectHasher(loader.rootUrl, lockedVersions(loader.rootUrl));
  const nodes = data.graph.nodes.filter(({ name }) => names.has(name));
  return new Map(
    await Promise.all(
      nodes.map(async (node) => [node.name, await nodeSource(node, loader, hasher)] as const),
    ),
  );
}

/** As {@linkcode nodeSources}, where every function is given as such. */
export function inlineSources(
  { data }: ResolvedNetConfig,
  names: ReadonlySet<string>,
): Map<string, string> {
  const nodes = data.graph.nodes.filter(({ name }) => names.has(name));
  return new Map(
    nodes.map(({ name, factory, execution_config: { exec_node_func } }) => [
      name,
      canonicalDigest(hashable([factory, exec_node_func])),
    ]),
  );
}

async function nodeSource(
  { factory, factory_args, execution_config: { exec_node_func: exec } }: ResolvedNodeConfig,
  loader: ModuleLoader,
  hasher: CodeHasher,
): Promise<string> {
  const hash = async (reference: CodeReference | undefined, exportName: string) =>
    reference ? await hasher.hash(reference.url, reference.exportName ?? exportName) : undefined;
  const parts: unknown[] = [];
  const add = async (ref: FunctionRef | FactoryRef | null, kind: "function" | "module") => {
    if (typeof ref !== "string") return void parts.push(hashable(ref));
    const file = localFile(loader, ref, kind);
    parts.push(ref, await hash(file, kind === "module" ? "getNodeFuncs" : "default"));
  };
  await add(exec, "function");
  if (exec === null) {
    await add(factory, "module");
    // Arguments may name functions, as those of `netrun:function` do.
    for (const ref of textsIn(factory_args)) {
      parts.push(await hash(localFile(loader, ref, "function"), "default"));
    }
  }
  return canonicalDigest(parts);
}

/** The file of the project that a reference leads to; undefined if it leads to none. */
export function localFile(
  loader: ModuleLoader,
  ref: string,
  kind: "function" | "module",
): CodeReference | undefined {
  try {
    const reference = loader.resolve(ref, kind);
    return reference.url.startsWith("file:") && fileExists(reference.url) ? reference : undefined;
  } catch {
    return undefined;
  }
}

/** All texts in plain data. */
export function* textsIn(value: unknown): Iterable<string> {
  if (typeof value === "string") yield value;
  else if (value instanceof Map) { for (const member of value.values()) yield* textsIn(member); }
  else if (typeof value === "object" && value !== null) {
    const prototype = Object.getPrototypeOf(value);
    if (!Array.isArray(value) && prototype !== Object.prototype && prototype !== null) return;
    for (const member of Object.values(value)) yield* textsIn(member);
  }
}

/** What hashes the code of a project; `versions` are those of its packages. */
export function projectHasher(
  rootUrl: string,
  versions: Readonly<Record<string, string>> = {},
): CodeHasher {
  let map: ImportMap | undefined;
  try {
    map = readImportMap(rootUrl);
  } catch {
    // Then nothing can be imported by it either.
  }
  return new CodeHasher({
    rootUrl,
    resolveBare: (specifier) => map && mapSpecifier(specifier, map),
    packageVersion: (specifier) => versions[specifier],
  });
}

/** Exact versions of packages by their specifiers, as the project's lock file has them. */
function lockedVersions(rootUrl: string): Readonly<Record<string, string>> {
  try {
    const lock = JSON.parse(Deno.readTextFileSync(new URL(`${rootUrl}/deno.lock`)));
    return Object.assign(Object.create(null), lock.specifiers);
  } catch {
    return {};
  }
}
