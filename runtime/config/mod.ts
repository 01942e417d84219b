/**
 * Configurations of nets: loading, checking, resolving and writing them.
 *
 * Every object that can be written in a `*.netrun.json` or `*.netrun.toml` file has a type
 * (`NodeConfig`, as parsed), a type of what may be written (`NodeConfigInput`) and a schema
 * (`nodeConfigSchema`). Keys are the same in files and in code.
 *
 * @example A net written in TypeScript
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { NetConfig } from "@netrun/netrun/config";
 *
 * const config = NetConfig.parse({ graph: { nodes: [{ name: "only", out_ports: { out: {} } }] } });
 * assertEquals(config.toJson(), `{
 *   "graph": {
 *     "nodes": [
 *       {
 *         "name": "only",
 *         "out_ports": {
 *           "out": {}
 *         }
 *       }
 *     ]
 *   }
 * }
 * `);
 * ```
 *
 * @module
 */
export {
  type LoadOptions,
  NetConfig,
  type ParseOptions,
  ResolvedNetConfig,
  type ResolveOptions,
} from "./net_config.ts";
export {
  type BackendConfig,
  type BackendConfigInput,
  backendConfigSchema,
  type GCSBackendConfig,
  type LocalBackendConfig,
  type Need,
  type RcloneBackendConfig,
  type S3BackendConfig,
  type SSHBackendConfig,
} from "../schema/backend.ts";
export {
  ConfigError,
  type ConfigErrorOptions,
  ConfigFileError,
  ConfigOverrideError,
  ConfigResolveError,
  ConfigSchemaError,
  describeIssue,
  formatConfigPath,
  GraphValidationError,
} from "../schema/error.ts";
export {
  type EdgeConfig,
  type EdgeConfigInput,
  edgeConfigSchema,
  type ExposedPort,
  type ExposedPortInput,
  exposedPortSchema,
  type GraphConfig,
  type GraphConfigInput,
  graphConfigSchema,
  type SubgraphConfig,
  type SubgraphConfigInput,
  subgraphConfigSchema,
} from "../schema/graph.ts";
export type { ConfigIssue, ConfigPath } from "../schema/issue.ts";
export {
  type NetConfigData,
  type NetConfigInput,
  netConfigSchema,
  type OutputQueueConfig,
  outputQueueConfigSchema,
} from "../schema/net.ts";
export {
  type AnyFunction,
  type DependencyRequestConfig,
  dependencyRequestConfigSchema,
  type DependencyTrigger,
  type FactoryModule,
  type FactoryRef,
  factoryRefSchema,
  type FunctionRef,
  functionRefSchema,
  type NodeConfig,
  type NodeConfigInput,
  nodeConfigSchema,
  type NodeExecutionConfig,
  type NodeExecutionConfigInput,
  nodeExecutionConfigSchema,
  type PoolAllocationMethod,
  poolAllocationMethodSchema,
} from "../schema/node.ts";
export {
  type MainPoolSpec,
  type MultiprocessPoolSpec,
  type PermissionValue,
  type PoolConfig,
  type PoolConfigInput,
  poolConfigSchema,
  type PoolPermissions,
  type PoolSpec,
  type PoolSpecInput,
  poolSpecSchema,
  type RemotePoolSpec,
  type ThreadPoolSpec,
  type WorkerPoolOptions,
} from "../schema/pool.ts";
export {
  type FiniteSlots,
  type GatherConfig,
  type GatherConfigInput,
  gatherConfigSchema,
  type GatherMaxWait,
  type GatherUntilDone,
  type InfiniteSlots,
  type PortConfig,
  type PortConfigInput,
  portConfigSchema,
  type PortType,
  type PortTypeClass,
  type PortTypeParser,
  portTypeSchema,
  type PortTypeSpec,
  portTypeSpecSchema,
  type SlotsSpec,
  slotsSpecSchema,
} from "../schema/port.ts";
export type {
  EnvRef,
  MapInput,
  NodeVarRef,
  VarRef,
  VarRef as EnvVar,
  Written,
} from "../schema/reference.ts";
export type {
  EffectiveField,
  FlattenedSubgraph,
  ResolvedExecutionConfig,
  ResolvedGraphConfig,
  ResolvedNetConfigData,
  ResolvedNodeConfig,
} from "../schema/resolved.ts";
export {
  type MaxSalvos,
  maxSalvosSchema,
  type PacketCount,
  packetCountSchema,
  type PortState,
  portStateSchema,
  type SalvoConditionConfig,
  type SalvoConditionConfigInput,
  salvoConditionConfigSchema,
  type TermConfig,
  termConfigSchema,
} from "../schema/salvo_condition.ts";
export {
  CONTROL_TYPES,
  type ControlType,
  controlTypeSchema,
  SIGNAL_TYPES,
  type SignalType,
  signalTypeSchema,
} from "../schema/signal.ts";
export {
  type CodecModule,
  type HashMethod,
  hashMethodSchema,
  type NodeFileStorageConfig,
  type NodeFileStorageConfigInput,
  nodeFileStorageConfigSchema,
  type OutputNames,
  type PicklingMethod,
  picklingMethodSchema,
} from "../schema/file_storage.ts";
export {
  type CacheConfig,
  cacheConfigSchema,
  type CacheWhat,
  type KeyPart,
  type NodeCacheConfig,
  nodeCacheConfigSchema,
  type NodeStorageConfig,
  type NodeStorageConfigInput,
  nodeStorageConfigSchema,
  type StorageConfig,
  type StorageConfigInput,
  storageConfigSchema,
} from "../schema/storage.ts";
export {
  type NodeVariable,
  type NodeVariableInput,
  nodeVariableSchema,
  type NodeVariableType,
  type NodeVarValue,
  type VariableScalar,
  type Vars,
} from "../schema/variable.ts";
export type { NodeFunction } from "../execution/node_execution_context.ts";
export type { NodeVarsOption, VariableOverrides } from "../schema/overrides.ts";
export { resolveReferences } from "../schema/references.ts";
export { resolveNodeVariable } from "../schema/variables.ts";
export { type JsonSchemaOptions, netConfigJsonSchema } from "../schema/json_schema.ts";
export type { DumpOptions } from "../schema/dump.ts";
export {
  decodeNetText,
  type NetText,
  type NetTextFormat,
  parseNetText,
  type ParseNetTextOptions,
} from "../schema/text/net_text.ts";
export type { TextPosition } from "../schema/text/text_place.ts";
export { formatNetText, type WriteOptions } from "../schema/text/format_net_text.ts";
export {
  type BuilderNodes,
  buildNet,
  type FunctionNodeSettings,
  NetBuilder,
  type NetSettings,
  type NodeSettings,
} from "./builder.ts";
export type {
  ErrorPort,
  ExposedTypes,
  FunctionNode,
  InnerType,
  ListedIn,
  MergedPorts,
  NodePorts,
  PortIn,
  PortsOfNode,
  PortsOfSubgraph,
  StatedPorts,
  StatedType,
  SubgraphPorts,
} from "./builder_types.ts";
export type {
  ArgsOf,
  BuiltInPorts,
  FactoryArg,
  FactoryPorts,
  NamedPorts,
  NumberedPorts,
  PortIf,
} from "./factory_ports.ts";
export type {
  AnyPorts,
  BuiltInObject,
  DeclaredOutPorts,
  FunctionPorts,
  Holding,
  MadeBy,
  ParameterPorts,
  ReservedName,
  ResultPorts,
  StatedInPorts,
  StatedOutPorts,
  TakenBy,
} from "./function_ports.ts";
export type { Fits, NamedValues, PortValue, TextValue } from "./port_value.ts";
