/**
 * A way to a server that can be cut, and that can go silent.
 *
 * @module
 */

/** Passes bytes on to a server, until it is told otherwise. */
export class CuttingProxy implements AsyncDisposable {
  readonly port: number;
  /** How many connections there were. */
  connections = 0;
  /** After so many more bytes, in whichever direction, all connections are cut, once. */
  cutAfter = Infinity;
  /** Whether bytes are swallowed instead of passed on. */
  silent = false;
  readonly #targetPort: number;
  readonly #listener: Deno.TcpListener;
  readonly #open = new Set<Deno.TcpConn>();
  readonly #work: Promise<void>;

  /** Starts in front of the server at that port. */
  constructor(targetPort: number) {
    this.#targetPort = targetPort;
    this.#listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    this.port = this.#listener.addr.port;
    this.#work = this.#accept();
  }

  /** Ends all connections now. */
  cut(): void {
    for (const connection of this.#open) {
      try {
        connection.close();
      } catch {
        // It is closed already.
      }
    }
    this.#open.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await this.#work;
  }

  async #accept(): Promise<void> {
    const ends: Promise<void>[] = [];
    try {
      for await (const from of this.#listener) {
        this.connections++;
        const to = await Deno.connect({ hostname: "127.0.0.1", port: this.#targetPort });
        for (const connection of [from, to]) {
          connection.setNoDelay();
          this.#open.add(connection);
        }
        ends.push(this.#pass(from, to), this.#pass(to, from));
      }
    } catch {
      // The listener is closed.
    }
    await Promise.all(ends);
  }

  async #pass(from: Deno.TcpConn, to: Deno.TcpConn): Promise<void> {
    try {
      for await (const chunk of from.readable.values({ preventCancel: true })) {
        if (this.silent) continue;
        this.cutAfter -= chunk.length;
        if (this.cutAfter < 0) {
          this.cutAfter = Infinity;
          return this.cut();
        }
        for (let at = 0; at < chunk.length;) at += await to.write(chunk.subarray(at));
      }
      await to.closeWrite();
    } catch {
      // One of them is closed: so is the other.
      for (const connection of [from, to]) {
        try {
          connection.close();
        } catch {
          // It is closed already.
        }
      }
    }
  }
}
