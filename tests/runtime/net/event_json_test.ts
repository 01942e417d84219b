import { assertEquals } from "@std/assert";
import { EpochLog } from "../../../runtime/net/epoch_log.ts";
import type { NetRuntimeEventBody } from "../../../runtime/net/event.ts";
import { eventToJSON } from "../../../runtime/net/event_json.ts";

function json(body: NetRuntimeEventBody): unknown {
  const { seq, timestamp, ...rest } = eventToJSON({ seq: 1, timestamp: 0, ...body });
  assertEquals([seq, timestamp], [1, "1970-01-01T00:00:00.000Z"]);
  return JSON.parse(JSON.stringify(rest));
}

Deno.test("types and keys are in snake_case", () => {
  assertEquals(
    json({
      type: "attemptFailed",
      nodeName: "A",
      epochId: "e",
      retryCount: 1,
      error: { type: "Error", message: "m" },
    }),
    {
      type: "attempt_failed",
      node_name: "A",
      epoch_id: "e",
      retry_count: 1,
      error: { type: "Error", message: "m" },
    },
  );
  assertEquals(json({ type: "queued", queueName: "q", packetId: "p" }), {
    type: "queued",
    queue_name: "q",
    packet_id: "p",
  });
});

Deno.test("the simulator's own actions and events stay as they are", () => {
  const actions = [{
    action: { type: "startEpoch", epochId: "e" },
    events: [{ type: "epochStarted", timestamp: 5, epochId: "e", nodeName: "A" }],
  }] as const;
  assertEquals(json({ type: "commit", epochId: "e", actions }), {
    type: "commit",
    epoch_id: "e",
    actions,
  });
});

Deno.test("logs, prints and entries are written as in log files", () => {
  const log = new EpochLog({ epochId: "e", nodeName: "A", createdAt: 0, outcome: "success" });
  assertEquals(json({ type: "epochEnd", log }), {
    type: "epoch_end",
    log: JSON.parse(JSON.stringify(log)),
  });
  assertEquals(
    json({ type: "print", nodeName: "A", epochId: "e", entries: [{ timestamp: 0, text: "x\n" }] }),
    {
      type: "print",
      node_name: "A",
      epoch_id: "e",
      entries: [{ timestamp: "1970-01-01T00:00:00.000Z", text: "x\n" }],
    },
  );
  const entry = { timestamp: 0, fields: { n: 1n }, level: "info" } as const;
  assertEquals(json({ type: "log", nodeName: "A", epochId: "e", entry }), {
    type: "log",
    node_name: "A",
    epoch_id: "e",
    entry: {
      timestamp: "1970-01-01T00:00:00.000Z",
      fields: { n: { $bigint: "1" } },
      message: null,
      level: "info",
    },
  });
});
