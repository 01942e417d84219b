import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { InvalidArgumentError } from "../../../sim/error.ts";
import {
  EpochLog,
  type EpochLogFields,
  type EpochOutcome,
} from "../../../runtime/net/epoch_log.ts";
import { NetActionLog } from "../../../runtime/net/net_action_log.ts";

const fields: EpochLogFields = {
  epochId: "01J0",
  nodeName: "A",
  createdAt: Date.UTC(2026, 0, 2, 3, 4, 5, 0),
  startedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  endedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 11),
  outcome: "success",
};

Deno.test("times are derived from creation, start and end", () => {
  const log = new EpochLog(fields);
  assertEquals([log.timestamp, log.queueTimeMs, log.durationMs], [fields.endedAt, 6, 5]);
  const never = new EpochLog({ ...fields, startedAt: undefined, endedAt: undefined });
  assertEquals([never.timestamp, never.queueTimeMs, never.durationMs], [
    fields.createdAt,
    undefined,
    undefined,
  ]);
});

Deno.test("the outcome tells whether it was cancelled or came from a store", () => {
  const flags = (outcome: EpochOutcome) => {
    const log = new EpochLog({ ...fields, outcome });
    return [log.wasCancelled, log.wasCacheHit, log.wasFileStorageHit];
  };
  assertEquals(flags("success"), [false, false, false]);
  assertEquals(flags("error"), [false, false, false]);
  assertEquals(flags("cancelled"), [true, false, false]);
  assertEquals(flags("cache_hit"), [false, true, false]);
  assertEquals(flags("file_storage_hit"), [false, false, true]);
});

Deno.test("user fields are those of all entries, of several of one name the last", () => {
  const entry = (fields: Record<string, unknown>) => ({
    timestamp: 0,
    fields,
    level: "info" as const,
  });
  const log = new EpochLog({
    ...fields,
    nodeLogEntries: [entry({ n: 1, kind: "a" }), entry({ kind: "b", plus: 2 })],
  });
  assertEquals(log.userFields, { n: 1, kind: "b", plus: 2 });
  const hostile = JSON.parse('{"__proto__": {"admin": true}}');
  const harmless = new EpochLog({ ...fields, nodeLogEntries: [entry(hostile)] });
  assertEquals((harmless.userFields as { admin?: unknown }).admin, undefined);
});

Deno.test("a log cannot be changed", () => {
  const log = new EpochLog(fields);
  assertThrows(() => Object.assign(log, { outcome: "error" }), TypeError);
  assertThrows(() => Object.assign(log.userFields, { a: 1 }), TypeError);
});

Deno.test("as JSON it has snake_case keys, ISO times, and null for what is not known", () => {
  const log = new EpochLog({
    ...fields,
    outcome: "error",
    error: "boom",
    errorType: "RangeError",
    retryCount: 1,
    inSalvoPorts: ["in"],
    inSalvoPacketCount: 2,
    nodeLogEntries: [{ timestamp: 0, fields: { big: 2n }, message: "m", level: "error" }],
    logs: [{ timestamp: 0, message: "m | big=2n\n" }],
  });
  assertEquals(JSON.parse(JSON.stringify(log)), {
    epoch_id: "01J0",
    node_name: "A",
    timestamp: "2026-01-02T03:04:05.011Z",
    created_at: "2026-01-02T03:04:05.000Z",
    started_at: "2026-01-02T03:04:05.006Z",
    ended_at: "2026-01-02T03:04:05.011Z",
    duration_ms: 5,
    queue_time_ms: 6,
    outcome: "error",
    error: "boom",
    error_type: "RangeError",
    error_traceback: null,
    pool_id: null,
    worker_id: null,
    retry_count: 1,
    was_cache_hit: false,
    was_file_storage_hit: false,
    in_salvo_ports: ["in"],
    in_salvo_packet_count: 2,
    out_salvo_count: 0,
    orphaned_packet_count: 0,
    destroyed_packet_count: 0,
    factory: null,
    node_log_entries: [{
      timestamp: "1970-01-01T00:00:00.000Z",
      fields: { big: { $bigint: "2" } },
      message: "m",
      level: "error",
    }],
    user_fields: { big: { $bigint: "2" } },
    net_actions: null,
    logs: [{ timestamp: "1970-01-01T00:00:00.000Z", message: "m | big=2n\n" }],
  });
});

const time = fc.date({ noInvalidDate: true }).map((date) => date.getTime());
const count = fc.nat(1000);
const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const logFields: fc.Arbitrary<EpochLogFields> = fc.record({
  epochId: fc.string(),
  nodeName: fc.string(),
  createdAt: time,
  startedAt: some(time),
  endedAt: some(time),
  outcome: fc.constantFrom("success", "error", "cancelled", "cache_hit", "file_storage_hit"),
  error: some(fc.string()),
  errorType: some(fc.string()),
  errorTraceback: some(fc.string()),
  poolId: some(fc.string()),
  workerId: some(count),
  retryCount: count,
  inSalvoPorts: fc.array(fc.string()),
  inSalvoPacketCount: count,
  outSalvoCount: count,
  orphanedPacketCount: count,
  destroyedPacketCount: count,
  factory: some(fc.string()),
  nodeLogEntries: fc.array(fc.record({
    timestamp: time,
    fields: fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.integer(), fc.bigInt(), fc.boolean()),
    ),
    message: fc.string(),
    level: fc.constantFrom("info", "error"),
  })),
  netActions: some(fc.array(
    fc.string().map((epochId) =>
      NetActionLog.of({ action: { type: "startEpoch", epochId }, events: [] }, 0)
    ),
  )),
  logs: fc.array(fc.record({ timestamp: time, message: fc.string() })),
});

Deno.test("every log comes back equal from its JSON", () => {
  fc.assert(fc.property(logFields, (fields) => {
    const log = new EpochLog(fields);
    assertEquals(EpochLog.fromJSON(JSON.parse(JSON.stringify(log))), log);
  }));
});

Deno.test("a field of the wrong type is refused by name", () => {
  const json = new EpochLog(fields).toJSON();
  const cases: [Record<string, unknown> | unknown, string][] = [
    [null, "Cannot read epoch log: expected an object, got null"],
    [{ ...json, node_name: 3 }, "`node_name` must be a text, got 3"],
    [
      { ...json, created_at: "yesterday" },
      '`created_at` must be a time (ISO 8601), got "yesterday"',
    ],
    [{ ...json, outcome: "fine" }, "`outcome` must be one of success, error, cancelled"],
    [{ ...json, logs: {} }, "`logs` must be a list"],
    [{ ...json, logs: [3] }, "Cannot read line of an epoch log: expected an object, got 3"],
    [{ node_name: "A" }, "`epoch_id` must be a text, got undefined"],
  ];
  for (const [data, message] of cases) {
    assertThrows(() => EpochLog.fromJSON(data), InvalidArgumentError, message);
  }
});

Deno.test("fields that are not there are taken as unknown or zero", () => {
  const log = EpochLog.fromJSON({
    epoch_id: "01J0",
    node_name: "A",
    created_at: "2026-01-02T03:04:05.123456+00:00",
    outcome: "success",
  });
  assertEquals([log.createdAt, log.retryCount, log.logs.length], [
    Date.UTC(2026, 0, 2, 3, 4, 5, 123),
    0,
    0,
  ]);
});

Deno.test("as a line it has outcome, duration, pool, and the user's fields", () => {
  const log = new EpochLog({
    ...fields,
    poolId: "main",
    workerId: 0,
    nodeLogEntries: [{ timestamp: 0, fields: { rows: 3, kind: "a b" }, level: "info" }],
  });
  assertEquals(
    String(log),
    "[03:04:05.011] [A] outcome=success duration=5ms pool=main/0 rows=3 kind=a b",
  );
  const failed = new EpochLog({ ...fields, outcome: "error", error: "boom", retryCount: 2 });
  assert(
    String(failed).endsWith("outcome=error duration=5ms retries=2 error=boom"),
    String(failed),
  );
});
