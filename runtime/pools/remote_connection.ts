/**
 * One connection of a client to a server of pools.
 *
 * @module
 */
import { ConnectError } from "../rpc/error.ts";
import { hello, readHello, REMOTE_PATH, REMOTE_PROTOCOL } from "./remote_protocol.ts";

/** What a connection is opened with. */
export interface RemoteConnectionOptions {
  readonly url: string;
  readonly token?: string | null;
  readonly ca_cert?: string | null;
  readonly max_message_size?: number;
  readonly lastReceived: number;
  /** The session that is to go on. */
  readonly session: { readonly id: string; readonly resumeToken: string } | undefined;
  /** Gets frames, after {@linkcode RemoteConnection.release}. */
  readonly received: (data: unknown) => void;
  /** Told when the connection is closed from the other side or broken. */
  readonly closed: (reason: string) => void;
}

/** An open connection that has said hello. */
export interface RemoteConnection {
  readonly socket: WebSocket;
  readonly session: { readonly id: string; readonly resumeToken: string };
  /** Number of the last message that the server has. */
  readonly lastReceived: number;
  /** Lets frames through. */
  release(): void;
  /** Closes it for good. */
  close(): Promise<void>;
}

/** How long a server has to answer a close. */
const closeMs = 1000;

/**
 * Opens a connection.
 *
 * @throws {ConnectError} If the server cannot be reached, or refuses.
 */
export async function openSocket(options: RemoteConnectionOptions): Promise<RemoteConnection> {
  const { url, token, ca_cert, max_message_size = 268_435_456, session } = options;
  let address: URL;
  try {
    address = new URL(url);
    address.pathname = REMOTE_PATH;
  } catch (cause) {
    throw new ConnectError(url, "it is no address, such as ws://127.0.0.1:8765", { cause });
  }
  const client = ca_cert
    ? Deno.createHttpClient({ caCerts: [await Deno.readTextFile(ca_cert)] })
    : undefined;
  const socket = new WebSocket(address, {
    protocols: [REMOTE_PROTOCOL],
    headers: token ? { Authorization: `Bearer ${token}` } : {},
    ...client && { client },
  } as unknown as string[]);
  socket.binaryType = "arraybuffer";
  const opened = Promise.withResolvers<RemoteConnection>();
  const ended = Promise.withResolvers<void>();
  const held: unknown[] = [];
  let isReleased = false;
  let isOpen = false;
  socket.onopen = () =>
    socket.send(hello({
      maxMessageSize: max_message_size,
      lastReceived: options.lastReceived,
      ...session && { sessionId: session.id, resumeToken: session.resumeToken },
    }));
  socket.onerror = (event) => {
    opened.reject(new ConnectError(url, (event as ErrorEvent).message || "it cannot be reached"));
  };
  socket.onclose = ({ code, reason }) => {
    client?.close();
    ended.resolve();
    const text = reason || `the connection was closed (${code})`;
    opened.reject(new ConnectError(url, text));
    if (isOpen) options.closed(text);
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
      session: { id: greeting.sessionId!, resumeToken: greeting.resumeToken! },
      lastReceived: greeting.lastReceived,
      release() {
        isReleased = true;
        for (const frame of held) options.received(frame);
      },
      async close() {
        isOpen = false;
        socket.close(1000);
        let timer: ReturnType<typeof setTimeout> | undefined;
        const late = new Promise<void>((resolve) => timer = setTimeout(resolve, closeMs));
        await Promise.race([ended.promise, late]);
        clearTimeout(timer);
      },
    });
  };
  return await opened.promise;
}
