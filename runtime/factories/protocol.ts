/**
 * What a factory is: a module that makes a node's graph part and its functions from arguments.
 *
 * @module
 */
import type * as z from "zod";
import type { NetConfig } from "../config/net_config.ts";
import type { NodeFunction } from "../execution/node_execution_context.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import type { SubgraphConfigInput } from "../schema/graph.ts";
import type { NodeConfigInput } from "../schema/node.ts";

/** The arguments of a factory: the node's `factory_args` as written. */
export type FactoryArgs = Record<string, unknown>;

/** Initialises or closes a node; gets the `Net`, in the process of the `Net`. */
// deno-lint-ignore no-explicit-any -- the argument is the Net, of which this layer knows nothing
export type NodeLifecycleFunction = (net: any) => unknown;

/** Told of a failed attempt; gets its `NodeFailureContext`, in the process of the `Net`. */
// deno-lint-ignore no-explicit-any -- the argument is the Net's, of which this layer knows nothing
export type NodeFailureFunction = (context: any) => unknown;

/** What packets of several ports are matched by. */
export type PairingKey = string | number | boolean | bigint;

/**
 * How the Net matches packets of a node's ports that belong together.
 *
 * The node's conditions are `manual`. The Net reads the key of each packet that arrives; as soon as
 * every port holds a packet of one key it makes an epoch `pair` of exactly these, when nothing
 * upstream is left to do one epoch `rest` of all others.
 */
export interface Pairing {
  /** Name of the input condition for packets of one key, one from every port. */
  readonly pair: string;
  /** Name of the input condition for those that found no partners. */
  readonly rest: string;
  /**
   * Key of a packet that arrived.
   *
   * @returns The key; undefined if the value has none, upon which the packet gets an epoch of its
   * own, that fails and says why.
   */
  keyOf(port: string, value: unknown): PairingKey | undefined;
}

/** The functions of a node. */
export interface NodeFuncs {
  /** Runs an epoch; null for a node that has none. */
  exec: NodeFunction | null;
  /** Called before the node's first epoch. */
  init?: NodeLifecycleFunction | null;
  /** Called when the Net is closed. */
  close?: NodeLifecycleFunction | null;
  /** Called for every failed attempt. */
  onFailure?: NodeFailureFunction | null;
  /** For a node whose packets are matched by key. */
  pairing?: Pairing;
}

/** The functions of a node as a list. */
export type NodeFuncsTuple = readonly [
  exec: NodeFunction | null,
  init?: NodeLifecycleFunction | null,
  close?: NodeLifecycleFunction | null,
  onFailure?: NodeFailureFunction | null,
];

/** What a factory may use besides its arguments; always the third argument of its functions. */
export interface FactoryContext {
  /** The whole configuration; null outside a net. */
  readonly netConfig: NetConfig | null;
  /** Absolute path of the folder that relative paths start from. */
  readonly projectRoot: string;
  /** Loads the code that arguments name, as far as it may be loaded. */
  readonly loader: ModuleLoader;
  /** Nothing may be imported: only what can be read without running it is resolved. */
  readonly noImport: boolean;
  /** The environment that `{"$env": …}` in the arguments of built-in factories refers to. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The node's variables that `{"$var": …}` refers to; there for `getNodeFuncs` only. */
  readonly vars?: Readonly<Record<string, unknown>>;
  /** Name of the node; there for `getNodeFuncs` only. */
  readonly nodeName?: string;
  /** Tells the user something about the node that is no error. */
  readonly warn?: (message: string) => void;
  /** The factories that led to this one, outermost first. */
  readonly chain?: readonly string[];
}

/**
 * A factory: a module with these exports, or an object that a module exports.
 *
 * It must be deterministic in its arguments: the graph part is computed once in the main process,
 * the functions once on every worker that runs the node.
 */
export interface Factory {
  /**
   * The graph part: ports, conditions, texts; or a subgraph.
   *
   * @param netConfig The whole configuration; null outside a net.
   * @param args The node's `factory_args`, with the defaults of `argsSchema` where there is one.
   * @param context What else the factory may use.
   * @returns The result; undefined if that takes an import and `context.noImport` forbids it.
   */
  getNodeConfig(
    netConfig: NetConfig | null,
    args: FactoryArgs,
    context: FactoryContext,
  ): FactoryResult | undefined | Promise<FactoryResult | undefined>;
  /** The functions; a factory of subgraphs has none. */
  getNodeFuncs?(
    netConfig: NetConfig | null,
    args: FactoryArgs,
    context: FactoryContext,
  ): NodeFuncs | NodeFuncsTuple | Promise<NodeFuncs | NodeFuncsTuple>;
  /** Checks the arguments, fills in defaults, and tells the studio what to ask for. */
  argsSchema?: z.ZodType;
  /** Help text in Markdown. */
  factoryDesc?: string;
}

/**
 * What `getNodeConfig` returns: a node or a subgraph as it may be written in a file.
 *
 * In a node, a port may be marked `optional: true` and a condition `generated: true` (adapted to the
 * ports and edges that there are in the end) or `manual: true` (never fires by itself). The marks
 * are never written to files.
 */
export type FactoryResult =
  | NodeConfigInput & {
    /** What the node yields goes on its way at once, before its epoch ends. */
    streams?: boolean | undefined;
  }
  | SubgraphConfigInput;
