import { assertEquals, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { NetSim } from "../../../sim/net_sim.ts";
import type { NetAction } from "../../../sim/action.ts";
import { NetActionLog } from "../../../runtime/net/net_action_log.ts";

/** A node that starts with any packet at `in`. */
function makeSim(): NetSim {
  let id = 0;
  return new NetSim({
    nodes: [{
      name: "A",
      inPorts: [{ name: "in" }],
      inSalvoConditions: [{
        name: "one",
        maxSalvos: { type: "finite", max: 1 },
        ports: [{ portName: "in", count: { type: "all" } }],
        term: { type: "port", portName: "in", state: { type: "nonEmpty" } },
      }],
    }],
    edges: [],
  }, { newId: () => `id${id++}`, now: () => 1000 });
}

const actions: NetAction[] = [
  { type: "createPacket", epochId: null },
  {
    type: "transportPacketToLocation",
    packetId: "id0",
    destination: { type: "inputPort", nodeName: "A", portName: "in" },
  },
  { type: "runStep" },
  { type: "startEpoch", epochId: "id1" },
  { type: "consumePacket", packetId: "id0" },
  { type: "finishEpoch", epochId: "id1" },
];

function run(sim: NetSim): NetActionLog[] {
  return actions.map((action) =>
    NetActionLog.of({ action, events: sim.doAction(action).events }, 1000)
  );
}

Deno.test("kinds are the simulator's names in PascalCase, details its other fields", () => {
  const [, , step, start] = run(makeSim());
  assertEquals(step?.actionKind, "RunStep");
  assertEquals(step?.events.map(({ kind }) => kind).includes("EpochCreated"), true);
  assertEquals([start?.actionKind, start?.actionDetail], ["StartEpoch", { epochId: "id1" }]);
});

Deno.test("a log read back from JSON replays the same, and undoes it", () => {
  const sim = makeSim();
  const logs = run(sim).map((log) => NetActionLog.fromJSON(JSON.parse(JSON.stringify(log))));
  assertEquals(logs.map((log) => log.toAction()), actions);
  const replayed = makeSim();
  assertEquals(
    logs.map((log) => replayed.doAction(log.toAction()).events),
    logs.map((log) => log.toEvents()),
  );
  for (const log of logs.reverse()) sim.undoAction(log.toAction(), log.toEvents());
  assertEquals([sim.getPacket("id0"), sim.getEpoch("id1"), sim.isBlocked()], [
    undefined,
    undefined,
    true,
  ]);
});

Deno.test("kinds may be written with a prefix and in snake_case", () => {
  const log = NetActionLog.fromJSON({
    timestamp: "2026-01-01T00:00:00+00:00",
    action_kind: "NetAction.start_epoch",
    action_detail: { epochId: "e" },
    events: [{
      timestamp: "2026-01-01T00:00:00Z",
      kind: "NetEvent.epoch_started",
      detail: { epochId: "e" },
    }],
  });
  assertEquals(log.toAction(), { type: "startEpoch", epochId: "e" });
  assertEquals(log.toEvents(), [
    { type: "epochStarted", timestamp: Date.UTC(2026, 0, 1), epochId: "e" },
  ] as unknown);
  assertEquals([log.actionKind, log.epochId], ["StartEpoch", undefined]);
});

Deno.test("an entry without its kind or time is refused by name", () => {
  assertThrows(
    () => NetActionLog.fromJSON({ timestamp: "2026-01-01T00:00:00Z" }),
    InvalidArgumentError,
    "`action_kind` must be a text",
  );
  assertThrows(() => NetActionLog.fromJSON([]), InvalidArgumentError, "expected an object");
});
