import { assertEquals } from "@std/assert";
import { LineTail } from "../../cli/line_tail.ts";
import { type Io, main } from "../../cli/main.ts";
import { EpochLog } from "../../runtime/net/epoch_log.ts";
import { SqliteLogger } from "../../runtime/net/sqlite_logger.ts";
import { recordedIo } from "./_program.ts";
import { project } from "./_project.ts";

function log(nodeName: string): EpochLog {
  return EpochLog.fromJSON({
    epoch_id: `epoch-of-${nodeName}`,
    node_name: nodeName,
    outcome: "success",
    created_at: "2026-01-01T00:00:00.000Z",
    ended_at: "2026-01-01T00:00:01.000Z",
  });
}

/** Follows a log until it is told to stop; resolves each time as soon as a text was printed. */
function follow(cwd: string, file: string): {
  printed: (text: string) => Promise<void>;
  stop: () => Promise<number>;
  lines: () => string[];
} {
  const { io, outcome } = recordedIo({ cwd });
  let interrupt = () => {};
  let tell = () => {};
  const watched: Io = {
    ...io,
    out(text) {
      io.out(text);
      tell();
    },
    onInterrupt(handler) {
      interrupt = () => handler("SIGINT");
      return () => {};
    },
  };
  const running = main(["logs", file, "--follow"], watched);
  return {
    async printed(text) {
      while (!outcome.stdout.includes(text)) {
        await new Promise<void>((resolve) => tell = resolve);
      }
    },
    stop() {
      interrupt();
      return running;
    },
    lines: () => outcome.stdout.trim().split("\n"),
  };
}

Deno.test("logs --follow prints what is added, a line when it is complete, until interrupted", async () => {
  const [first, second, third] = ["first", "second", "third"].map((name) =>
    JSON.stringify(log(name))
  );
  await using folder = await project({ "run.jsonl": `${first}\n` });
  const path = `${folder.path}/run.jsonl`;
  const following = follow(folder.path, "run.jsonl");
  await following.printed("first");
  await Deno.writeTextFile(path, `${second}\n${third!.slice(0, 20)}`, { append: true });
  await following.printed("second");
  await Deno.writeTextFile(path, `${third!.slice(20)}\nno log\n`, { append: true });
  await following.printed("third");
  assertEquals(await following.stop(), 130);
  assertEquals(following.lines().length, 3);
});

Deno.test("logs --follow follows a database", async () => {
  await using folder = await project({});
  using logger = new SqliteLogger(`${folder.path}/run.db`);
  logger.epochHandler("first", "epoch-of-first", log("first"));
  const following = follow(folder.path, "run.db");
  await following.printed("first");
  logger.epochHandler("second", "epoch-of-second", log("second"));
  await following.printed("second");
  assertEquals(await following.stop(), 130);
});

Deno.test("a tail gives each line once, however the file grows, and begins again where it shrank", async () => {
  await using folder = await project({ "text": "" });
  const path = `${folder.path}/text`;
  const tail = new LineTail(path);
  const add = (text: string) => Deno.writeTextFile(path, text, { append: true });
  assertEquals([...tail.read()], []);
  await add("one\nä");
  assertEquals([...tail.read()], ["one"]);
  const long = "x".repeat(3 << 20);
  await add(`\n${long}\n\nlast`);
  assertEquals([...tail.read()], ["ä", long, ""]);
  await Deno.writeTextFile(path, "anew\n");
  assertEquals([...tail.read()], ["anew"]);
});
