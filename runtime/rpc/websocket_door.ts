/**
 * Who may connect to a server of WebSockets.
 *
 * @module
 */
import { timingSafeEqual } from "node:crypto";
import { InvalidArgumentError } from "../../sim/error.ts";
import { WEBSOCKET_PROTOCOL } from "./websocket_hello.ts";

/** Wrong tokens that an address may try in a minute. */
const maxBadTries = 10;
/** Shortest token. */
const minTokenLength = 16;
const minuteMs = 60_000;
/** Addresses that are remembered for their wrong tokens. */
const maxAddresses = 10_000;

/** What a {@linkcode WebSocketDoor} goes by. */
export interface DoorOptions {
  /** Secrets that clients may show. */
  readonly token?: string | readonly string[] | undefined;
  /** Origins of web pages that may connect. */
  readonly allowOrigins?: readonly string[] | undefined;
}

/** Refuses requests of those who may not connect, before anything that they send is read. */
export class WebSocketDoor {
  readonly #tokens: readonly Uint8Array[];
  readonly #allowOrigins: readonly string[];
  readonly #badTries = new Map<string, { count: number; readonly until: number }>();

  /**
   * Creates a door.
   *
   * @throws {InvalidArgumentError} If a token is too short.
   */
  constructor({ token = [], allowOrigins = [] }: DoorOptions) {
    const tokens = typeof token === "string" ? [token] : [...token];
    if (tokens.some(({ length }) => length < minTokenLength)) {
      throw new InvalidArgumentError(
        `Cannot serve: a token must have at least ${minTokenLength} characters`,
      );
    }
    this.#tokens = tokens.map((text) => new TextEncoder().encode(text));
    this.#allowOrigins = allowOrigins;
  }

  /** Whether clients have to show a token. */
  get isLocked(): boolean {
    return this.#tokens.length > 0;
  }

  /**
   * The answer to those who may not connect; undefined if they may.
   *
   * @param now The time, in ms.
   */
  refusal(request: Request, address: string, now: number): Response | undefined {
    const { headers } = request;
    const origin = headers.get("origin");
    if (origin !== null && !this.#allowOrigins.includes(origin)) {
      return new Response("This origin may not connect", { status: 403 });
    }
    const refusal = this.#checkToken(headers.get("authorization") ?? "", address, now);
    if (refusal) return refusal;
    const isUpgrade = headers.get("upgrade")?.toLowerCase() === "websocket";
    const protocols = headers.get("sec-websocket-protocol")?.split(/\s*,\s*/) ?? [];
    if (isUpgrade && protocols.includes(WEBSOCKET_PROTOCOL)) return undefined;
    return new Response(`Connect by WebSocket with ${WEBSOCKET_PROTOCOL}`, { status: 426 });
  }

  #checkToken(authorization: string, address: string, now: number): Response | undefined {
    if (!this.isLocked) return undefined;
    const tries = this.#badTries.get(address);
    const isRecent = tries !== undefined && tries.until > now;
    if (isRecent && tries.count >= maxBadTries) {
      return new Response("Too many wrong tokens", { status: 429 });
    }
    const given = new TextEncoder().encode(/^Bearer (.+)$/i.exec(authorization)?.[1] ?? "");
    // All are compared, so that the time tells nothing.
    if (this.#tokens.filter((token) => isSame(token, given)).length > 0) return undefined;
    if (isRecent) tries.count++;
    else this.#remember(address, now);
    return new Response("Wrong token", { status: 401 });
  }

  #remember(address: string, now: number): void {
    if (this.#badTries.size > maxAddresses) {
      for (const [known, { until }] of this.#badTries) {
        if (until <= now || this.#badTries.size > maxAddresses) this.#badTries.delete(known);
      }
    }
    this.#badTries.set(address, { count: 1, until: now + minuteMs });
  }
}

/** Whether two secrets are the same, in a time that does not tell how far they are. */
export function isSameSecret(secret: string, given: string): boolean {
  const encoder = new TextEncoder();
  return isSame(encoder.encode(secret), encoder.encode(given));
}

function isSame(secret: Uint8Array, given: Uint8Array): boolean {
  return secret.byteLength === given.byteLength && timingSafeEqual(secret, given);
}
