/**
 * Loading the clients of other systems, which only those pay for who use them.
 *
 * @module
 */
import { joinBytes } from "./canonical.ts";
import { MissingStorageDependencyError } from "./error.ts";

/**
 * Loads a package by a specifier that is no literal, so that it is not fetched before.
 *
 * @throws {MissingStorageDependencyError} If it cannot be loaded.
 */
export async function loadVendor<T>(specifier: string): Promise<T> {
  try {
    return await import(specifier);
  } catch (cause) {
    throw new MissingStorageDependencyError(
      specifier,
      `Cannot load ${specifier}, which this backend needs: ${(cause as Error).message}`,
      { cause },
    );
  }
}

/** An answer of a server that is no success. */
export class HTTPFailure extends Error {
  constructor(readonly status: number, text: string) {
    super(`${status} ${text}`);
  }
}

/** What an error says; of one of `fetch`, which says nothing itself, its cause. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return isFetchFailure(error) && error.cause instanceof Error
    ? error.cause.message
    : error.message;
}

/** Whether an error says that the other side could not be reached, or went away. */
export function isConnectionFailure(error: unknown): boolean {
  const { code, name, errors } = (error ?? {}) as {
    code?: unknown;
    name?: unknown;
    errors?: unknown;
  };
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isConnectionFailure);
  return (typeof code === "string" && connectionCodes.has(code)) || name === "TimeoutError" ||
    isFetchFailure(error) || error instanceof Deno.errors.ConnectionRefused ||
    error instanceof Deno.errors.ConnectionReset || error instanceof Deno.errors.BrokenPipe;
}

/** Whether `fetch`, or the body of its answer, broke off. */
function isFetchFailure(error: unknown): error is TypeError {
  return error instanceof TypeError &&
    /^(?:fetch failed|error (?:sending request|reading a body))/.test(error.message);
}

const connectionCodes: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ETIMEDOUT",
  "EPIPE",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTCONN",
  "EAI_AGAIN",
  "ERR_SOCKET_CLOSED",
  "ERR_STREAM_PREMATURE_CLOSE",
  "UND_ERR_SOCKET",
]);

/** Whether an HTTP status says that the same request may succeed later. */
export function isPassingStatus(status: number | undefined): boolean {
  return status !== undefined && (status === 408 || status === 429 || status >= 500);
}

/** All bytes of a stream in pieces of at least `bytes`, but for the last. */
export async function* inPieces(
  data: Uint8Array | ReadableStream<Uint8Array>,
  bytes: number,
): AsyncIterable<Uint8Array> {
  if (data instanceof Uint8Array) {
    for (let at = 0; at < data.length; at += bytes) yield data.subarray(at, at + bytes);
    return;
  }
  let chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of data) {
    chunks.push(chunk);
    size += chunk.length;
    if (size < bytes) continue;
    yield joinBytes(chunks);
    chunks = [];
    size = 0;
  }
  if (size > 0) yield joinBytes(chunks);
}
