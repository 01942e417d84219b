/**
 * Errors of factories and of the nodes that they make, and those by which a node tells how it wants
 * to be retried.
 *
 * @module
 */
import type { SignatureProblemCode } from "../modules/signature.ts";
import { NetrunError, type NetrunErrorOptions } from "../../sim/error.ts";

/** A factory, or what it returned, is not what the protocol asks for. */
export class FactoryProtocolError extends NetrunError {
  /** The factory, as the configuration names it. */
  readonly factory: string;

  /** Creates the error. */
  constructor(factory: string, message: string, options?: ErrorOptions) {
    super("FactoryProtocolError", `Factory ${JSON.stringify(factory)}: ${message}`, options);
    this.factory = factory;
  }
}

/** One thing that is wrong with the arguments of a factory. */
export interface FactoryArgsIssue {
  /** Where in the arguments it is. */
  path: (string | number)[];
  /** What is wrong and what to do about it. */
  message: string;
}

/**
 * The arguments of a factory are refused; `issues` lists everything that is wrong with them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const error = new FactoryArgsError("netrun:join", [
 *   { path: ["ports"], message: "must not be empty" },
 * ]);
 * assertEquals(error.message, 'Factory "netrun:join" refuses its arguments: ports must not be empty');
 * ```
 */
export class FactoryArgsError extends NetrunError {
  /** The factory, as the configuration names it. */
  readonly factory: string;
  /** Everything that is wrong, in the order in which it was found. */
  readonly issues: readonly FactoryArgsIssue[];

  /** Creates the error out of at least one issue. */
  constructor(factory: string, issues: readonly FactoryArgsIssue[], options?: ErrorOptions) {
    const lines = issues.map(({ path, message }) => `${formatPath(path)}${message}`);
    super(
      "FactoryArgsError",
      `Factory ${JSON.stringify(factory)} refuses its arguments: ${lines.join("; ")}`,
      options,
    );
    this.factory = factory;
    this.issues = issues;
  }
}

/** `["ports", 1]` as `ports[1] `, nothing for the arguments as a whole. */
function formatPath(path: readonly (string | number)[]): string {
  const text = path.map((step, i) =>
    typeof step === "number" ? `[${step}]` : i === 0 ? step : `.${step}`
  ).join("");
  return text === "" ? "" : `${text} `;
}

/** Factories that return subgraphs with factories lead on without an end. */
export class FactoryRecursionError extends NetrunError {
  /** The factories in the order in which one led to the next. */
  readonly chain: readonly string[];

  /** Creates the error. */
  constructor(chain: readonly string[]) {
    const last = chain.slice(-4).map((name) => JSON.stringify(name)).join(" -> ");
    super(
      "FactoryRecursionError",
      `Cannot expand ${chain.length} factories inside each other: … ${last}. ` +
        `A subgraph factory must not lead back to itself without an end`,
    );
    this.chain = chain;
  }
}

/** Why a function cannot become a node; the code of a {@linkcode FunctionSignatureError}. */
export type FunctionSignatureErrorCode = SignatureProblemCode;

/** Place of a function in its file. */
export interface FunctionLocation {
  /** URL or path of the file. */
  file: string;
  /** Line, from 1. */
  line: number;
}

/** A function cannot become a node; `code` says why. */
export class FunctionSignatureError extends NetrunError {
  /** The function, as the configuration names it. */
  readonly func: string;
  /** Where it is written, if known. */
  readonly location?: FunctionLocation;

  /** Creates the error. */
  constructor(
    code: FunctionSignatureErrorCode,
    func: string,
    message: string,
    options: ErrorOptions & { location?: FunctionLocation | undefined } = {},
  ) {
    const { location, ...rest } = options;
    const place = location === undefined ? "" : ` (${location.file}:${location.line})`;
    super(
      "FunctionSignatureError",
      `Cannot make a node of ${JSON.stringify(func)}: ${message}${place}`,
      { ...rest, code },
    );
    this.func = func;
    if (location !== undefined) this.location = location;
  }
}

/** The packets of an epoch are not what the node's function takes. */
export class NodeInputError extends NetrunError {
  /** Name of the node. */
  readonly nodeName: string;
  /** The input port at fault. */
  readonly port: string;

  /** Creates the error. */
  constructor(nodeName: string, port: string, message: string, options?: NetrunErrorOptions) {
    super(
      "NodeInputError",
      `Input port ${JSON.stringify(port)} of node ${JSON.stringify(nodeName)}: ${message}`,
      options,
    );
    this.nodeName = nodeName;
    this.port = port;
  }
}

/** The result of a node's function cannot be sent through its output ports. */
export class NodeOutputError extends NetrunError {
  /** Name of the node. */
  readonly nodeName: string;
  /** The output port at fault, if it is one alone. */
  readonly port?: string;

  /** Creates the error. */
  constructor(
    nodeName: string,
    port: string | undefined,
    message: string,
    options?: NetrunErrorOptions,
  ) {
    const place = port === undefined ? "Result" : `Output port ${JSON.stringify(port)}`;
    super("NodeOutputError", `${place} of node ${JSON.stringify(nodeName)}: ${message}`, options);
    this.nodeName = nodeName;
    if (port !== undefined) this.port = port;
  }
}

/** What a program that failed left. */
export interface CommandFailure {
  /** Exit status; minus the number of the signal that ended it. */
  exitCode: number;
  /** The end of its standard error. */
  stderr: string;
}

/** The program of a node failed. */
export class CommandError extends NetrunError {
  /** Name of the node. */
  readonly nodeName: string;
  /** Exit status; minus the number of the signal that ended it. */
  readonly exitCode: number;
  /** The end of its standard error. */
  readonly stderr: string;

  /** Creates the error. */
  constructor(nodeName: string, message: string, { exitCode, stderr }: CommandFailure) {
    const tail = stderr.trim() === "" ? "" : `:\n${stderr.trimEnd()}`;
    super("CommandError", `Command of node ${JSON.stringify(nodeName)} ${message}${tail}`);
    this.nodeName = nodeName;
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

/**
 * Thrown by a node's function for a failure that another attempt cannot mend: the node's remaining
 * `retries` are not used.
 */
export class NonRetryableError extends NetrunError {
  /** Creates the error. */
  constructor(message: string, options?: ErrorOptions) {
    super("NonRetryableError", message, options);
  }
}

/** Thrown by a node's function to say how long the Net should wait before the next attempt. */
export class RetryAfterError extends NetrunError {
  /** Seconds to wait, in place of the node's `retry_wait`. */
  readonly seconds: number;

  /**
   * Creates the error.
   *
   * @param seconds Seconds to wait, 0 or more.
   * @param message What went wrong.
   */
  constructor(
    seconds: number,
    message = `Try again in ${seconds} seconds`,
    options?: ErrorOptions,
  ) {
    super("RetryAfterError", message, options);
    this.seconds = seconds;
  }
}

/** Details of an {@linkcode HTTPError}. */
export interface HTTPErrorDetails {
  /** Status of the response. */
  status: number;
  /** URL that answered. */
  url: string;
  /** The first kilobyte of the answer. */
  body: string;
  /** Whether another attempt may succeed. */
  retryable: boolean;
  /** Seconds that the server asked to wait for, if it did. */
  retryAfter?: number | undefined;
}

/** An HTTP request was answered by a failure; made by {@linkcode httpError}. */
export class HTTPError extends NetrunError {
  /** Status of the response. */
  readonly status: number;
  /** URL that answered. */
  readonly url: string;
  /** The first kilobyte of the answer. */
  readonly body: string;
  /** Whether another attempt may succeed. */
  readonly retryable: boolean;
  /** Seconds that the server asked to wait for, if it did. */
  readonly retryAfter?: number;

  /** Creates the error. */
  constructor(details: HTTPErrorDetails, options?: ErrorOptions) {
    const text = details.body.trim().slice(0, 200);
    super(
      "HTTPError",
      `${details.url} answered with status ${details.status}${text === "" ? "" : `: ${text}`}`,
      options,
    );
    this.status = details.status;
    this.url = details.url;
    this.body = details.body;
    this.retryable = details.retryable;
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter;
  }
}

/** How much of the answer an {@linkcode HTTPError} keeps. */
const MAX_BODY_BYTES = 1024;

/**
 * The error to throw for a response that is not `ok`.
 *
 * Statuses 408, 425, 429 and 5xx count as passing trouble: the node's retries apply, and the wait is
 * that of the `Retry-After` header where there is one. Any other status ends the attempts.
 *
 * @param response A response whose body nobody has read yet; it is read up to 1 KB, then cancelled.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const busy = new Response("later", { status: 503, headers: { "Retry-After": "7" } });
 * const error = await httpError(busy);
 * assertEquals([error.retryable, error.retryAfter, error.body], [true, 7, "later"]);
 * ```
 */
export async function httpError(response: Response): Promise<HTTPError> {
  const { status } = response;
  const retryable = status === 408 || status === 425 || status === 429 || status >= 500;
  return new HTTPError({
    status,
    url: response.url === "" ? "The server" : response.url,
    body: await startOfBody(response),
    retryable,
    retryAfter: retryable ? secondsOf(response.headers.get("Retry-After")) : undefined,
  });
}

/** The first kilobyte of a body as text; what cannot be read counts as empty. */
async function startOfBody(response: Response): Promise<string> {
  if (response.body === null || response.bodyUsed) return "";
  const decoder = new TextDecoder();
  let text = "";
  let left = MAX_BODY_BYTES;
  try {
    for await (const chunk of response.body) {
      text += decoder.decode(chunk.subarray(0, left), { stream: true });
      left -= chunk.length;
      if (left <= 0) break;
    }
  } catch {
    // The status says enough; a connection that breaks off here must not hide it.
  }
  return text;
}

/** Seconds that a `Retry-After` header means: a number, or a date from which now is taken. */
function secondsOf(header: string | null): number | undefined {
  if (header === null) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, (at - Date.now()) / 1000);
}
