/** Functions of `breaker.netrun.toml`. */
import type { SignalValue } from "@netrun/netrun";
import type { Out } from "@netrun/netrun/node";

/** Works, unless the order is broken. */
export function press(order: number): string {
  if (order < 0) throw new RangeError(`Order ${order} jams the press`);
  return `part ${order}`;
}

/** Answers a failure by a command, which carries no value. */
export function pullBreaker(failure: SignalValue, print: (text: string) => void): Out<null> {
  print(`switching ${failure.nodeName} off`);
  return null;
}

/** A line of the journal. */
export const note = (signal: SignalValue): string =>
  `${signal.nodeName}: ${signal.signal}${signal.error === undefined ? "" : ` (${signal.error})`}`;
