/**
 * Which values come back from storage equal to what was stored.
 *
 * @module
 */
import { findObstacle } from "../packets/copyable.ts";
import { NotSerializableError } from "../packets/error.ts";

/**
 * Throws if a value would not come back equal.
 *
 * Storable are primitive values but symbols, arrays, plain objects, dates, regular expressions, maps,
 * sets, buffers and views of them, and the language's own errors; also in cycles.
 *
 * @param subject What it is, for the message.
 * @throws {NotSerializableError} If a part of it would not; the part is named.
 */
export function assertStorable(value: unknown, subject: string): void {
  const obstacle = findObstacle(value, { exact: true });
  if (obstacle) throw new NotSerializableError(subject, obstacle.path, obstacle.typeName);
}
