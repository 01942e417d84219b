/**
 * Where the subprocesses of a pool connect to.
 *
 * @module
 */
import { readFully } from "../rpc/process_channel.ts";
import { toHex } from "./host_input.ts";
import { helloSize, secretSize, UP } from "./worker_connection.ts";

/** Both connections of a worker. */
export interface ConnectionPair {
  /** What the worker sends. */
  readonly input: Deno.Conn;
  /** What it is sent. */
  readonly output: Deno.Conn;
}

/** How long a connection has to say who it is. */
const helloMs = 5000;

interface Expected {
  readonly resolve: (pair: ConnectionPair) => void;
  input?: Deno.Conn;
  output?: Deno.Conn;
}

/** Accepts connections on a port of this machine, from those who know a secret. */
export class SubprocessListener {
  /** The port. */
  readonly port: number;
  readonly #listener: Deno.TcpListener;
  readonly #accepting: Promise<void>;
  /** Connections that have not said who they are. */
  readonly #welcoming = new Set<Promise<void>>();
  readonly #expected = new Map<string, Expected>();

  /** Opens a port. */
  constructor() {
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#accepting = this.#accept();
  }

  /** Waits for both connections of a worker; `secret` in hexadecimal digits. */
  expect(secret: string, id: number): { pair: Promise<ConnectionPair>; forget(): void } {
    const key = `${secret}/${id}`;
    const { promise, resolve } = Promise.withResolvers<ConnectionPair>();
    this.#expected.set(key, { resolve });
    return {
      pair: promise,
      forget: () => {
        const expected = this.#expected.get(key);
        for (const connection of [expected?.input, expected?.output]) closeQuietly(connection);
        this.#expected.delete(key);
      },
    };
  }

  /** Accepts nothing more. */
  async close(): Promise<void> {
    this.#listener.close();
    await this.#accepting;
    await Promise.all(this.#welcoming);
  }

  async #accept(): Promise<void> {
    for (;;) {
      let connection: Deno.TcpConn;
      try {
        connection = await this.#listener.accept();
      } catch {
        return;
      }
      const welcome = this.#welcome(connection).finally(() => this.#welcoming.delete(welcome));
      this.#welcoming.add(welcome);
    }
  }

  async #welcome(connection: Deno.TcpConn): Promise<void> {
    const timer = setTimeout(() => closeQuietly(connection), helloMs);
    try {
      const hello = new Uint8Array(helloSize);
      if (!await readFully(connection, hello)) throw new Error("no hello");
      const secret = toHex(hello.subarray(0, secretSize));
      const id = new DataView(hello.buffer).getUint32(secretSize);
      const key = `${secret}/${id}`;
      const expected = this.#expected.get(key);
      if (!expected) throw new Error("nobody waits for it");
      connection.setNoDelay(true);
      const isUp = hello[helloSize - 1] === UP;
      if (isUp) expected.input = connection;
      else expected.output = connection;
      const { input, output } = expected;
      if (!input || !output) return;
      this.#expected.delete(key);
      expected.resolve({ input, output });
    } catch {
      closeQuietly(connection);
    } finally {
      clearTimeout(timer);
    }
  }
}

function closeQuietly(connection: Deno.Conn | undefined): void {
  try {
    connection?.close();
  } catch {
    // It is closed already.
  }
}
