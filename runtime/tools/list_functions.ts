/**
 * Which functions of a project can become nodes: read from the source, nothing is run.
 *
 * @module
 */
import { join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { ModuleLoader } from "../modules/loader.ts";
import type { FunctionSignature, OutputSignature, PortSignature } from "../modules/signature.ts";

/** A function that can become a node, as printed. */
export interface NodeFunctionInfo {
  /** What to write as its reference. */
  ref: string;
  /** Types of its input ports, where known. */
  in_ports: Record<string, string | null>;
  /** Types of its output ports, where known. */
  out_ports: Record<string, string | null>;
  /** Its doc comment. */
  description: string | null;
}

const MODULE = /\.(?:ts|mts|js|mjs)$/;
const NO_NODES = /(?:[._]test|[._]bench|\.d)\.[mc]?[jt]s$|^(?:deno|vite|.*\.config)\.[jt]s$/;
const SKIPPED_FOLDERS = new Set(["node_modules", "dist", "build", "tests", "test"]);
const MAX_MODULES = 1000;

/** Modules of a folder that may hold functions for nodes, in order. */
export async function projectModules(root: string): Promise<string[]> {
  const modules: string[] = [];
  const folders = [root];
  for (const folder of folders) {
    const entries = await Array.fromAsync(Deno.readDir(folder)).catch(() => []);
    for (const { name, isDirectory, isFile } of entries.sort(byName)) {
      if (name.startsWith(".")) continue;
      if (isDirectory && !SKIPPED_FOLDERS.has(name)) folders.push(join(folder, name));
      if (isFile && MODULE.test(name) && !NO_NODES.test(name)) modules.push(join(folder, name));
    }
    if (modules.length >= MAX_MODULES) break;
  }
  return modules.slice(0, MAX_MODULES);
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/**
 * The functions of a module that can become nodes.
 *
 * @param loader Reads the module; its project root is where references start from.
 * @param root Absolute path of that root.
 * @param module Path of the module, absolute or from the root.
 */
export async function listFunctions(
  loader: ModuleLoader,
  root: string,
  module: string,
): Promise<NodeFunctionInfo[]> {
  const path = resolve(root, module);
  const signatures = await loader.signatures.readModule(pathToFileURL(path).href);
  const file = relative(root, path).replaceAll("\\", "/");
  const name = file.startsWith("../") ? path : `./${file}`;
  const functions: NodeFunctionInfo[] = [];
  for (const [exportName, signature] of signatures) {
    const ref = `${name}::${exportName}`;
    if (signature.kind === "function" && signature.problems.length === 0) {
      functions.push({ ref, ...describe(signature) });
    } else if (signature.kind === "declared") {
      functions.push({
        ref,
        in_ports: declaredPorts(signature.spec.value, "in"),
        out_ports: declaredPorts(signature.spec.value, "out"),
        description: signature.description ?? null,
      });
    }
  }
  return functions;
}

function describe(signature: FunctionSignature): Omit<NodeFunctionInfo, "ref"> {
  return {
    in_ports: portTypes(signature.inputs),
    out_ports: portTypes(outputsOf(signature)),
    description: signature.description ?? null,
  };
}

function outputsOf({ result }: FunctionSignature): OutputSignature[] {
  return result.kind === "none" ? [] : result.kind === "single" ? [result.port] : result.ports;
}

function portTypes(ports: readonly PortSignature[]): Record<string, string | null> {
  return Object.fromEntries(ports.map(({ name, type }) => [name, type?.name ?? null]));
}

/** Ports of a spec as far as it is written out; their schemas are code. */
function declaredPorts(spec: unknown, key: string): Record<string, string | null> {
  const ports = (spec as Record<string, unknown> | null)?.[key];
  const isRecord = typeof ports === "object" && ports !== null && !Array.isArray(ports);
  return isRecord ? Object.fromEntries(Object.keys(ports).map((name) => [name, null])) : {};
}
