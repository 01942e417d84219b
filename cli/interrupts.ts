/**
 * Ending a command when the user interrupts it.
 *
 * @module
 */
import type { Io } from "./io.ts";

/** The exit status of a command that a signal ended. */
export const interruptStatus = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Does something that an interrupt aborts, and ends with the status that belongs to the signal.
 *
 * @param io The surroundings.
 * @param task Gets the signal that is aborted; may throw its reason.
 */
export async function untilInterrupted(
  io: Io,
  task: (signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const abort = new AbortController();
  let status: number | undefined;
  const stopListening = io.onInterrupt((signal) => {
    status = interruptStatus[signal];
    abort.abort();
  });
  try {
    const done = await task(abort.signal);
    return status ?? done;
  } catch (error) {
    if (status === undefined) throw error;
    return status;
  } finally {
    stopListening();
  }
}
