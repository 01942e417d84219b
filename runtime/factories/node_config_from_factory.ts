/**
 * A node made by a factory, outside of a net.
 *
 * @module
 */
import type { NetConfig } from "../config/net_config.ts";
import { ModuleLoader } from "../modules/loader.ts";
import { type FactoryRef, type NodeConfig, nodeConfigSchema } from "../schema/node.ts";
import { isSpecialOutPort } from "../schema/generated_parts.ts";
import type { SalvoConditionConfig } from "../schema/salvo_condition.ts";
import { expandFactoryNode, parseArgs } from "./expand.ts";
import { FactoryProtocolError } from "./error.ts";
import { checkNodeFuncs } from "./factory_result.ts";
import { fitGenerated } from "./generated.ts";
import { factoryName, loadFactory } from "./load_factory.ts";
import type { FactoryArgs, FactoryContext } from "./protocol.ts";

/** Options of {@linkcode nodeConfigFromFactory}. */
export interface NodeConfigFromFactoryOptions {
  /** Arguments of the factory. @default {{}} */
  args?: FactoryArgs;
  /** Name of the node, in place of the factory's. */
  name?: string;
  /** Folder that relative references and paths start from. @default {Deno.cwd()} */
  projectRoot?: string;
  /** What the factory gets as the configuration of the net. */
  netConfig?: NetConfig;
}

/**
 * A complete node made by a factory: its functions stand in `execution_config`, and `factory` is
 * unset.
 *
 * @param factory The factory, or a reference to it.
 * @param options Its arguments, and where it stands.
 * @throws {FactoryProtocolError} If it makes a subgraph, or is no factory.
 * @throws {FactoryArgsError} If it refuses the arguments.
 * @throws {ModuleImportError} If code cannot or may not be loaded.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const double = (n: number) => n * 2;
 * const node = await nodeConfigFromFactory("netrun:function", { args: { func: double } });
 * assertEquals([node.name, [...node.in_ports.keys()]], ["double", ["n"]]);
 * assertEquals(typeof node.execution_config?.exec_node_func, "function");
 * ```
 */
export async function nodeConfigFromFactory(
  factory: FactoryRef,
  options: NodeConfigFromFactoryOptions = {},
): Promise<NodeConfig> {
  const { args = {}, name = "", projectRoot = Deno.cwd(), netConfig = null } = options;
  const context: FactoryContext = {
    netConfig,
    projectRoot,
    loader: new ModuleLoader({ projectRoot }),
    noImport: false,
    env: environment(),
  };
  const written = nodeConfigSchema.parse({ name, factory, factory_args: args });
  const expanded = await expandFactoryNode(written, context);
  if (expanded.kind !== "node") {
    throw new FactoryProtocolError(
      factoryName(factory),
      "makes a subgraph, which is no node; name it in a graph instead",
    );
  }
  const { node } = expanded;
  const loaded = (await loadFactory(factory, context))!;
  const result = await loaded.factory.getNodeFuncs!(netConfig, parseArgs(loaded, args), {
    ...context,
    vars: {},
    nodeName: node.name,
  });
  const { exec, init, close, onFailure } = checkNodeFuncs(loaded.name, result);
  return {
    ...node,
    ...fitConditions(node),
    execution_config: {
      ...node.execution_config!,
      exec_node_func: exec,
      init_node_func: init ?? null,
      close_node_func: close ?? null,
      on_node_failure: onFailure ?? null,
    },
    factory: null,
    factory_args: {},
  };
}

/** The environment, as far as it may be read. */
function environment(): Record<string, string> {
  try {
    return Deno.env.toObject();
  } catch {
    return {};
  }
}

/** The node's conditions; of the generated ones an output condition without ports is left out. */
function fitConditions(
  { in_salvo_conditions, out_salvo_conditions, in_ports, out_ports }: NodeConfig,
): Pick<NodeConfig, "in_salvo_conditions" | "out_salvo_conditions"> {
  type Conditions = Map<string, SalvoConditionConfig<never>>;
  const fitted = fitGenerated({
    in_ports: in_ports as Map<string, never>,
    out_ports: out_ports as Map<string, never>,
    in_salvo_conditions: (in_salvo_conditions ?? new Map()) as Conditions,
    out_salvo_conditions: (out_salvo_conditions ?? new Map()) as Conditions,
  }, {
    // Which ports will have edges is not known yet: the marks stay, for when it is.
    isConnected: () => true,
    isSpecial: (port) => isSpecialOutPort(port, null),
  });
  return {
    in_salvo_conditions: in_salvo_conditions && fitted.in_salvo_conditions,
    out_salvo_conditions: out_salvo_conditions && fitted.out_salvo_conditions,
  };
}
