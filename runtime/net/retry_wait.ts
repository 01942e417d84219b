/**
 * Waiting for the time, and the slot of a rate limit, at which a failed epoch is tried again.
 *
 * @module
 */
import type { Engine } from "./engine.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { Steps } from "./task.ts";

/** Waits until the next attempt may be made. */
export function* waitForRetry(engine: Engine, epoch: LiveEpoch, delayMs: number): Steps<void> {
  if (delayMs > 0) yield* sleep(engine, epoch, delayMs);
  const { node: { gate } } = epoch;
  if (!gate) return;
  gate.addRetry();
  try {
    for (let nowMs = engine.clock.now(); !gate.tryStart(nowMs); nowMs = engine.clock.now()) {
      yield* sleep(engine, epoch, gate.nextStartMs(nowMs) - nowMs);
    }
  } finally {
    gate.removeRetry();
  }
}

function* sleep(engine: Engine, epoch: LiveEpoch, delayMs: number): Steps<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = engine.clock.setTimeout(resolve, delayMs);
  engine.waitingForRetry++;
  try {
    yield* epoch.interruptibly(promise);
  } finally {
    engine.waitingForRetry--;
    engine.clock.clearTimeout(timer);
  }
}
