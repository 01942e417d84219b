import { assertEquals, assertInstanceOf, assertThrows } from "@std/assert";
import { CommitError, EpochNotRunningError } from "@netrun/netrun";
import { Graph, PacketNotFoundError, salvoCondition, term } from "@netrun/netrun/sim";
import { applyCommit } from "../../../runtime/net/commit.ts";
import { CommitDraft } from "../../../runtime/net/commit_draft.ts";
import { OutputQueues } from "../../../runtime/net/output_queues.ts";
import { NetState } from "../../../runtime/net/state.ts";

const graph = new Graph({
  nodes: [{
    name: "A",
    inPorts: [{ name: "in" }],
    inSalvoConditions: [
      salvoCondition({ name: "one", ports: "in", term: term.port("in", "nonEmpty") }),
    ],
  }],
  edges: [],
});

function freshState(): NetState {
  let ids = 0;
  return new NetState({
    graph,
    queues: new OutputQueues([["q", [["A", "out"]]]]),
    disabled: [],
    newId: () => `new${ids++}`,
    now: () => 0,
  });
}

function inject(state: NetState, ...ids: string[]): void {
  const destination = { type: "inputPort", nodeName: "A", portName: "in" } as const;
  applyCommit(
    state,
    new CommitDraft("inject", 0, {
      ids,
      actions: ids.flatMap((packetId) => [
        { type: "createPacket" } as const,
        { type: "transportPacketToLocation", packetId, destination } as const,
      ]),
      values: ids.map((id) => [id, `value of ${id}`]),
    }),
  );
}

Deno.test("a commit hands out its ids in order, and learns those that it did not know", () => {
  const state = freshState();
  inject(state, "p1", "p2");
  const step = new CommitDraft("step", 0, { actions: [{ type: "runStep" }] });
  const { created, madeProgress } = applyCommit(state, step);
  assertEquals([created, step.ids, madeProgress], [["new0"], ["new0"], true]);
  const copy = freshState();
  inject(copy, "p1", "p2");
  const again = { ...step, ids: ["other"] };
  assertEquals(applyCommit(copy, again).created, ["other"]);
});

Deno.test("a refused commit changes nothing, whatever its first actions did", () => {
  const state = freshState();
  inject(state, "p1");
  applyCommit(state, new CommitDraft("step", 0, { actions: [{ type: "runStep" }] }));
  const before = state.sim.getEpoch("new0");
  const commit = new CommitDraft("finish", 0, {
    epochId: "new0",
    actions: [
      { type: "startEpoch", epochId: "new0" },
      { type: "createPacket", epochId: "new0" },
      { type: "consumePacket", packetId: "p1" },
      { type: "consumePacket", packetId: "p1" },
    ],
    values: [["never", 1]],
  });
  const error = assertThrows(() => applyCommit(state, commit), CommitError);
  assertInstanceOf(error.cause, PacketNotFoundError);
  assertEquals(error.action, { type: "consumePacket", packetId: "p1" });
  assertEquals(state.sim.getEpoch("new0"), before);
  assertEquals(state.sim.getPacketsAtLocation({ type: "node", epochId: "new0" }), ["p1"]);
  assertEquals([...state.packets.ids()], ["p1"]);
});

Deno.test("a refused commit that is no epoch's throws the simulator's error itself", () => {
  const state = freshState();
  inject(state, "p1");
  applyCommit(state, new CommitDraft("step", 0, { actions: [{ type: "runStep" }] }));
  const commit = new CommitDraft("signal", 0, {
    actions: [{ type: "createPacket" }, { type: "finishEpoch", epochId: "new0" }],
  });
  assertThrows(() => applyCommit(state, commit), EpochNotRunningError);
  assertEquals(state.sim.getPacketsAtLocation({ type: "outsideNet" }), []);
});

Deno.test("the events of each action are told if somebody asks for them", () => {
  const state = freshState();
  const commit = new CommitDraft("signal", 7, {
    actions: [{ type: "createPacket" }, { type: "createPacket" }],
  });
  const { actions } = applyCommit(state, commit, { observe: true });
  assertEquals(actions.map(({ events }) => events), [
    [{ type: "packetCreated", timestamp: 7, packetId: "new0" }],
    [{ type: "packetCreated", timestamp: 7, packetId: "new1" }],
  ]);
});

Deno.test("counts, queues and lists change as the commit says", () => {
  const state = freshState();
  const item = {
    packetId: "p",
    value: 1,
    fromNode: "A",
    fromPort: "out",
    queueName: "q",
    timestamp: 0,
    epochId: "E",
  };
  applyCommit(
    state,
    new CommitDraft("finish", 0, { nodeName: "A", epochCount: 3, enabled: false, queued: [item] }),
  );
  assertEquals(state.node("A"), { enabled: false, epochCount: 3 });
  const taken = { queueName: "q", count: 5 };
  assertEquals(applyCommit(state, new CommitDraft("take", 0, { taken })).taken, [item]);
  assertEquals(state.queues.count("q"), 0);
});
