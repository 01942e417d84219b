/**
 * Factories: what makes a node's ports, conditions and functions from arguments.
 *
 * @module
 */
export type {
  Factory,
  FactoryArgs,
  FactoryContext,
  FactoryResult,
  NodeFailureFunction,
  NodeFuncs,
  NodeFuncsTuple,
  NodeLifecycleFunction,
  Pairing,
  PairingKey,
} from "./protocol.ts";
export * from "./error.ts";
export { broadcast } from "./broadcast.ts";
export { command } from "./command.ts";
export { functionFactory } from "./function.ts";
export { join } from "./join.ts";
export { read } from "./read.ts";
export { write } from "./write.ts";
export { type ExpandedNode, expandFactoryNode, MAX_FACTORY_DEPTH } from "./expand.ts";
export { loadNodeFunctions, type NodeFunctionsContext } from "./node_functions.ts";
export {
  nodeConfigFromFactory,
  type NodeConfigFromFactoryOptions,
} from "./node_config_from_factory.ts";
export { describeFactory, type FactoryInfo, type FactoryParameter } from "./factory_info.ts";
export { type LoadedFactory, loadFactory } from "./load_factory.ts";
export { ModuleLoader, type ModuleLoaderOptions } from "../modules/loader.ts";
export type { MadeModules } from "../modules/module_cache.ts";
export {
  readSignatures,
  SignatureReader,
  type SignatureReaderOptions,
} from "../modules/read_signatures.ts";
export type { CodeReference } from "../modules/reference.ts";
export type * from "../modules/signature.ts";
export type * from "../modules/type_shape.ts";
