/**
 * Keeping what user code writes to the console off standard output.
 *
 * @module
 */
import { captureConsole } from "../runtime/pools/capture_console.ts";

/**
 * Sends what is written to the console to `write`, until it is disposed; what a node writes while it
 * runs is a print of its epoch.
 */
export function redirectConsole(write: (text: string) => void): Disposable {
  return captureConsole(({ text }) => write(text));
}
