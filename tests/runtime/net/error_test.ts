import { assert, assertEquals } from "@std/assert";
import { NetrunError } from "../../../sim/error.ts";
import * as execution from "../../../runtime/execution/error.ts";
import * as net from "../../../runtime/net/error.ts";
import * as packets from "../../../runtime/packets/error.ts";

const cause = new RangeError("too far");
const errors: NetrunError[] = [
  new net.EpochError({ nodeName: "A", epochId: "e" }, cause),
  new net.EpochTimeoutError("A", 0.1),
  new net.MaxEpochsExceeded("A", 2),
  new net.CommitError("e", { type: "finishEpoch", epochId: "e" }, cause),
  new net.ControlError("A", "cancel_epoch", 'there is no epoch "x"'),
  new net.NetStateError("Cannot run"),
  new net.SyncUnsupportedError("Cannot wait"),
  new net.NodeHasNoFunctionError("A"),
  new net.OutputQueueNotFoundError("q", "There is none"),
  new net.OutputTimeoutError("q", 3),
  new net.IterationLimitError(5, []),
  new net.NoReplyError({ reason: "gone" }),
  new execution.JobAborted("A", "e", "the net is closing"),
  new execution.FunctionNotShippableError("A", "cpu", "name it"),
  new execution.EpochCancelled("A", "e"),
  new execution.PacketTypeMismatch("A", "in", "p", "int", "string"),
  new execution.PacketStateError("A", "p", "loaded", "consume"),
  new execution.ContextClosedError("A", "e", "createPacket"),
  new packets.PacketAlreadyRegisteredError("p"),
  new packets.LazyPacketValueEvaluationError("p", "./f.ts::f", { cause }),
  new packets.NotSerializableError('packet "p"', "[0]", "function"),
];

Deno.test("every error has the code of its class, and is plain data as JSON", () => {
  for (const error of errors) {
    assert(error instanceof NetrunError);
    assertEquals(error.name, error.constructor.name);
    assertEquals(error.code, error.name.replace(/Error$/, ""));
    const json = JSON.parse(JSON.stringify(error));
    assertEquals([json.code, json.message], [error.code, error.message]);
  }
});

Deno.test("the file of errors exports no class that is not listed here", () => {
  const exported = [net, execution, packets].flatMap((module) => Object.keys(module));
  assertEquals(exported.sort(), errors.map((error) => error.name).sort());
});

Deno.test("EpochError leaves out what is unknown or zero", () => {
  const message = (details: Partial<net.EpochErrorDetails>) =>
    new net.EpochError({ nodeName: "A", epochId: "e", ...details }, new Error("boom")).message;
  assertEquals(message({}), "Epoch failed on node 'A': boom");
  assertEquals(
    message({ poolId: "main", workerId: 0 }),
    "Epoch failed on node 'A' (pool='main', worker=0): boom",
  );
  assertEquals(message({ retryCount: 2 }), "Epoch failed on node 'A' (retries=2): boom");
  assertEquals(
    new net.EpochError({ nodeName: "A", epochId: "e" }, "text").message,
    "Epoch failed on node 'A': text",
  );
});

Deno.test("what caused a failure travels as its cause, and its details as fields", () => {
  const commit = new net.CommitError("e", { type: "finishEpoch", epochId: "e" }, cause);
  const error = new net.EpochError({ nodeName: "A", epochId: "e", retryCount: 1 }, commit);
  assert(error.cause === commit && commit.cause === cause);
  assertEquals(error.toJSON(), {
    code: "Epoch",
    nodeName: "A",
    epochId: "e",
    poolId: undefined,
    workerId: undefined,
    retryCount: 1,
    message: error.message,
  });
});

Deno.test("NoReplyError says why, and what to do about mixed calls", () => {
  const mixed = new net.NoReplyError({ reason: "mixed", node: "join" });
  assertEquals([mixed.reason, mixed.node, mixed.waiting], ["mixed", "join", []]);
  assert(mixed.message.includes('node "join"') && mixed.message.includes("`ordered`"));
  const waiting = new net.NoReplyError({ reason: "waiting", waiting: ["join.a", "join.b"] });
  assertEquals([waiting.node, waiting.waiting], [undefined, ["join.a", "join.b"]]);
  assert(waiting.message.includes("wait at join.a, join.b"));
});

Deno.test("PacketTypeMismatch names packet, port, both types and the hint", () => {
  const error = new execution.PacketTypeMismatch(
    "A",
    "in",
    "p",
    "int",
    "number",
    "2.5 is not an integer",
  );
  assertEquals(
    error.message,
    'Port "in" of node "A" takes int, but packet p holds number: 2.5 is not an integer',
  );
});
