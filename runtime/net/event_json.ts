/**
 * Events of a net as JSON, for programs that read them elsewhere.
 *
 * @module
 */
import { entryToJSON } from "./epoch_log.ts";
import type { NetRuntimeEvent } from "./event.ts";
import { toISO } from "./json_fields.ts";

/**
 * An event as JSON: snake_case keys and types, ISO times, no key for what is unknown.
 *
 * The simulator's own actions and events, inside a `commit`, stay as they are.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const event = { seq: 1, timestamp: 0, type: "epochStart", nodeName: "A", epochId: "01J0" } as const;
 * assertEquals(eventToJSON(event), {
 *   seq: 1,
 *   timestamp: "1970-01-01T00:00:00.000Z",
 *   type: "epoch_start",
 *   node_name: "A",
 *   epoch_id: "01J0",
 * });
 * ```
 */
export function eventToJSON(event: NetRuntimeEvent): Record<string, unknown> {
  const { seq, timestamp, type, ...details } = event;
  const json: Record<string, unknown> = { seq, timestamp: toISO(timestamp), type: snakeCase(type) };
  for (const [key, value] of Object.entries(details)) {
    if (value !== undefined) json[snakeCase(key)] = value;
  }
  switch (event.type) {
    case "epochEnd":
      json.log = event.log.toJSON();
      break;
    case "print":
      json.entries = event.entries.map(({ timestamp, text }) => ({
        timestamp: toISO(timestamp),
        text,
      }));
      break;
    case "log":
      json.entry = entryToJSON(event.entry);
      break;
  }
  return json;
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
