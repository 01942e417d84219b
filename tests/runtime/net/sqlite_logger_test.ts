import { assertEquals, assertThrows } from "@std/assert";
import { DatabaseSync } from "node:sqlite";
import { EpochLog } from "../../../runtime/net/epoch_log.ts";
import { NetActionLog } from "../../../runtime/net/net_action_log.ts";
import { SqliteLogger } from "../../../runtime/net/sqlite_logger.ts";

function epochLog(epochId: string, endedAt: number): EpochLog {
  return new EpochLog({
    epochId,
    nodeName: "A",
    createdAt: 0,
    startedAt: 10,
    endedAt,
    outcome: "success",
  });
}

Deno.test("epochs come back by time, and one that is logged again replaces the first", () => {
  using logger = new SqliteLogger(":memory:");
  for (const [id, endedAt] of [["e1", 90], ["e2", 40], ["e3", 60], ["e2", 99]] as const) {
    logger.epochHandler("A", id, epochLog(id, endedAt));
  }
  assertEquals(logger.loadEpochLogs(), [
    epochLog("e3", 60),
    epochLog("e1", 90),
    epochLog("e2", 99),
  ]);
});

Deno.test("actions come back in the order in which they were logged", () => {
  using logger = new SqliteLogger(":memory:");
  const logs = [9, 3, 5].map((timestamp) =>
    NetActionLog.of({ action: { type: "runStep" }, events: [] }, timestamp)
  );
  logger.netActionHandler([]);
  logger.netActionHandler(logs.slice(0, 2));
  logger.netActionHandler(logs.slice(2));
  assertEquals(logger.loadNetActionLogs(), logs);
});

Deno.test("the file is reopened with what it holds, and other programs can query its columns", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/log.db`;
  try {
    {
      using logger = new SqliteLogger(path);
      logger.epochHandler("A", "e1", epochLog("e1", 35));
      const action = NetActionLog.of({ action: { type: "runStep" }, events: [] }, 9, "e1");
      logger.netActionHandler([action]);
      logger[Symbol.dispose]();
    }
    {
      using logger = new SqliteLogger(path);
      logger.epochHandler("A", "e2", epochLog("e2", 50));
      assertEquals(logger.loadEpochLogs().length, 2);
    }
    const database = new DatabaseSync(path, { readOnly: true });
    const [epoch] = database.prepare(
      "SELECT epoch_id, node_name, timestamp, outcome, duration_ms FROM epoch_logs ORDER BY 1",
    ).all();
    assertEquals({ ...epoch }, {
      epoch_id: "e1",
      node_name: "A",
      timestamp: "1970-01-01T00:00:00.035Z",
      outcome: "success",
      duration_ms: 25,
    });
    const [action] = database.prepare("SELECT id, action_kind, epoch_id FROM net_action_logs")
      .all();
    assertEquals({ ...action }, { id: 1, action_kind: "RunStep", epoch_id: "e1" });
    database.close();
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("of a batch that cannot be written nothing is kept, and the next one is", () => {
  using logger = new SqliteLogger(":memory:");
  const good = NetActionLog.of({ action: { type: "runStep" }, events: [] }, 1);
  const bad = new NetActionLog({
    timestamp: 2,
    actionKind: "RunStep",
    actionDetail: { unwritable: 1n },
    events: [],
  });
  assertThrows(() => logger.netActionHandler([good, bad]), TypeError);
  assertEquals(logger.loadNetActionLogs(), []);
  logger.netActionHandler([good]);
  assertEquals(logger.loadNetActionLogs(), [good]);
});

Deno.test("a file that is no database is refused, and left as it is", async () => {
  const path = await Deno.makeTempFile();
  const text = "this is no database\n".repeat(100);
  await Deno.writeTextFile(path, text);
  assertThrows(() => new SqliteLogger(path), Error, "not a database");
  assertEquals(await Deno.readTextFile(path), text);
  await Deno.remove(path);
});
