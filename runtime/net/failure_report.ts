/**
 * Telling the world about a failed epoch: standard error, the dead-letter file, the callback.
 *
 * @module
 */
import { toJSONValue } from "../packets/json_value.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import type { EpochError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import { settled, type Steps } from "./task.ts";

/** Writes and tells what the configuration asks for; trouble with that is a warning. */
export function* reportFailure(
  engine: Engine,
  epoch: LiveEpoch,
  entry: DeadLetter,
  error: EpochError,
): Steps<void> {
  const { deadLetterPath, deadLetterCallback, maskSecrets } = engine.settings;
  const { node } = epoch;
  try {
    if (deadLetterPath !== null) appendLine(deadLetterPath, maskSecrets(deadLetterJson(entry)));
    if (deadLetterCallback) yield* settled(deadLetterCallback(entry));
  } catch (reason) {
    engine.events.warn(
      "dead_letter_report_failed",
      `Cannot report the dead letter of epoch ${entry.epochId}: ${reason}`,
      node.name,
    );
  }
  if (node.settings.print_exceptions) console.error(failureText(error));
}

function appendLine(path: string, line: string): void {
  // Values of packets may be secret: nobody else may read the file.
  Deno.writeTextFileSync(path, `${line}\n`, { append: true, create: true, mode: 0o600 });
}

function deadLetterJson(entry: DeadLetter): string {
  const { error, ...rest } = entry;
  return JSON.stringify({
    epoch_id: rest.epochId,
    node_name: rest.nodeName,
    salvo_condition: rest.salvoCondition,
    error: error.message,
    retry_count: rest.retryCount,
    retry_timestamps: rest.retryTimestamps.map((at) => new Date(at).toISOString()),
    retry_exceptions: rest.retryExceptions,
    packets: rest.packets,
    values: toJSONValue(rest.values),
    pool_id: rest.poolId,
    worker_id: rest.workerId,
  });
}

function failureText({ nodeName, epochId, poolId, workerId, cause }: EpochError): string {
  const where = poolId === undefined ? "" : `, pool ${poolId}, worker ${workerId}`;
  const stack = cause instanceof Error ? cause.stack ?? String(cause) : String(cause);
  return `Epoch ${epochId} of node ${nodeName} failed${where}\n${stack}`;
}
