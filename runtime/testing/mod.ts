/**
 * Testing nets: a clock that a test moves itself.
 *
 * @module
 */
export type { Clock } from "../net/clock.ts";
export { VirtualClock } from "./virtual_clock.ts";
