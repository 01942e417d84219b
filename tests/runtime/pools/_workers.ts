/** Worker functions for tests. */
import type { RPCChannel } from "../../../runtime/rpc/channel.ts";

/** Answers every message, and does what some of them say. */
export async function echo(channel: RPCChannel, workerId: number): Promise<void> {
  for (;;) {
    const [key, data] = await channel.recv();
    switch (key) {
      case "pid":
        await channel.send("pid", Deno.pid);
        break;
      case "throw":
        throw new TypeError("boom");
      case "throw later":
        setTimeout(() => {
          throw new Error("later");
        });
        break;
      case "reject":
        void Promise.reject(new Error("nobody cares"));
        break;
      case "exit":
        Deno.exit(data as number);
        break;
      case "close":
        self.close();
        break;
      case "return":
        return;
      case "spin":
        await channel.send("spinning", workerId);
        for (;;) { /* for ever */ }
      case "print":
        console.log("out", data);
        console.error("err", data);
        Deno.stdout.writeSync(new TextEncoder().encode(`raw ${data}\n`));
        await channel.send("printed", data);
        break;
      default:
        await channel.send(key, [workerId, data]);
    }
  }
}

/** Cannot start. */
export function notHere(): never {
  throw new Error("not here");
}

/** Does not end when its channel does. */
export async function stubborn(channel: RPCChannel): Promise<void> {
  await channel.recv().catch(() => {});
  // A timer keeps the Worker alive.
  await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
}
