/**
 * Who may talk to the studio: pages that it served itself, which know its token.
 *
 * @module
 */
import type { MiddlewareHandler } from "hono";
import { RequestFailure, sendFailure } from "./wire.ts";

/** What is allowed beyond the studio's own pages. */
export interface GuardOptions {
  /** 256 bits in hexadecimal. */
  token: string;
  /** Host names by which the studio may be called, beside those of this machine. */
  hosts?: readonly string[] | undefined;
  /** Origins whose pages may call it. */
  origins?: readonly string[] | undefined;
}

const OWN_HOSTS = ["localhost", "127.0.0.1", "[::1]"];

/** A fresh token. */
export function newToken(): string {
  return crypto.getRandomValues(new Uint8Array(32)).toHex();
}

/** Whether two texts are equal, in a time that does not tell how far they are. */
export function equalTexts(a: string, b: string): boolean {
  const [left, right] = [a, b].map((text) => new TextEncoder().encode(text));
  let difference = left!.length ^ right!.length;
  for (let i = 0; i < left!.length; i++) difference |= left![i]! ^ (right![i] ?? 0);
  return difference === 0;
}

/** Sets the headers that every response has, and refuses calls by a foreign name. */
export function headers(options: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const origin = context.req.header("origin");
    if (isForeignHost(context.req.header("host"), options)) {
      context.res = sendFailure(
        new RequestFailure("misdirected", "This studio does not answer to this name"),
      );
    } else await next();
    // What a WebSocket opens with is Deno's own response, and must reach it as it is.
    if (context.res.status === 101) return;
    const set = (name: string, value: string) => context.res.headers.set(name, value);
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    if (!context.res.headers.has("content-security-policy")) set("content-security-policy", POLICY);
    if (origin !== undefined && options.origins?.includes(origin)) {
      set("access-control-allow-origin", origin);
      set("access-control-allow-headers", "authorization, content-type");
      set("vary", "origin");
    }
  };
}

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; " +
  "img-src 'self' blob: data:; connect-src 'self'; worker-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'none'";

/** Refuses calls of the interface that no page of the studio made. */
export function guard(options: GuardOptions): MiddlewareHandler {
  return async (context, next) => {
    const { req } = context;
    checkOrigin(req.raw, options);
    if (req.method === "OPTIONS") return context.body(null, 204);
    if (!equalTexts(tokenOf(req.raw), options.token)) {
      throw new RequestFailure(
        "unauthorized",
        "The token is missing or wrong: open the address that the terminal shows",
      );
    }
    const type = req.header("content-type")?.split(";")[0]?.trim();
    if (req.method === "POST" && type !== "application/json") {
      throw new RequestFailure("unsupported_media_type", "Requests must be application/json");
    }
    await next();
  };
}

function isForeignHost(host: string | undefined, { hosts = [] }: GuardOptions): boolean {
  const name = host?.replace(/:\d+$/, "").toLowerCase();
  return name === undefined || ![...OWN_HOSTS, ...hosts].includes(name);
}

function checkOrigin({ headers }: Request, { origins = [] }: GuardOptions): void {
  const origin = headers.get("origin");
  if (origin !== null && origins.includes(origin)) return;
  const site = headers.get("sec-fetch-site");
  const isForeign = origin !== null && hostOf(origin) !== headers.get("host") ||
    site === "cross-site" || site === "same-site";
  if (isForeign) throw new RequestFailure("forbidden", "Calls from other pages are refused");
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}

/** The token of a call; of a WebSocket it is one of the protocols that are offered. */
function tokenOf({ headers }: Request): string {
  const bearer = headers.get("authorization")?.match(/^Bearer (.+)$/)?.[1];
  if (bearer !== undefined) return bearer;
  const protocols = headers.get("sec-websocket-protocol")?.split(",") ?? [];
  const prefix = "bearer.";
  return protocols.map((protocol) => protocol.trim())
    .find((protocol) => protocol.startsWith(prefix))?.slice(prefix.length) ?? "";
}
