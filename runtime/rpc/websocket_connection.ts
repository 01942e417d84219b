/**
 * One connection of a client to a server of WebSockets.
 *
 * @module
 */
import { ConnectError } from "./error.ts";
import { clientCode, CLOSE_CODES, closeReason } from "./websocket_close.ts";
import {
  type Hello,
  hello,
  readHello,
  SESSION_PARAMETER,
  WEBSOCKET_PROTOCOL,
} from "./websocket_hello.ts";
import { within } from "./within.ts";

/** A session of a client. */
export interface ClientSession {
  readonly id: string;
  readonly resumeToken: string;
}

/** What a connection is opened with. */
export interface ConnectionOptions {
  readonly url: string;
  /** Path of the server's endpoint. */
  readonly path: string;
  readonly token: string | null;
  readonly caCert: string | null;
  readonly maxMessageSize: number;
  readonly lastReceived: number;
  /** The session that is to go on. */
  readonly session: ClientSession | undefined;
  /** Whether the client comes back if the connection is lost. */
  readonly resumes: boolean;
  /** Gets frames, after {@linkcode Connection.release}. */
  readonly received: (data: unknown) => void;
  /** Told when the connection is closed from the other side or broken. */
  readonly closed: (code: number, reason: string) => void;
}

/** An open connection that has said hello. */
export interface Connection {
  readonly socket: WebSocket;
  readonly session: ClientSession;
  /** What the server has said. */
  readonly greeting: Hello;
  /** How far the server's clock is ahead of ours, in ms. */
  readonly clockOffsetMs: number;
  /** Lets frames through. */
  release(): void;
  /** Closes it; without a code the session may go on over another one. */
  close(code?: number, reason?: string): Promise<void>;
}

/** The session that was to go on is over. */
export class SessionOver extends ConnectError {}

/** How long a server has to answer, in seconds. */
const answerSeconds = 10;
/** How long it has to answer a close. */
const closeSeconds = 1;

/** What a server means that refuses a connection by this status. */
const refusals: Readonly<Record<string, string>> = {
  401: "the server does not know the token",
  403: "the server takes no connections from web pages",
  404: "there is no server of this kind at the address",
  426: "the server speaks another version of netrun's protocol",
  429: "too many wrong tokens came from here; wait a minute",
  503: "the server has as many clients as it takes (`maxSessions`), or it ends",
};

/**
 * Opens a connection.
 *
 * @throws {ConnectError} If the server cannot be reached, or refuses.
 */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { url, session, caCert, token } = options;
  const address = endpoint(options);
  const client = caCert === null
    ? undefined
    : Deno.createHttpClient({ caCerts: [await readCertificate(url, caCert)] });
  const socket = new WebSocket(address, {
    protocols: [WEBSOCKET_PROTOCOL],
    headers: token === null ? {} : { Authorization: `Bearer ${token}` },
    ...client && { client },
  } as unknown as string[]);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<Connection>();
  const ended = Promise.withResolvers<void>();
  const held: unknown[] = [];
  let isReleased = false;
  let isOpen = false;
  let saidHelloAt = 0;
  socket.onopen = () => {
    saidHelloAt = Date.now();
    socket.send(hello({
      maxMessageSize: options.maxMessageSize,
      lastReceived: options.lastReceived,
      resumes: options.resumes,
      ...session && { sessionId: session.id, resumeToken: session.resumeToken },
    }));
  };
  socket.onerror = (event) => {
    opened.reject(new ConnectError(url, explain((event as ErrorEvent).message)));
  };
  socket.onclose = ({ code, reason }) => {
    client?.close();
    ended.resolve();
    const text = reason || `the connection was closed (${code})`;
    opened.reject(
      code === CLOSE_CODES.SESSION_OVER ? new SessionOver(url, text) : new ConnectError(url, text),
    );
    if (isOpen) options.closed(code, text);
  };
  socket.onmessage = ({ data }) => {
    if (isReleased) return options.received(data);
    if (isOpen) return void held.push(data);
    const greeting = readHello(data);
    if (typeof greeting === "string") {
      socket.close();
      return opened.reject(new ConnectError(url, greeting));
    }
    isOpen = true;
    opened.resolve({
      socket,
      session: { id: greeting.sessionId ?? "", resumeToken: greeting.resumeToken ?? "" },
      greeting,
      clockOffsetMs: clockOffset(saidHelloAt, greeting.now, Date.now()),
      release() {
        isReleased = true;
        for (const frame of held) options.received(frame);
      },
      async close(code, reason = "") {
        isOpen = false;
        if (code === undefined) socket.close();
        else socket.close(clientCode(code), closeReason(reason));
        await within(closeSeconds, ended.promise).catch(() => {});
      },
    });
  };
  try {
    return await within(answerSeconds, opened.promise, "answer");
  } catch (error) {
    socket.close();
    await within(closeSeconds, ended.promise).catch(() => {});
    if (error instanceof ConnectError) throw error;
    throw new ConnectError(url, `no answer came within ${answerSeconds} s`);
  }
}

function endpoint({ url, path, session }: ConnectionOptions): URL {
  let address: URL | undefined;
  try {
    address = new URL(url);
  } catch {
    // It is said below.
  }
  if (!address || !/^(?:wss?|https?):$/.test(address.protocol)) {
    throw new ConnectError(url, "it is no address such as ws://127.0.0.1:8765 or wss://host:8765");
  }
  address.pathname = path;
  address.search = address.hash = "";
  if (session) address.searchParams.set(SESSION_PARAMETER, session.id);
  return address;
}

async function readCertificate(url: string, file: string): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (cause) {
    const reason = `the certificate \`ca_cert\` cannot be read: ${(cause as Error).message}`;
    throw new ConnectError(url, reason, { cause });
  }
}

function explain(message: string): string {
  const status = /status code: (\d+)/.exec(message)?.[1];
  const refusal = status === undefined ? undefined : refusals[status];
  if (refusal !== undefined) return `${refusal} (${status})`;
  const text = message.replace(/^NetworkError: (?:failed to connect to WebSocket: )?/, "");
  if (/tcp connect error/.test(text)) return `nothing answers there (${text})`;
  if (/UnknownIssuer/.test(text)) {
    return `its certificate is of an unknown authority, which \`ca_cert\` may name (${text})`;
  }
  return text || "it cannot be reached";
}

/** How far a clock is ahead that was read at an unknown moment between two of ours. */
function clockOffset(sentAt: number, there: number, receivedAt: number): number {
  const uncertaintyMs = (receivedAt - sentAt) / 2 + 1;
  const offsetMs = Math.round(there - (sentAt + receivedAt) / 2);
  return Math.abs(offsetMs) <= uncertaintyMs ? 0 : offsetMs;
}
