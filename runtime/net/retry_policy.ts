/**
 * Whether and when a failed attempt is made again.
 *
 * @module
 */
import type { ResolvedExecutionConfig } from "../schema/resolved.ts";

/** The fields of a node that say how its attempts are retried. */
export type RetrySettings = Pick<
  ResolvedExecutionConfig,
  "retries" | "retry_wait" | "retry_backoff" | "retry_wait_max" | "retry_jitter"
>;

/** Codes of failures that another attempt cannot mend. */
const hopeless: ReadonlySet<string> = new Set([
  "NonRetryable",
  "NotSerializable",
  "MessageTooLarge",
  "SyncUnsupported",
  "FileStorageHashMismatch",
  "Storage",
  "StorageBackend",
  "StorageKeyNotFound",
  "InvalidStorageKey",
]);

/**
 * How long to wait before the next attempt, in ms; undefined if there is to be none.
 *
 * Errors are recognised by their `code`, so that those from workers count as well.
 *
 * @param settings The node's fields.
 * @param retryCount How many attempts were made again before this failure.
 * @param error What the attempt failed with.
 * @param random A number from 0 to 1, exclusive, for the share of the wait that is random.
 *
 * @example Each wait is twice as long as the one before, up to a limit
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const settings = {
 *   retries: 4, retry_wait: 1, retry_backoff: 2, retry_wait_max: 5, retry_jitter: 0,
 * };
 * const waits = [0, 1, 2, 3, 4].map((n) => retryDelayMs(settings, n, new Error("boom"), 0));
 * assertEquals(waits, [1000, 2000, 4000, 5000, undefined]);
 * ```
 */
export function retryDelayMs(
  settings: RetrySettings,
  retryCount: number,
  error: unknown,
  random: number,
): number | undefined {
  const { code, retryable, retryAfter, seconds } = errorFields(error);
  if (retryCount >= settings.retries || retryable === false) return undefined;
  if (typeof code === "string" && hopeless.has(code)) return undefined;
  const asked = code === "RetryAfter" ? seconds : retryAfter;
  if (typeof asked === "number" && asked >= 0) return asked * 1000;
  const wait = Math.min(
    settings.retry_wait * settings.retry_backoff ** retryCount,
    settings.retry_wait_max ?? Infinity,
  );
  return wait * (1 - settings.retry_jitter * random) * 1000;
}

interface ErrorFields {
  code?: unknown;
  retryable?: unknown;
  retryAfter?: unknown;
  seconds?: unknown;
}

function errorFields(error: unknown): ErrorFields {
  return typeof error === "object" && error !== null ? error : {};
}
