/**
 * From a node that names a factory to the node, or subgraph, that the factory makes.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { isRecord } from "../schema/field.ts";
import type { SubgraphConfig } from "../schema/graph.ts";
import type { ConfigIssue } from "../schema/issue.ts";
import {
  type NodeConfig,
  type NodeExecutionConfig,
  nodeExecutionConfigSchema,
} from "../schema/node.ts";
import { parseFactoryArgs } from "./args.ts";
import { FactoryProtocolError, FactoryRecursionError } from "./error.ts";
import { parseFactoryResult } from "./factory_result.ts";
import { factoryName, type LoadedFactory, loadFactory } from "./load_factory.ts";
import { mergeDeep, mergeFactoryNode } from "./merge.ts";
import type { FactoryArgs, FactoryContext } from "./protocol.ts";

/** How many factories may lead from one to the next. */
export const MAX_FACTORY_DEPTH = 32;

/** What became of a node that names a factory. */
export type ExpandedNode =
  /**
   * A node, as merged. Generated conditions and optional ports are marked; `fitGenerated` fits them
   * to the edges once these are known. `streams`: what it yields goes on its way at once.
   */
  | { kind: "node"; node: NodeConfig; streams: boolean; warnings: ConfigIssue[] }
  /** A subgraph, that may hold further factories; `chain` is the context's for these. */
  | {
    kind: "subgraph";
    subgraph: SubgraphConfig;
    chain: readonly string[];
    warnings: ConfigIssue[];
  }
  /** Nothing could be called without an import, and the context forbids that. */
  | { kind: "unexpanded" };

/**
 * Calls the factory of a node and merges what it makes with what the node states.
 *
 * Only `getNodeConfig` is called: nothing of the node runs.
 *
 * @param node A node with a `factory`.
 * @param context What the factory may use; `chain` names the factories that led here.
 * @returns The node or subgraph, with warnings whose paths start at the node.
 * @throws {ModuleImportError} If the factory, or code that it needs, cannot be loaded.
 * @throws {FactoryProtocolError} If it is no factory or its result is not what it must be.
 * @throws {FactoryArgsError} If it refuses the arguments.
 * @throws {FactoryRecursionError} If factories lead to factories without an end.
 * @throws {FunctionSignatureError} If a function cannot become a node.
 */
export async function expandFactoryNode(
  node: NodeConfig,
  context: FactoryContext,
): Promise<ExpandedNode> {
  if (node.factory === null) {
    throw new InvalidArgumentError(
      `Cannot expand node ${JSON.stringify(node.name)}: it names no factory`,
    );
  }
  const chain = [...context.chain ?? [], factoryName(node.factory)];
  if (chain.length > MAX_FACTORY_DEPTH) throw new FactoryRecursionError(chain);
  const warnings: ConfigIssue[] = [];
  const warn = (message: string) => {
    warnings.push({ code: "factory", path: ["factory"], message, severity: "warning" });
  };
  const loaded = await loadFactory(node.factory, context);
  if (loaded === undefined) return { kind: "unexpanded" };
  const { factory, name } = loaded;
  const args = parseArgs(loaded, node.factory_args);
  const result = await factory.getNodeConfig(context.netConfig, args, { ...context, warn });
  if (result === undefined && context.noImport) return { kind: "unexpanded" };
  const { streams = false, ...config } = (result ?? {}) as Partial<{ streams: boolean }>;
  const made = parseFactoryResult(name, isRecord(result) ? config : result, warn);
  if (made.type === "subgraph") {
    return { kind: "subgraph", subgraph: nameSubgraph(name, made, node), chain, warnings };
  }
  if (factory.getNodeFuncs === undefined && node.execution_config?.exec_node_func == null) {
    throw new FactoryProtocolError(
      name,
      `has no function \`getNodeFuncs\`, and node ${JSON.stringify(node.name || made.name)} ` +
        "has no `exec_node_func` of its own: nothing would run its epochs",
    );
  }
  const expanded = mergeFactoryNode(made, node, executionConfig(loaded, made, node, warn));
  warnOfLostInputs(made, node, warn);
  if (streams && Number(expanded.execution_config?.retries) > 0) {
    warn(
      "the node streams, and once it has sent something a failed attempt is not made again: " +
        "its `retries` count only until then",
    );
  }
  return { kind: "node", node: expanded, streams, warnings };
}

/** The arguments as the factory gets them: checked, with defaults, where it has a schema. */
export function parseArgs({ factory, name }: LoadedFactory, args: FactoryArgs): FactoryArgs {
  return factory.argsSchema === undefined ? args : parseFactoryArgs(name, factory.argsSchema, args);
}

/** Built-in factories whose execution settings count: their files bind them to one process. */
const SETS_EXECUTION: ReadonlySet<string | undefined> = new Set(["read", "write"]);

/** The node's execution settings; those of the factory are not its business. */
function executionConfig(
  { builtIn, name }: LoadedFactory,
  made: NodeConfig,
  stated: NodeConfig,
  warn: (message: string) => void,
): NodeExecutionConfig {
  const execution = stated.execution_config ?? nodeExecutionConfigSchema.parse({});
  const proposed = made.execution_config;
  if (proposed === null) return execution;
  if (!SETS_EXECUTION.has(builtIn)) {
    warn(
      `factory ${JSON.stringify(name)} returned an \`execution_config\`, which is dropped: ` +
        "how a node is run is stated at the node",
    );
    return execution;
  }
  return {
    ...execution,
    pools: execution.pools ?? proposed.pools,
    max_parallel_epochs: execution.max_parallel_epochs ?? proposed.max_parallel_epochs,
  };
}

/** Warns of input ports, of the node or of `nodeConfig`, that no generated condition takes from. */
function warnOfLostInputs(
  made: NodeConfig,
  stated: NodeConfig,
  warn: (message: string) => void,
): void {
  const conditions = [...made.in_salvo_conditions?.values() ?? []];
  if (stated.in_salvo_conditions !== null || !conditions.some(({ generated }) => generated)) return;
  for (const port of new Set([...made.in_ports.keys(), ...stated.in_ports.keys()])) {
    if (conditions.some(({ ports }) => ports.has(port))) continue;
    warn(
      `input port ${JSON.stringify(port)} is added to a node whose function does not take it: ` +
        "its packets wait for ever; add a parameter, or state `in_salvo_conditions`",
    );
  }
}

/** The subgraph under the name and texts of the node that stands for it. */
function nameSubgraph(factory: string, made: SubgraphConfig, node: NodeConfig): SubgraphConfig {
  const stated = [
    ["in_ports", node.in_ports.size > 0],
    ["out_ports", node.out_ports.size > 0],
    ["in_salvo_conditions", node.in_salvo_conditions !== null],
    ["out_salvo_conditions", node.out_salvo_conditions !== null],
    ["execution_config", node.execution_config !== null],
    ["dependency_request", node.dependency_request !== null],
  ].filter(([, isStated]) => isStated).map(([field]) => `\`${field}\``);
  if (stated.length > 0) {
    throw new FactoryProtocolError(
      factory,
      `makes a subgraph of node ${JSON.stringify(node.name)}, which must not state ` +
        `${stated.join(", ")}: a subgraph has no such thing`,
    );
  }
  return {
    ...made,
    name: node.name === "" ? made.name : node.name,
    description: node.description ?? made.description,
    extra: mergeDeep(made.extra, node.extra) as Record<string, unknown>,
  };
}
