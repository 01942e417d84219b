/**
 * What the inputs of an epoch are, in one hash.
 *
 * @module
 */
import type { HashMethod } from "../schema/file_storage.ts";
import { canonicalBytes, canonicalDigest } from "./canonical.ts";
import { hashBytes } from "./hashing.ts";

/** A value and the port it came through. */
export interface PortValue {
  readonly portName: string;
  readonly value: unknown;
}

/**
 * SHA-256 of the values by port, in the order in which they came; the order of ports does not matter.
 *
 * @param maxBytes Most bytes of values.
 * @throws {NotSerializableError} If they cannot be stored, or are too large.
 */
export function inputDigest(inputs: readonly PortValue[], maxBytes?: number): string {
  return canonicalDigest(valuesByPort(inputs), maxBytes);
}

/** The hash of the inputs that is reported, by the method that the configuration names. */
export function inputSalvoHash(inputs: readonly PortValue[], method: HashMethod): string {
  return hashBytes(canonicalBytes(valuesByPort(inputs)), method);
}

/** Lists of port and values, sorted by port. */
function valuesByPort(inputs: readonly PortValue[]): [port: string, values: unknown[]][] {
  const byPort = new Map<string, unknown[]>();
  for (const { portName, value } of inputs) {
    const values = byPort.get(portName);
    if (values) values.push(value);
    else byPort.set(portName, [value]);
  }
  return [...byPort].sort(([a], [b]) => a < b ? -1 : 1);
}
