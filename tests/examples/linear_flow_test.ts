import { assertEquals } from "@std/assert";
import { linearFlow } from "../../examples/linear_flow.ts";

Deno.test("the linear flow takes a packet through both nodes", () => {
  const lines: string[] = [];
  linearFlow((line) => lines.push(line));
  assertEquals(lines, [
    "21 waits at Double.in",
    "a startable epoch of Double holds it",
    "Double is finished; packets on the edge: 1",
    "the step brought about: packetMoved, inputSalvoTriggered, epochCreated, packetMoved",
    "Print prints 42",
    "blocked: true",
    "after undo the epoch of Print is running again",
  ]);
});
