/**
 * The confined process of the compiled program, which holds no Deno to start with fewer permissions:
 * it calls itself, and code of the project runs in a worker that has them.
 *
 * @module
 */
import type { CodeCall } from "./code_calls.ts";

/** What the process is told on its standard input. */
export interface CompiledCall {
  /** Stands before the answer. */
  readonly mark: string;
  readonly calls: readonly CodeCall[];
  /** The folder that may be read. */
  readonly root: string;
  /** Names of the environment variables that may be read. */
  readonly names: readonly string[];
  /**
   * Where JavaScript goes that is made of TypeScript: a folder of this call alone. In the user's own
   * one the code could leave something for programs that may do more.
   */
  readonly cache: string;
}

/** Reads calls from standard input, answers on standard output, ends the process. */
export async function runCompiledChild(): Promise<never> {
  const { mark, calls, root, names, cache }: CompiledCall = JSON.parse(
    await new Response(Deno.stdin.readable).text(),
  );
  Deno.env.set("XDG_CACHE_HOME", cache);
  const reply = await replyOfWorker(calls, {
    read: [root, cache, Deno.execPath()],
    write: [cache],
    env: ["XDG_CACHE_HOME", ...names],
    net: false,
    run: false,
    ffi: false,
    sys: false,
    import: false,
  });
  await Deno.stdout.write(new TextEncoder().encode(`\n${mark}${reply}\n`));
  Deno.exit(0);
}

async function replyOfWorker(
  calls: readonly CodeCall[],
  permissions: Deno.PermissionOptionsObject,
): Promise<string> {
  const answered = Promise.withResolvers<string>();
  const worker = new Worker(new URL("./child_worker.ts", import.meta.url), {
    type: "module",
    deno: { permissions },
  });
  worker.onmessage = ({ data }) => answered.resolve(data);
  worker.onerror = (event) => {
    event.preventDefault();
    answered.resolve(JSON.stringify(calls.map(() => ({ error: event.message }))));
  };
  worker.postMessage(calls);
  try {
    return await answered.promise;
  } finally {
    worker.terminate();
  }
}
