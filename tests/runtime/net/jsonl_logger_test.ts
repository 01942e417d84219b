import { assertEquals, assertRejects } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { EpochLog } from "../../../runtime/net/epoch_log.ts";
import { JsonlEpochLogger, JsonlNetActionLogger } from "../../../runtime/net/jsonl_logger.ts";
import { NetActionLog } from "../../../runtime/net/net_action_log.ts";

function epochLog(epochId: string): EpochLog {
  return new EpochLog({
    epochId,
    nodeName: "A",
    createdAt: 0,
    outcome: "success",
    logs: [{ timestamp: 1, message: 'ünï\ncode "q"\n' }],
  });
}

async function withFile(test: (path: string) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir();
  try {
    await test(`${folder}/log.jsonl`);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("each epoch is one line, in the file as soon as the callback returns", async () => {
  await withFile(async (path) => {
    using logger = new JsonlEpochLogger(path);
    logger.handler("A", "e1", epochLog("e1"));
    assertEquals((await Deno.readTextFile(path)).split("\n").length, 2);
    assertEquals(await JsonlEpochLogger.load(path), [epochLog("e1")]);
  });
});

Deno.test("a second logger appends to what is there", async () => {
  await withFile(async (path) => {
    for (const id of ["e1", "e2"]) {
      using logger = new JsonlEpochLogger(path);
      logger.handler("A", id, epochLog(id));
    }
    assertEquals((await JsonlEpochLogger.load(path)).map(({ epochId }) => epochId), ["e1", "e2"]);
  });
});

Deno.test("actions come back in order", async () => {
  await withFile(async (path) => {
    const logs = ["e1", "e2", "e3"].map((epochId) =>
      NetActionLog.of({ action: { type: "startEpoch", epochId }, events: [] }, 5, epochId)
    );
    using logger = new JsonlNetActionLogger(path);
    logger.handler(logs.slice(0, 2));
    logger.handler(logs.slice(2));
    assertEquals(await JsonlNetActionLogger.load(path), logs);
  });
});

Deno.test("blank lines are skipped, a line cut short is refused with its number or skipped", async () => {
  await withFile(async (path) => {
    const line = JSON.stringify(epochLog("e1"));
    await Deno.writeTextFile(path, `\n${line}\n  \n${line.slice(0, 20)}`);
    await assertRejects(
      () => JsonlEpochLogger.load(path),
      InvalidArgumentError,
      `Cannot read line 4 of ${path}: `,
    );
    assertEquals(await JsonlEpochLogger.load(path, { invalid: "skip" }), [epochLog("e1")]);
  });
});

Deno.test("a logger can be disposed twice", async () => {
  await withFile((path) => {
    const logger = new JsonlEpochLogger(path);
    logger[Symbol.dispose]();
    logger[Symbol.dispose]();
    return Promise.resolve();
  });
});
