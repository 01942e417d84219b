import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { LiveEpoch } from "../../../runtime/net/live_epoch.ts";
import type { NetNode } from "../../../runtime/net/net_node.ts";
import { Schedule } from "../../../runtime/net/schedule.ts";

/** As much of a node as a schedule looks at. */
function makeNode(name: string): NetNode {
  return { name, standing: "idle", readyOrder: 0 } as unknown as NetNode;
}

function makeEpoch(node: NetNode, order: number): LiveEpoch {
  const inSalvo = { salvoCondition: "one", packets: [] };
  return new LiveEpoch(`${node.name}${order}`, node, inSalvo, 0, order);
}

function takeAll(schedule: Schedule, held: ReadonlySet<string> = new Set()): number[] {
  const orders: number[] = [];
  for (;;) {
    const epoch = schedule.next(({ node }) => held.has(node.name) ? "hold" : "launch");
    if (!epoch) return orders;
    orders.push(epoch.order);
  }
}

const nodeOfEpoch = fc.array(fc.nat(4), { maxLength: 40 });

Deno.test("epochs come out in the order of their creation, over all nodes", () => {
  fc.assert(fc.property(nodeOfEpoch, (indexes) => {
    const nodes = Array.from({ length: 5 }, (_, i) => makeNode(`N${i}`));
    const schedule = new Schedule();
    indexes.forEach((index, order) => schedule.add(makeEpoch(nodes[index]!, order)));
    assertEquals(takeAll(schedule), indexes.map((_, order) => order));
  }));
});

Deno.test("what a held node keeps back comes out, in order, once it is released", () => {
  fc.assert(fc.property(nodeOfEpoch, fc.nat(4), (indexes, heldIndex) => {
    const nodes = Array.from({ length: 5 }, (_, i) => makeNode(`N${i}`));
    const schedule = new Schedule();
    indexes.forEach((index, order) => schedule.add(makeEpoch(nodes[index]!, order)));
    const first = takeAll(schedule, new Set([`N${heldIndex}`]));
    const ordersOf = (isHeld: boolean) =>
      indexes.flatMap((index, order) => (index === heldIndex) === isHeld ? [order] : []);
    assertEquals(first, ordersOf(false));
    schedule.release(nodes[heldIndex]!);
    assertEquals(takeAll(schedule), ordersOf(true));
  }));
});

Deno.test("an epoch that ended meanwhile is passed over", () => {
  const node = makeNode("N");
  const schedule = new Schedule();
  const epochs = [0, 1, 2].map((order) => makeEpoch(node, order));
  for (const epoch of epochs) schedule.add(epoch);
  epochs[0]!.phase = "ended";
  epochs[1]!.phase = "launched";
  assertEquals(takeAll(schedule), [2]);
});

Deno.test("epochs that are left come back when the schedule is rebuilt", () => {
  const node = makeNode("N");
  const schedule = new Schedule();
  const epochs = [0, 1, 2].map((order) => makeEpoch(node, order));
  for (const epoch of epochs) schedule.add(epoch);
  const taken = schedule.next(({ order }) => order === 0 ? "leave" : "launch");
  assertEquals([taken?.order, takeAll(schedule)], [1, [2]]);
  schedule.rebuild([node], [epochs[0]!]);
  assertEquals(takeAll(schedule), [0]);
});
