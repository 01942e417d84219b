import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, callProgram, program } from "./_program.ts";
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

Deno.test("serve-pool runs nodes for nets elsewhere, until it is asked to end", async () => {
  await using server = await project({
    "server.netrun.json": net("ws://127.0.0.1:1", "nodes.ts"),
    "nodes.ts": "export const square = (x: number) => x * x;",
    "token": `${token}\n`,
  });
  const [command, ...args] = program;
  const child = new Deno.Command(command, {
    args: [...args, "serve-pool", "--compact"].concat(
      "--port",
      "0",
      "--token-file",
      "token",
      "--log-file",
      "jobs.log",
    ),
    cwd: server.path,
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const chunks = child.stdout.getReader();
  const { value } = await chunks.read();
  const { url, worker_name } = JSON.parse(new TextDecoder().decode(value));
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

  child.kill("SIGTERM");
  assertEquals((await child.status).code, 143);
  await chunks.cancel();
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
