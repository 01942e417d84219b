/**
 * The code that a net runs: the functions of its nodes, and what port types refer to.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import type { ResolvedNetConfig } from "../config/net_config.ts";
import { loadNodeFunctions } from "../factories/node_functions.ts";
import type { NodeFuncs } from "../factories/protocol.ts";
import { ModuleLoader } from "../modules/loader.ts";
import type { Codec } from "../storage/serialization.ts";
import { type LazyValueEvaluator, lazyValueEvaluator } from "../packets/lazy_value.ts";
import { portTypeReferences } from "../packets/port_type.ts";
import type { AnyFunction } from "../schema/node.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { cachePlan, type StorageOptions } from "./cache_plan.ts";
import type { DeadLetter } from "./dead_letter.ts";
import { environment } from "./environment.ts";
import { loadCodecs } from "./file_storage.ts";
import { inlineSources, nodeSources } from "./node_sources.ts";

/** The code that a net runs, loaded. */
export interface NetCode {
  /** Functions of each node. */
  readonly functions: ReadonlyMap<string, NodeFuncs>;
  /** What references in port types have led to. */
  readonly portTypes: ReadonlyMap<string, unknown>;
  /** `dead_letter_callback`, if there is one. */
  readonly deadLetterCallback: ((entry: DeadLetter) => unknown) | null;
  /** Hashes of the code of the nodes whose results are stored. */
  readonly sources: ReadonlyMap<string, string>;
  /** Codecs of output files by their references. */
  readonly codecs: ReadonlyMap<string, Codec>;
  /** Computes lazy values. */
  readonly evaluateLazy: LazyValueEvaluator;
}

/** Options of {@linkcode loadNetCode}. */
export interface LoadNetCodeOptions extends StorageOptions {
  /** Code outside the project that may be loaded, by the beginnings of its URLs. */
  allowModules?: readonly string[];
  /** The environment that arguments of built-in factories refer to. */
  env?: Readonly<Record<string, string | undefined>>;
}

/**
 * Loads all code that a net needs in this process.
 *
 * @throws {ModuleImportError} If code cannot or may not be loaded.
 */
export async function loadNetCode(
  config: ResolvedNetConfig,
  options: LoadNetCodeOptions,
): Promise<NetCode> {
  const { data, projectRootPath: projectRoot } = config;
  const loader = new ModuleLoader({ projectRoot, allowModules: options.allowModules ?? [] });
  const context = {
    netConfig: config,
    projectRoot,
    loader,
    env: options.env ?? environment(),
  };
  const { nodes } = data.graph;
  const { dead_letter_callback: callback } = data;
  const [functions, portTypes, deadLetterCallback, sources, codecs] = await Promise.all([
    Promise.all(
      nodes.map(async (node) => [node.name, await loadNodeFunctions(node, context)] as const),
    ),
    Promise.all(
      [...new Set(nodes.flatMap(referencesOf))].map(async (ref) =>
        [ref, await loader.loadFunction(ref).catch(() => undefined)] as const
      ),
    ),
    typeof callback === "string" ? loader.loadFunction(callback) : callback,
    nodeSources(config, cachedNodes(config, options), loader),
    loadCodecs(config, loader),
  ]);
  return {
    functions: new Map(functions),
    portTypes: new Map(portTypes),
    deadLetterCallback: deadLetterCallback as AnyFunction | null,
    sources,
    codecs,
    evaluateLazy: lazyValueEvaluator((ref) => loader.loadFunction(ref)),
  };
}

/**
 * The code of a net in which every function is given as such.
 *
 * @throws {InvalidArgumentError} If something would have to be loaded.
 */
export function codeInConfig(
  config: ResolvedNetConfig,
  options: StorageOptions = {},
): NetCode {
  const { data } = config;
  const given = <T>(value: T | string | null, where: string): T | null => {
    if (typeof value === "string") throw mustLoad(`${where} is "${value}"`);
    return value;
  };
  const functions = data.graph.nodes.map((node): readonly [string, NodeFuncs] => {
    const { name, factory, execution_config: settings } = node;
    if (factory !== null && settings.exec_node_func === null) {
      throw mustLoad(`node "${name}" is made by a factory`);
    }
    const at = (field: string) => `\`${field}\` of node "${name}"`;
    const functions = {
      exec: given(settings.exec_node_func, at("exec_node_func")),
      init: given(settings.init_node_func, at("init_node_func")),
      close: given(settings.close_node_func, at("close_node_func")),
      onFailure: given(settings.on_node_failure, at("on_node_failure")),
    };
    return [name, functions as NodeFuncs];
  });
  return {
    functions: new Map(functions),
    portTypes: new Map(),
    sources: inlineSources(config, cachedNodes(config, options)),
    codecs: new Map(),
    deadLetterCallback: given(data.dead_letter_callback, "`dead_letter_callback`") as never,
    evaluateLazy: ({ funcImportPath }) => {
      throw mustLoad(`a lazy value needs "${funcImportPath}"`);
    },
  };
}

/** Names of the nodes whose code has to be hashed. */
function cachedNodes(config: ResolvedNetConfig, options: StorageOptions): Set<string> {
  return new Set(cachePlan(config, options)?.nodes.keys());
}

function mustLoad(what: string): InvalidArgumentError {
  return new InvalidArgumentError(
    `Cannot make the net without loading code: ${what}; use Net.create`,
  );
}

function referencesOf(node: ResolvedNodeConfig): string[] {
  return [...node.in_ports.values(), ...node.out_ports.values()]
    .flatMap(({ port_type }) => portTypeReferences(port_type));
}
