/**
 * From a resolved node to the functions that run it.
 *
 * @module
 */
import type { FunctionRef } from "../schema/node.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { parseArgs } from "./expand.ts";
import { FactoryProtocolError } from "./error.ts";
import { checkNodeFuncs } from "./factory_result.ts";
import { loadFactory } from "./load_factory.ts";
import type { FactoryContext, NodeFuncs } from "./protocol.ts";

/** What {@linkcode loadNodeFunctions} needs of a context. */
export type NodeFunctionsContext = Pick<
  FactoryContext,
  "netConfig" | "projectRoot" | "loader" | "env"
>;

const NONE: NodeFuncs = { exec: null, init: null, close: null, onFailure: null };

/**
 * Loads the functions of a node: those that its `execution_config` names, and for the others what
 * its factory makes.
 *
 * The factory's `getNodeFuncs` is called once; keep the result as long as the node.
 *
 * @param node The node, as resolved.
 * @param context Where to load code from.
 * @returns The functions; null for those that the node does not have.
 * @throws {ModuleImportError} If code cannot or may not be loaded.
 * @throws {FactoryProtocolError} If the factory returns no functions.
 * @throws {FactoryArgsError} If the factory refuses its arguments.
 */
export async function loadNodeFunctions(
  node: ResolvedNodeConfig,
  context: NodeFunctionsContext,
): Promise<NodeFuncs> {
  const { exec_node_func, init_node_func, close_node_func, on_node_failure } =
    node.execution_config;
  const load = async (ref: FunctionRef | null) =>
    typeof ref === "string" ? await context.loader.loadFunction(ref) : ref;
  const [made, exec, init, close, onFailure] = await Promise.all([
    node.factory === null ? NONE : makeFunctions(node, context),
    load(exec_node_func),
    load(init_node_func),
    load(close_node_func),
    load(on_node_failure),
  ]);
  return {
    ...made,
    exec: exec ?? made.exec,
    init: init ?? made.init ?? null,
    close: close ?? made.close ?? null,
    onFailure: onFailure ?? made.onFailure ?? null,
  };
}

/** What the node's factory makes. */
async function makeFunctions(
  node: ResolvedNodeConfig,
  context: NodeFunctionsContext,
): Promise<NodeFuncs> {
  const loaded = await loadFactory(node.factory!, { ...context, noImport: false });
  // Only a context that forbids imports leaves a factory unloaded.
  const { factory, name } = loaded!;
  if (factory.getNodeFuncs === undefined) {
    if (node.execution_config.exec_node_func !== null) return NONE;
    throw new FactoryProtocolError(
      name,
      `has no function \`getNodeFuncs\` to run node ${JSON.stringify(node.name)}`,
    );
  }
  const args = parseArgs(loaded!, node.factory_args);
  return checkNodeFuncs(
    name,
    await factory.getNodeFuncs(context.netConfig, args, {
      ...context,
      noImport: false,
      vars: node.vars,
      nodeName: node.name,
    }),
  );
}
