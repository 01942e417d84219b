/**
 * Taking the net's values into a node's execution settings.
 *
 * @module
 */
import type { NetConfigData } from "./net.ts";
import { type NodeExecutionConfig, nodeExecutionConfigSchema } from "./node.ts";
import type { ResolvedExecutionConfig } from "./resolved.ts";

const DEFAULTS = nodeExecutionConfigSchema.parse({}) as NodeExecutionConfig<never>;

/**
 * The settings that count for a node: its own, and the net's where it states none.
 *
 * @param own The node's settings, without references.
 * @param net The net, without references.
 */
export function effectiveExecution(
  own: NodeExecutionConfig<never> | null,
  net: NetConfigData<never>,
): ResolvedExecutionConfig {
  const config = own ?? DEFAULTS;
  return {
    ...config,
    pools: config.pools ?? net.default_pools,
    pool_allocation_method: config.pool_allocation_method ?? net.default_pool_allocation_method,
    max_parallel_epochs: config.max_parallel_epochs ?? net.max_parallel_epochs,
    max_epochs: config.max_epochs ?? net.max_epochs,
    retries: config.retries ?? net.retries,
    retry_wait: config.retry_wait ?? net.retry_wait,
    retry_backoff: config.retry_backoff ?? net.retry_backoff,
    retry_wait_max: config.retry_wait_max ?? net.retry_wait_max,
    retry_jitter: config.retry_jitter ?? net.retry_jitter,
    timeout: config.timeout ?? net.timeout,
    ordered: config.ordered ?? net.ordered,
    type_checking_enabled: config.type_checking_enabled ?? net.type_checking_enabled,
    propagate_exceptions: config.propagate_exceptions ?? net.propagate_exceptions,
    print_exceptions: config.print_exceptions ?? net.print_exceptions,
    print_echo_stdout: config.print_echo_stdout ?? net.print_echo_stdout,
    signals: config.signals ?? net.default_signals,
    controls: config.controls ?? net.default_controls,
  };
}
