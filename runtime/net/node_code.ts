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
  { factory, factory_args, execution_config: { exec_node_func: exec } }: ResolvedNodeConfig,
  loader: ModuleLoader,
  hasher: CodeHasher,
): Promise<NodeCode> {
  const code: Record<string, string> = Object.create(null);
  const add = async (ref: unknown, kind: "function" | "module", exportName: string) => {
    if (typeof ref !== "string") return;
    const reference = localFile(loader, ref, kind);
    if (!reference) return;
    const files = await hasher.files(reference.url, reference.exportName ?? exportName);
    for (const [file, hash] of files) {
      // Several functions of one file count together.
      code[file] = file in code ? canonicalDigest([code[file], hash]) : hash;
    }
  };
  await add(exec, "function", "default");
  if (exec === null) {
    await add(factory, "module", "getNodeFuncs");
    for (const ref of textsIn(factory_args)) await add(ref, "function", "default");
  }
  const functions = [exec, factory, ...Object.values(factory_args ?? {})]
    .filter((value) => typeof value === "function" || isFactoryObject(value));
  if (functions.length > 0) code[inProgram] = canonicalDigest(hashable(functions));
  return code;
}

/** Whether it is a factory that a program has put into its net. */
function isFactoryObject(value: unknown): boolean {
  return typeof value === "object" && value !== null &&
    Object.values(value).some((member) => typeof member === "function");
}
