/**
 * A server in front of another that fails when it is told to.
 *
 * @module
 */

/** What it does with the next requests. */
export type Behaviour = "pass" | "fail" | "cut" | "hang";

/** Passes requests on to a server, and fails as told. */
export class MisbehavingServer implements AsyncDisposable {
  readonly port: number;
  /** What to do with the next requests, in order; then they pass. */
  readonly next: Behaviour[] = [];
  /** How many requests there were. */
  requests = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;
  readonly #hanging: PromiseWithResolvers<void>[] = [];

  /** Starts in front of the server at that port. */
  constructor(targetPort: number) {
    this.#server = Deno.serve(
      { hostname: "127.0.0.1", port: 0, onListen: () => {} },
      (request) => this.#answer(request, targetPort),
    );
    this.port = this.#server.addr.port;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { resolve } of this.#hanging) resolve();
    await this.#server.shutdown();
  }

  async #answer(request: Request, targetPort: number): Promise<Response> {
    this.requests++;
    const behaviour = this.next.shift() ?? "pass";
    const body = await request.arrayBuffer();
    if (behaviour === "fail") return new Response("<Error/>", { status: 500 });
    if (behaviour === "hang") {
      const hanging = Promise.withResolvers<void>();
      this.#hanging.push(hanging);
      await hanging.promise;
      return new Response(null, { status: 500 });
    }
    const url = new URL(request.url);
    url.port = String(targetPort);
    const hasBody = !["GET", "HEAD"].includes(request.method);
    const answer = await fetch(url, {
      method: request.method,
      headers: request.headers,
      ...hasBody && { body },
    });
    if (behaviour === "pass") return answer;
    const half = new Uint8Array(await answer.arrayBuffer());
    const cut = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(half.subarray(0, half.length / 2));
        controller.error(new Error("the server went away"));
      },
    });
    return new Response(cut, { status: answer.status, headers: answer.headers });
  }
}
