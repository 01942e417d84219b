/**
 * Answers `GET /apple` through a net.
 *
 * @module
 */
import { EpochError, Net } from "@netrun/netrun";

/** Opens the net, and starts to run it. */
export async function openNet(): Promise<Net> {
  const net = await Net.fromFile(new URL("server.netrun.toml", import.meta.url));
  await net.startBackground({ sigint: false });
  return net;
}

/** Answers a request by a call of the net. */
export async function handle(net: Net, request: Request): Promise<Response> {
  const article = decodeURIComponent(new URL(request.url).pathname.slice(1));
  const question = { request: crypto.randomUUID(), article };
  const { signal } = request;
  try {
    const answer = await net.call("copy", "in_0", question, {
      queue: "answers",
      timeout: 5,
      signal,
    });
    return Response.json(answer);
  } catch (error) {
    const isUnknown = error instanceof EpochError && error.cause instanceof RangeError;
    return Response.json({ error: String(error) }, { status: isUnknown ? 404 : 503 });
  }
}

if (import.meta.main) {
  const net = await openNet();
  const server = Deno.serve((request) => handle(net, request));
  Deno.addSignalListener("SIGINT", async () => {
    await server.shutdown();
    await net.close({ drain: 5 });
    Deno.exit();
  });
}
