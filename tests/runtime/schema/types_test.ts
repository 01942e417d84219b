/** The written-out types and those that zod infers from the schemas are the same. */
import type * as z from "zod";
import type {
  EdgeConfig,
  edgeConfigInferred,
  EdgeConfigInput,
  ExposedPort,
  exposedPortInferred,
  ExposedPortInput,
  GraphConfig,
  graphConfigInferred,
  GraphConfigInput,
  SubgraphConfig,
  subgraphConfigInferred,
  SubgraphConfigInput,
} from "../../../runtime/schema/graph.ts";
import type {
  NetConfigData,
  netConfigInferred,
  NetConfigInput,
  OutputQueueConfig,
  outputQueueConfigInferred,
} from "../../../runtime/schema/net.ts";
import type {
  DependencyRequestConfig,
  dependencyRequestConfigInferred,
  NodeConfig,
  nodeConfigInferred,
  NodeConfigInput,
  NodeExecutionConfig,
  nodeExecutionConfigInferred,
  NodeExecutionConfigInput,
} from "../../../runtime/schema/node.ts";
import type {
  PoolConfig,
  poolConfigInferred,
  PoolConfigInput,
} from "../../../runtime/schema/pool.ts";
import type {
  PortConfig,
  portConfigInferred,
  PortConfigInput,
  PortTypeSpec,
  portTypeSpecInferred,
} from "../../../runtime/schema/port.ts";
import type {
  SalvoConditionConfig,
  salvoConditionConfigInferred,
  SalvoConditionConfigInput,
} from "../../../runtime/schema/salvo_condition.ts";
import type {
  NodeFileStorageConfig,
  nodeFileStorageConfigInferred,
  NodeFileStorageConfigInput,
} from "../../../runtime/schema/file_storage.ts";
import type {
  CacheConfig,
  cacheConfigInferred,
  NodeCacheConfig,
  nodeCacheConfigInferred,
  NodeStorageConfig,
  nodeStorageConfigInferred,
  NodeStorageConfigInput,
  StorageConfig,
  storageConfigInferred,
  StorageConfigInput,
} from "../../../runtime/schema/storage.ts";
import type {
  NodeVariable,
  nodeVariableInferred,
  NodeVariableInput,
} from "../../../runtime/schema/variable.ts";
import type { Written } from "../../../runtime/schema/reference.ts";

/** True if each of two types can stand for the other. */
type Same<A, B> = [A] extends [B] ? [B] extends [A] ? true : "first is wider" : "second is wider";

/** Fails to compile unless both are the same. */
function same<A, B>(_: Same<A, B>): void {}

Deno.test("written-out types equal those inferred from the schemas", () => {
  same<z.output<typeof edgeConfigInferred>, EdgeConfig>(true);
  same<z.input<typeof edgeConfigInferred>, EdgeConfigInput>(true);
  same<z.output<typeof exposedPortInferred>, ExposedPort>(true);
  same<z.input<typeof exposedPortInferred>, ExposedPortInput>(true);
  same<z.output<typeof subgraphConfigInferred>, SubgraphConfig>(true);
  same<z.input<typeof subgraphConfigInferred>, SubgraphConfigInput>(true);
  same<z.output<typeof graphConfigInferred>, GraphConfig>(true);
  same<z.input<typeof graphConfigInferred>, GraphConfigInput>(true);
  same<z.output<typeof outputQueueConfigInferred>, OutputQueueConfig>(true);
  same<z.input<typeof outputQueueConfigInferred>, OutputQueueConfig>(true);
  same<z.output<typeof netConfigInferred>, NetConfigData>(true);
  same<z.input<typeof netConfigInferred>, NetConfigInput>(true);
  same<z.output<typeof nodeExecutionConfigInferred>, NodeExecutionConfig>(true);
  same<z.input<typeof nodeExecutionConfigInferred>, NodeExecutionConfigInput>(true);
  same<z.output<typeof dependencyRequestConfigInferred>, DependencyRequestConfig>(true);
  same<z.input<typeof dependencyRequestConfigInferred>, Written<DependencyRequestConfig>>(true);
  same<z.output<typeof nodeConfigInferred>, NodeConfig>(true);
  same<z.input<typeof nodeConfigInferred>, NodeConfigInput>(true);
  same<z.output<typeof poolConfigInferred>, PoolConfig>(true);
  same<z.input<typeof poolConfigInferred>, PoolConfigInput>(true);
  same<z.output<typeof portTypeSpecInferred>, PortTypeSpec>(true);
  same<z.input<typeof portTypeSpecInferred>, PortTypeSpec>(true);
  same<z.output<typeof portConfigInferred>, PortConfig>(true);
  same<z.input<typeof portConfigInferred>, PortConfigInput>(true);
  same<z.output<typeof salvoConditionConfigInferred>, SalvoConditionConfig>(true);
  same<z.input<typeof salvoConditionConfigInferred>, SalvoConditionConfigInput>(true);
  same<z.output<typeof cacheConfigInferred>, CacheConfig>(true);
  same<z.input<typeof cacheConfigInferred>, Written<CacheConfig>>(true);
  same<z.output<typeof nodeCacheConfigInferred>, NodeCacheConfig>(true);
  same<z.input<typeof nodeCacheConfigInferred>, Written<NodeCacheConfig>>(true);
  same<z.output<typeof nodeFileStorageConfigInferred>, NodeFileStorageConfig>(true);
  same<z.input<typeof nodeFileStorageConfigInferred>, NodeFileStorageConfigInput>(true);
  same<z.output<typeof nodeStorageConfigInferred>, NodeStorageConfig>(true);
  same<z.input<typeof nodeStorageConfigInferred>, NodeStorageConfigInput>(true);
  same<z.output<typeof storageConfigInferred>, StorageConfig>(true);
  same<z.input<typeof storageConfigInferred>, StorageConfigInput>(true);
  same<z.output<typeof nodeVariableInferred>, NodeVariable>(true);
  same<z.input<typeof nodeVariableInferred>, NodeVariableInput>(true);
});
