import { assertEquals } from "@std/assert";
import { type LoggedEpoch, NetLogs } from "../../../runtime/net/net_logs.ts";

const epochs: LoggedEpoch[] = [
  {
    epochId: "e1",
    nodeName: "B",
    poolId: "main",
    workerId: 0,
    logs: [{ timestamp: 1, message: "b one\n" }, { timestamp: 5, message: "  b two  \n" }],
  },
  { epochId: "e2", nodeName: "A", logs: [{ timestamp: 3, message: "a one\n" }] },
  { epochId: "e3", nodeName: "B", logs: [{ timestamp: 3, message: "b three\n" }] },
];

function makeLogs() {
  const printed: string[] = [];
  return { logs: new NetLogs(() => epochs, (line) => printed.push(line)), printed };
}

Deno.test("lines are found by epoch and by node; unknown ones have none", () => {
  const { logs } = makeLogs();
  assertEquals(logs.forEpoch("e2"), [{ timestamp: 3, message: "a one\n" }]);
  assertEquals(logs.forNode("B").map(({ timestamp }) => timestamp), [1, 3, 5]);
  assertEquals([logs.forEpoch("x"), logs.forNode("x")], [[], []]);
});

Deno.test("allChronological() is ordered by time, lines of one time by epoch", () => {
  const { logs } = makeLogs();
  assertEquals(
    logs.allChronological().map(({ epochId, nodeName, timestamp }) =>
      `${timestamp} ${epochId} ${nodeName}`
    ),
    ["1 e1 B", "3 e2 A", "3 e3 B", "5 e1 B"],
  );
});

Deno.test("what is returned is a copy", () => {
  const { logs } = makeLogs();
  Object.assign(logs.forEpoch("e2")[0]!, { message: "changed" });
  assertEquals(logs.forEpoch("e2")[0]?.message, "a one\n");
});

Deno.test("printEpoch() prints trimmed lines with their time, or without", () => {
  const { logs, printed } = makeLogs();
  logs.printEpoch("e1");
  logs.printEpoch("e1", { includeTimestamps: false });
  assertEquals(printed, ["[00:00:00.001] b one", "[00:00:00.005] b two", "b one", "b two"]);
});

Deno.test("printAll() groups by node, in the order of their first epoch, then by epoch", () => {
  const { logs, printed } = makeLogs();
  logs.printAll({ includeTimestamps: false });
  assertEquals(printed, [
    "=== B ===",
    "--- Epoch e1 [main/0] ---",
    "b one",
    "b two",
    "--- Epoch e3 ---",
    "b three",
    "=== A ===",
    "--- Epoch e2 ---",
    "a one",
  ]);
});

Deno.test("chronological prints say whose each line is", () => {
  const { logs, printed } = makeLogs();
  logs.printNode("B", { chronological: true });
  assertEquals(printed.splice(0), [
    "[00:00:00.001] [e1] b one",
    "[00:00:00.003] [e3] b three",
    "[00:00:00.005] [e1] b two",
  ]);
  logs.printAll({ chronological: true, includeTimestamps: false });
  assertEquals(printed, ["[B] b one", "[A] a one", "[B] b three", "[B] b two"]);
});
