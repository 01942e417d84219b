/**
 * What both ends of a WebSocket say first: whether they understand each other, and how far they are.
 *
 * @module
 */
import { serialize } from "node:v8";

/** Number of the protocol. */
export const PROTOCOL_VERSION = 1;
/** Subprotocol of the WebSocket. */
export const WEBSOCKET_PROTOCOL = `netrun.v${PROTOCOL_VERSION}`;
/** Parameter of the address that names the session that is to go on. */
export const SESSION_PARAMETER = "session";
/** Format of values, as V8 numbers it. */
const v8Format: number = serialize(0)[1]!;

/** The first message of each end on each connection. */
export interface Hello {
  readonly protocol: number;
  readonly v8Format: number;
  readonly denoVersion: string;
  /** Largest message that this end takes, in bytes. */
  readonly maxMessageSize: number;
  /** The session that goes on, or, from the server, the session that this is. */
  readonly sessionId?: string;
  /** What proves that the session is the client's own. */
  readonly resumeToken?: string;
  /** From a client: whether it comes back after its connection is lost. */
  readonly resumes?: boolean;
  /** From a server: seconds for which it keeps the session of a client that is cut off. */
  readonly resumeWindow?: number;
  /** Number of the last frame that this end has. */
  readonly lastReceived: number;
  /** The time, in ms UTC. */
  readonly now: number;
}

/** A hello of this program, as text. */
export function hello(
  more: Pick<Hello, "maxMessageSize" | "lastReceived"> & Partial<Hello>,
): string {
  const own: Hello = {
    protocol: PROTOCOL_VERSION,
    v8Format,
    denoVersion: Deno.version.deno,
    now: Date.now(),
    ...more,
  };
  return JSON.stringify(own);
}

/**
 * Reads a hello.
 *
 * @returns It, or why this program cannot talk to that one.
 */
export function readHello(text: unknown): Hello | string {
  const stranger = "it does not speak netrun's protocol";
  let hello: Partial<Hello> | null;
  try {
    hello = JSON.parse(String(text));
  } catch {
    return stranger;
  }
  if (typeof hello !== "object" || hello === null) return stranger;
  const { protocol, lastReceived, maxMessageSize, now, sessionId, resumeToken } = hello;
  if (![protocol, lastReceived].every(Number.isInteger)) return stranger;
  if (protocol !== PROTOCOL_VERSION) {
    return `it speaks protocol ${protocol}, this is ${PROTOCOL_VERSION}: use the same netrun`;
  }
  if (hello.v8Format !== v8Format) {
    return `it writes values in format ${hello.v8Format}, this is ${v8Format}: use the same Deno`;
  }
  const isWhole = [maxMessageSize, now].every(Number.isFinite) &&
    [sessionId, resumeToken].every((part) => part === undefined || typeof part === "string");
  return isWhole ? hello as Hello : stranger;
}
