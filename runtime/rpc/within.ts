/**
 * Waiting, but not for ever.
 *
 * @module
 */
import { RecvTimeout } from "./error.ts";

/**
 * Waits for a promise, at most so many seconds.
 *
 * @param what What is waited for, for the message.
 * @throws {RecvTimeout} If it does not settle in time.
 */
export async function within<T>(
  seconds: number,
  promise: Promise<T>,
  what: string = "answer",
): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RecvTimeout(seconds, what)), seconds * 1000);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
