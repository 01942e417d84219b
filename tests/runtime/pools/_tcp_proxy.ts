/** A connection that can be cut. */

/** Passes connections on to a port, as long as it is let. */
export class TcpProxy implements AsyncDisposable {
  readonly port: number;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.Conn>();
  readonly #pipes = new Set<Promise<unknown>>();
  #refuses = false;
  #isFrozen = false;

  constructor(targetPort: number) {
    this.port = (this.#listener.addr as Deno.NetAddr).port;
    void this.#accept(targetPort);
  }

  /** Cuts all connections. */
  cut(): void {
    for (const connection of this.#connections) {
      try {
        connection.close();
      } catch {
        // It is closed.
      }
    }
    this.#connections.clear();
  }

  /** Whether new connections are cut at once. */
  refuse(refuses: boolean): void {
    this.#refuses = refuses;
  }

  /** Passes nothing on any more, without a word. */
  freeze(): void {
    this.#isFrozen = true;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    this.cut();
    await Promise.allSettled(this.#pipes);
  }

  async #accept(port: number): Promise<void> {
    try {
      for await (const client of this.#listener) {
        if (this.#refuses) {
          client.close();
          continue;
        }
        const server = await Deno.connect({ hostname: "127.0.0.1", port });
        this.#connections.add(client).add(server);
        for (const [from, to] of [[client, server], [server, client]] as const) {
          const pipe = this.#pass(from, to).finally(() => this.#pipes.delete(pipe));
          this.#pipes.add(pipe);
        }
      }
    } catch {
      // The listener is closed.
    }
  }

  async #pass(from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (;;) {
        const count = await from.read(buffer);
        if (count === null) break;
        if (this.#isFrozen) continue;
        for (let at = 0; at < count;) at += await to.write(buffer.subarray(at, count));
      }
      await to.closeWrite();
    } catch {
      // One of them is cut.
    }
  }
}
