/**
 * The simulator: where packets are, when they may move, which epochs exist.
 *
 * Pure, synchronous and deterministic: no I/O, no values, no node code. The state of a
 * {@linkcode NetSim} changes through actions only, and every action can be undone.
 *
 * @example One step of a chain
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { edge, NetSim } from "@netrun/netrun/sim";
 *
 * const ab = edge("A", "out", "B", "in");
 * const sim = new NetSim({
 *   nodes: [{ name: "A", outPorts: [{ name: "out" }] }, { name: "B", inPorts: [{ name: "in" }] }],
 *   edges: [ab],
 * });
 * const { data: { packetId } } = sim.doAction({ type: "createPacket" });
 * sim.doAction({
 *   type: "transportPacketToLocation",
 *   packetId,
 *   destination: { type: "edge", edge: ab },
 * });
 * sim.runUntilBlocked();
 * assertEquals(sim.getPacket(packetId)?.location, {
 *   type: "inputPort",
 *   nodeName: "B",
 *   portName: "in",
 * });
 * ```
 *
 * @module
 */
export * from "./action.ts";
export * from "./condition.ts";
export * from "./error.ts";
export * from "./event.ts";
export * from "./graph.ts";
export * from "./graph_issue.ts";
export { epochStartTime, type IdSource, ulidSource } from "./id.ts";
export * from "./net_sim.ts";
