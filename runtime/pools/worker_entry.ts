/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The program of every Worker of a pool.
 *
 * @module
 */
import { ProcessChannel } from "../rpc/process_channel.ts";
import { SharedTexts } from "../rpc/shared_texts.ts";
import { isThreadPost, ThreadChannel, type ThreadPost } from "../rpc/thread_channel.ts";
import { wireMessage } from "../rpc/outbox.ts";
import { captureConsole } from "./capture_console.ts";
import { errorNotice, loadWorkerFn, runWorkerFn } from "./worker_main.ts";
import type { WorkerNotice, WorkerStart } from "./worker_main.ts";
import { connectToParent } from "./worker_connection.ts";

const post = (notice: WorkerNotice) => self.postMessage(notice);
const exit = Deno.exit;
const close = self.close.bind(self);
Deno.exit = ((code?: number) => {
  post({ type: "bye", code: code ?? Deno.exitCode, exits: true });
  return exit(code);
}) as typeof Deno.exit;
self.close = () => {
  post({ type: "bye", code: 0, exits: false });
  close();
};

let posts: ThreadChannel | undefined;

self.onmessage = ({ data }: MessageEvent<ThreadPost | WorkerStart | { type: "ping" }>) => {
  if (isThreadPost(data)) posts?.receive(data);
  else if (data.type === "ping") post({ type: "pong" });
  else void main(data);
};

async function main(start: WorkerStart): Promise<void> {
  try {
    if (start.capturesConsole) captureConsole((entry) => post({ type: "output", entry }));
    const channel = start.connect
      ? new ProcessChannel({
        ...await connectToParent(start.workerId, start.connect),
        maxMessageSize: start.maxMessageSize,
        sendNow: (key, data) => post({ type: "now", post: wireMessage(key, data) }),
      })
      : posts = new ThreadChannel(
        { postMessage: (message, transfer) => self.postMessage(message, { transfer }) },
        {
          maxMessageSize: start.maxMessageSize,
          outgoing: start.texts && new SharedTexts(start.texts),
        },
      );
    const fn = await loadWorkerFn(start);
    post({ type: "ready" });
    const notice = await runWorkerFn(fn, channel, start.workerId);
    await channel.close();
    post(notice);
  } catch (error) {
    post(errorNotice("failed", error));
  }
}
