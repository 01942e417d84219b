/**
 * How WebSockets are closed.
 *
 * @module
 */

/** Codes that ends are closed with on purpose; everything else is a lost connection. */
export const CLOSE_CODES = {
  NORMAL: 1000,
  GOING_AWAY: 1001,
  PROTOCOL: 1002,
  TOO_LARGE: 1009,
  FAILED: 1011,
  SESSION_OVER: 4404,
} as const;

/** Longest reason in bytes. */
const maxReason = 123;

/** A reason as the protocol takes it; others would make `close` throw. */
export function closeReason(text: string): string {
  return text.replace(/[^ -~]/g, "?").slice(0, maxReason);
}

/** A code as clients may say it: of the standard's own, they are allowed none but 1000. */
export function clientCode(code: number): number {
  return code === CLOSE_CODES.NORMAL || code >= 3000 ? code : code + 3000;
}

/** Whether a client that has closed with this code does not come back. */
export function isFinal(code: number): boolean {
  return code === CLOSE_CODES.NORMAL || code >= 3000;
}
