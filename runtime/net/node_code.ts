/**
 * Comparing the code of nodes that two machines have.
 *
 * @module
 */
import type { CodeHasher } from "../modules/code_hash.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import type { CodeDifference, RemoteNode } from "../pools/remote_protocol.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { canonicalDigest } from "../storage/canonical.ts";
import { hashable } from "../storage/cached_node.ts";
import { localFile, projectHasher, textsIn } from "./node_sources.ts";

/** Stands for functions that a program has put into its net. */
const inProgram = "a function of the program";

/** Hashes of the files that a node's code consists of, by their paths in the project. */
export type NodeCode = Readonly<Record<string, string>>;

/**
 * Reads the code of nodes as it is now.
 *
 * @param loader Says what references stand for.
 * @returns By the names of the nodes.
 */
export async function nodeCode(
  nodes: readonly ResolvedNodeConfig[],
  loader: ModuleLoader,
): Promise<Map<string, NodeCode>> {
  const hasher = projectHasher(loader.rootUrl);
  return new Map(
    await Promise.all(
      nodes.map(async (node) => [node.name, await codeOf(node, loader, hasher)] as const),
    ),
  );
}

/**
 * Finds the nodes of a client whose code is not that of the server.
 *
 * @param told What the client says of its nodes.
 * @param here The nodes of the server.
 */
export async function compareCode(
  told: Readonly<Record<string, RemoteNode>>,
  here: readonly ResolvedNodeConfig[],
  loader: ModuleLoader,
): Promise<CodeDifference[]> {
  const known = await nodeCode(here.filter(({ name }) => Object.hasOwn(told, name)), loader);
  return Object.entries(told).flatMap(([nodeName, { code }]) => {
    const differences = differing(code ?? {}, known.get(nodeName));
    if (differences.length === 0) return [];
    return { nodeName, message: `node "${nodeName}": ${differences.join(", ")}` };
  });
}

/** Makes the code of nodes ready for workers that may not write; see {@linkcode ModuleLoader.prepare}. */
export async function prepareCode(
  nodes: readonly ResolvedNodeConfig[],
  loader: ModuleLoader,
): Promise<void> {
  const urls = nodes.flatMap((node) => [...codeFiles(node, loader)].map(({ url }) => url));
  await Promise.all([...new Set(urls)].map((url) => loader.prepare(url)));
}

function differing(there: NodeCode, here: NodeCode | undefined): string[] {
  if (!here) return ["the server's net has no node of that name"];
  const files = [...new Set([...Object.keys(there), ...Object.keys(here)])].sort();
  return files.flatMap((file) => {
    if (there[file] === here[file]) return [];
    if (here[file] === undefined) return `${file} is not used by the server`;
    if (there[file] === undefined) return `${file} is used by the server alone`;
    return `${file} differs`;
  });
}

async function codeOf(
  node: ResolvedNodeConfig,
  loader: ModuleLoader,
  hasher: CodeHasher,
): Promise<NodeCode> {
  const code: Record<string, string> = Object.create(null);
  for (const { url, exportName } of codeFiles(node, loader)) {
    for (const [file, hash] of await hasher.files(url, exportName)) {
      // Several functions of one file count together.
      code[file] = file in code ? canonicalDigest([code[file], hash]) : hash;
    }
  }
  const { factory, factory_args, execution_config: { exec_node_func: exec } } = node;
  const functions = [exec, factory, ...Object.values(factory_args ?? {})]
    .filter((value) => typeof value === "function" || isFactoryObject(value));
  if (functions.length > 0) code[inProgram] = canonicalDigest(hashable(functions));
  return code;
}

/** Exports of local files that make up a node: its function, else its factory and what that names. */
function* codeFiles(
  { factory, factory_args, execution_config: { exec_node_func: exec } }: ResolvedNodeConfig,
  loader: ModuleLoader,
): Generator<{ url: string; exportName: string }> {
  const functions = exec !== null ? [exec] : textsIn(factory_args);
  if (exec === null && typeof factory === "string") {
    const file = localFile(loader, factory, "module");
    if (file) yield { url: file.url, exportName: "getNodeFuncs" };
  }
  for (const ref of functions) {
    const file = typeof ref === "string" ? localFile(loader, ref, "function") : undefined;
    if (file) yield { url: file.url, exportName: file.exportName ?? "default" };
  }
}

/** Whether it is a factory that a program has put into its net. */
function isFactoryObject(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    Object.values(value).some((member) => typeof member === "function");
}
