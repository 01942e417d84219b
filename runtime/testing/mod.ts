/**
 * Testing nets: a clock that jumps, nets with functions exchanged, single nodes.
 *
 * @module
 */
export type { Clock } from "../net/clock.ts";
export { type CalledNode, callNode, type CallNodeOptions } from "./call_node.ts";
export { openTestNet, type TestNet, type TestNetOptions } from "./open_test_net.ts";
export { VirtualClock } from "./virtual_clock.ts";
