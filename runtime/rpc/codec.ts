/**
 * Messages as bytes, for borders that structured clone does not cross.
 *
 * The values are exactly those that structured clone copies, so that a net behaves alike in every
 * kind of pool.
 *
 * @module
 */
import { deserialize, serialize } from "node:v8";
import { ChannelBroken } from "./error.ts";
import type { WireMessage } from "./outbox.ts";

/** Encodes messages that travel together. */
export function encodeMessages(messages: readonly WireMessage[]): Uint8Array {
  return serialize(messages);
}

/**
 * Decodes messages. Views in them show the memory of `bytes`, which therefore must be theirs alone.
 *
 * @throws {ChannelBroken} If the bytes are not those of messages.
 */
export function decodeMessages(bytes: Uint8Array): WireMessage[] {
  let messages: unknown;
  try {
    messages = deserialize(bytes);
  } catch (cause) {
    throw new ChannelBroken("what came cannot be decoded", { cause });
  }
  if (Array.isArray(messages) && messages.every(isWireMessage)) return messages;
  throw new ChannelBroken("what came is no list of messages");
}

function isWireMessage(message: unknown): message is WireMessage {
  if (!Array.isArray(message) || typeof message[0] !== "string") return false;
  const substitutes = message[2];
  return substitutes === undefined || Array.isArray(substitutes) && substitutes.every(isSubstitute);
}

function isSubstitute(substitute: unknown): boolean {
  if (!Array.isArray(substitute) || substitute.length !== 2) return false;
  const [stand, parts] = substitute;
  if (typeof stand !== "object" || stand === null) return false;
  if (typeof parts !== "object" || parts === null) return false;
  if (parts.kind === "lazy") {
    return typeof parts.funcImportPath === "string" && Array.isArray(parts.args) &&
      typeof parts.kwargs === "object" && parts.kwargs !== null;
  }
  return parts.kind === "error" && typeof parts.type === "string" &&
    typeof parts.message === "string" && typeof parts.props === "object" && parts.props !== null;
}
