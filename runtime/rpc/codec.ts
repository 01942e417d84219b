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
import { joinTexts, type PackedMessage, unpackMessage, type WireMessage } from "./outbox.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true });
/** What a text begins with, and nothing that `node:v8` writes. */
const textStart = "[".charCodeAt(0);

/** Encodes messages that travel together: as a text if all are texts, else as `node:v8` does. */
export function encodeMessages(messages: readonly PackedMessage[]): Uint8Array {
  const text = joinTexts(messages);
  return text === undefined ? serialize(messages) : encoder.encode(text);
}

/**
 * Encodes messages as a text into `room`, from `start` on; undefined if they are no texts, or do not
 * fit for sure. Returns where it ends.
 */
export function encodeTexts(
  messages: readonly PackedMessage[],
  room: Uint8Array,
  start: number,
): number | undefined {
  const text = joinTexts(messages);
  // A character takes at most three bytes.
  if (text === undefined || start + text.length * 3 > room.length) return undefined;
  return start + encoder.encodeInto(text, room.subarray(start)).written;
}

/**
 * Decodes messages.
 *
 * @param isOwn Whether nobody else uses the memory of `bytes`, which views in messages may go on
 * showing.
 * @throws {ChannelBroken} If the bytes are not those of messages.
 */
export function decodeMessages(bytes: Uint8Array, isOwn = true): WireMessage[] {
  let messages: unknown;
  try {
    messages = bytes[0] === textStart
      ? JSON.parse(decoder.decode(bytes))
      : deserialize(isOwn ? bytes : bytes.slice());
    if (Array.isArray(messages)) messages = messages.map(unpackMessage);
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
