/** Both ends of a channel over a WebSocket, for tests. */
import {
  connectChannel,
  serveBackground,
  type ServeChannelsOptions,
  type WebSocketChannel,
} from "../../../runtime/rpc/websocket_channel.ts";
import type { WebSocketClientOptions } from "../../../runtime/rpc/websocket_client.ts";

/** Two joined ends, the client's first, and the port of their server. */
export interface WebSocketEnds extends AsyncDisposable {
  readonly ends: readonly [WebSocketChannel, WebSocketChannel];
  readonly port: number;
}

/** Opens a channel; its end at the server lives until the test is over. */
export async function webSocketEnds(
  client: WebSocketClientOptions = {},
  server: ServeChannelsOptions = {},
): Promise<WebSocketEnds> {
  const served = Promise.withResolvers<WebSocketChannel>();
  const over = Promise.withResolvers<void>();
  const running = await serveBackground(async (channel) => {
    served.resolve(channel);
    await over.promise;
  }, { port: 0, ...server });
  const channel = await connectChannel(`ws://127.0.0.1:${running.port}`, client);
  return {
    ends: [channel, await served.promise],
    port: running.port,
    async [Symbol.asyncDispose]() {
      await channel.close();
      over.resolve();
      await running.stop();
    },
  };
}
