import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, callProgram, program } from "./_program.ts";
import { untilEnded } from "../runtime/pools/_program.ts";
import { project } from "./_project.ts";

const token = "a token of some length";

function net(url: string, file: string): Record<string, unknown> {
  return {
    pools: { far: { spec: { type: "remote", url, token, num_processes: 1 } } },
    graph: {
      nodes: [{
        name: "square",
        factory: "netrun:function",
        factory_args: { func: `./${file}::square` },
        execution_config: { pools: ["far"] },
      }],
    },
  };
}

/** A running `netrun serve-pool` on a free port. */
interface Served extends AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly said: { url: string; worker_name: string };
}

async function serve({ path: cwd }: { path: string }, ...options: string[]): Promise<Served> {
  const [command, ...args] = program;
  const child = new Deno.Command(command, {
    args: [...args, "serve-pool", "--compact", "--port", "0", ...options],
    cwd,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const chunks = child.stdout.getReader();
  const { value } = await chunks.read();
  return {
    child,
    said: JSON.parse(new TextDecoder().decode(value)),
    async [Symbol.asyncDispose]() {
      try {
        child.kill("SIGKILL");
      } catch {
        // It has ended.
      }
      await child.status;
      await chunks.cancel();
    },
  };
}

Deno.test("serve-pool runs nodes for nets elsewhere, until it is asked to end", async () => {
  await using server = await project({
    "server.netrun.json": net("ws://127.0.0.1:1", "nodes.ts"),
    "nodes.ts": "export const square = (x: number) => x * x;",
    "token": `${token}\n`,
  });
  await using served = await serve(server, "--token-file", "token", "--log-file", "jobs.log");
  const { url, worker_name } = served.said;
  assertEquals(worker_name, "execution_manager");

  await using client = await project({
    "client.netrun.json": net(url, "nodes.ts"),
    "nodes.ts": "export const square = (x: number) => NaN * x;",
  });
  const run = ["run", "--compact", "--input", "square.x=7"];
  const { code, stdout, stderr } = await callProgram(run, { cwd: client.path });
  assertEquals([code, JSON.parse(stdout).outputs], [0, { "square::out": [49] }], stderr);
  const stranger = JSON.stringify(net(url, "nodes.ts")).replace(token, "another token, as long");
  await client.write("client.netrun.json", stranger);
  assertEquals((await callProgram(run, { cwd: client.path })).code, 1);

  served.child.kill("SIGTERM");
  assertEquals((await served.child.status).code, 143);
  assertStringIncludes(await server.read("jobs.log"), "[square] execution ok");
});

Deno.test("serve-pool refuses to be used by everybody, and what it is not told rightly", async () => {
  await using folder = await project({
    "a.netrun.json": { graph: { nodes: [] } },
    "short": "short",
  });
  const refusals: [args: string[], code: number, message: string][] = [
    [["--host", "0.0.0.0"], 1, "--insecure"],
    [["--host", "0.0.0.0", "--token-file", "short"], 1, "at least 16 characters"],
    [["--tls-cert", "short"], 2, "go together"],
    [["--token-file", "none"], 1, "cannot read"],
    [["--port", "1.5"], 2, "--port"],
    [["--permissions", '{"fly": true}'], 1, "--permissions"],
  ];
  for (const [args, expected, message] of refusals) {
    const { code, stdout, stderr } = await callMain(["serve-pool", ...args], { cwd: folder.path });
    assertEquals([code, stdout], [expected, ""], args.join(" "));
    assertStringIncludes(stderr, message);
  }
});

const signals = { SIGTERM: 143, SIGINT: 130 } as const;

for (const [signal, status] of Object.entries(signals) as ["SIGTERM" | "SIGINT", number][]) {
  Deno.test(`serve-pool ends at ${signal} while a job runs: nothing is left, and the net is told`, async () => {
    await using folder = await project({
      "net.netrun.json": net("ws://127.0.0.1:1", "nodes.ts"),
      "nodes.ts": `
        export async function square(x: number) {
          Deno.writeTextFileSync("started", String(Deno.pid));
          await new Promise((resolve) => setTimeout(resolve, 60_000));
          return x * x;
        }
      `,
    });
    await using served = await serve(folder, "--permissions", '{"write": true}');
    await folder.write("client.netrun.json", JSON.stringify(net(served.said.url, "nodes.ts")));
    await using changes = watch(folder.path, "started");
    const run = callProgram(
      ["run", "client.netrun.json", "--compact", "--input", "square.x=7"],
      { cwd: folder.path },
    );
    await changes.seen;
    const worker = Number(await folder.read("started"));
    served.child.kill(signal);
    assertEquals((await served.child.status).code, status);
    await untilEnded(worker);
    const { code, stdout } = await run;
    assertEquals(code, 3);
    assertStringIncludes(stdout, "connection lost: the server has ended it");
  });
}

/** Waits until a file has been written. */
function watch(folder: string, name: string): AsyncDisposable & { seen: Promise<void> } {
  const watcher = Deno.watchFs(folder);
  const seen = (async () => {
    for await (const { paths } of watcher) {
      if (!paths.some((path) => path.endsWith(`/${name}`))) continue;
      if ((await Deno.readTextFile(`${folder}/${name}`)) !== "") return;
    }
  })();
  return {
    seen,
    [Symbol.asyncDispose]() {
      try {
        watcher.close();
      } catch {
        // It is closed when its loop has ended.
      }
      return Promise.resolve();
    },
  };
}
