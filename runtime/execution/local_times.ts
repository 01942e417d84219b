/**
 * Times of workers on another machine, by the clock of this one.
 *
 * @module
 */
import { ExecutionManagerProtocolKeys as KEYS } from "./job_protocol.ts";

/**
 * What a worker has sent, with its times as the clock here would have shown them.
 *
 * @param offsetMs How far the worker's clock is ahead, in ms.
 */
export function withLocalTimes(key: string, data: unknown, offsetMs: number): unknown {
  if (!Array.isArray(data)) return data;
  const [msgId, first, second, ...rest] = data;
  const local = (at: number) => at - offsetMs;
  const stamped = (entry: { timestamp: number }) => ({
    ...entry,
    timestamp: local(entry.timestamp),
  });
  switch (key) {
    case KEYS.UP_RUN_STARTED:
      return [msgId, local(first)];
    case KEYS.UP_RUN_RESPONSE:
      return [msgId, local(first), local(second), ...rest];
    case KEYS.UP_PRINT_BUFFER:
      return [msgId, first.map(stamped)];
    case KEYS.UP_LOG:
      return [msgId, stamped(first)];
    default:
      return data;
  }
}
