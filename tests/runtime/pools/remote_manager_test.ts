import {
  assert,
  assertEquals,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import {
  createExecutionManagerServer,
  ExecutionManager,
  type ExecutionManagerServerOptions,
  MessageTooLarge,
  type RemotePoolServer,
  WorkerCrashed,
  WorkerException,
} from "../../../runtime/pools/mod.ts";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { project } from "../../cli/_project.ts";

const files = {
  "fns.ts": `
    export const add = (a: number, b: number, { x = 0 } = {}) => a + b + x;
    export const pid = () => Deno.pid;
    export const fill = (size: number) => new Uint8Array(size);
    export const exit = (code: number) => Deno.exit(code);
    export const speak = (text: string) => console.log(text);
    export const traced = (fn: (...args: unknown[]) => unknown) => (...args: unknown[]) =>
      ["traced", fn(...args)];
  `,
  "nodes/geo.ts": "export const double = (n: number) => 2 * n;",
  "nodes_secret.ts": "export const secret = () => 1;",
};

interface Served extends AsyncDisposable {
  readonly server: RemotePoolServer;
  readonly manager: ExecutionManager;
}

async function serve(
  options: ExecutionManagerServerOptions = {},
  manager: ConstructorParameters<typeof ExecutionManager>[1] = {},
  spec: Record<string, unknown> = {},
): Promise<Served> {
  const folder = await project(files);
  const server = createExecutionManagerServer({
    projectRoot: folder.path,
    register: { add: "./fns.ts::add", pid: "./fns.ts::pid", exit: "./fns.ts::exit" },
    ...options,
  });
  await server.serveBackground({ port: 0 });
  const url = `ws://127.0.0.1:${server.port}`;
  const opened = await ExecutionManager.open({ far: { type: "remote", url, ...spec } }, manager);
  return {
    server,
    manager: opened,
    async [Symbol.asyncDispose]() {
      await opened.close();
      await server.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
}

const far = { poolId: "far", workerId: 0 };

Deno.test("a server's registered functions run for clients by their keys", async () => {
  await using served = await serve({}, {}, { num_processes: 2 });
  const { manager, server } = served;
  assertEquals(server.registeredWorkers, ["execution_manager"]);
  assertEquals(manager.getWorkerIds("far"), ["far_0", "far_1"]);
  const job = await manager.run({ ...far, func: "add", args: [1, 2], kwargs: { x: 4 } });
  assertEquals(job.result, 7);
  assert(job.timestampUtcSubmitted <= job.timestampUtcStarted);
  const pids = await Promise.all(
    [0, 1].map((workerId) => manager.run({ poolId: "far", workerId, func: "pid" })),
  );
  assert(pids[0]!.result !== pids[1]!.result);
  assert(!pids.some(({ result }) => result === Deno.pid));
  const crash = await assertRejects(
    () => manager.run({ ...far, func: "exit", args: [3] }),
    WorkerCrashed,
  );
  assertEquals(crash.exitCode, 3);
  // The worker that takes its place knows them too.
  assertEquals((await manager.run({ ...far, func: "add", args: [1, 1] })).result, 2);
});

Deno.test("with registered functions alone, clients name no module and send no code", async () => {
  await using served = await serve();
  const { manager } = served;
  const refusals: [func: string, message: string][] = [
    ["./fns.ts::add", 'only with `functions: "modules"`'],
    ["node:child_process::execSync", 'only with `functions: "modules"`'],
    ["data:text/javascript,export default 1::default", 'only with `functions: "modules"`'],
    ["subtract", "the server knows add, exit, pid"],
  ];
  for (const [func, message] of refusals) {
    const error = await assertRejects(() => manager.run({ ...far, func }), WorkerException);
    assertStringIncludes(error.message, message);
  }
  await assertRejects(
    () => manager.sendFunctionToPool("far", "mine", () => 1),
    InvalidArgumentError,
    'only with `functions: "source"`',
  );
  await assertRejects(
    () => manager.sendFunctionToPool("far", "mine", "./fns.ts::add"),
    InvalidArgumentError,
    'only with `functions: "modules"`',
  );
  // What was refused is not known afterwards, and the worker goes on.
  await assertRejects(() => manager.run({ ...far, func: "mine" }), WorkerException, "knows add");
  assertEquals((await manager.run({ ...far, func: "add", args: [1, 1] })).result, 2);
});

Deno.test("with listed modules, clients name functions of these and of no others", async () => {
  await using served = await serve({ functions: "modules", modules: ["./nodes/", "node:path"] });
  const { manager } = served;
  const run = (func: string, ...args: unknown[]) => manager.run({ ...far, func, args });
  // Relative paths are those of the server.
  assertEquals((await run("./nodes/geo.ts::double", 4)).result, 8);
  assertEquals((await run("node:path::basename", "/a/b")).result, "b");
  await manager.sendFunctionToPool("far", "twice", "./nodes/geo.ts::double");
  assertEquals((await run("twice", 2)).result, 4);
  const refused = [
    "./fns.ts::add",
    "./nodes_secret.ts::secret",
    "./nodes/../fns.ts::add",
    "./nodes/%2e%2e/fns.ts::add",
    "./nodes/..%2ffns.ts::add",
    "./nodes/..\\fns.ts::add",
    "node:path/../child_process::execSync",
    "node:child_process::execSync",
    "https://evil.test/x.ts::x",
  ];
  for (const func of refused) {
    const error = await assertRejects(() => run(func), WorkerException, undefined, func);
    assertStringIncludes(error.message, "none of the server's `modules`");
  }
  await assertRejects(
    () => manager.sendFunctionToPool("far", "mine", () => 1),
    InvalidArgumentError,
    'only with `functions: "source"`',
  );
  await assertRejects(
    () => manager.sendFunctionToPool("far", "add", "./nodes/geo.ts::double"),
    InvalidArgumentError,
    "the name of a function that the server has registered",
  );
});

Deno.test("with source, clients send their code, which may do what the server grants", async () => {
  await using served = await serve({ functions: "source" });
  const { manager } = served;
  await manager.sendFunctionToPool("far", "halve", (n: number) => n / 2);
  assertEquals((await manager.run({ ...far, func: "halve", args: [8] })).result, 4);
  assertEquals((await manager.run({ ...far, func: "./fns.ts::add", args: [1, 1] })).result, 2);
  await manager.sendFunctionToPool("far", "read", () => Deno.readTextFileSync("/etc/hostname"));
  const denied = await assertRejects(() => manager.run({ ...far, func: "read" }), WorkerException);
  assertStringIncludes(denied.message, "the server of pool");
});

Deno.test("what a job returns may be as large as the client takes, else the job fails", async () => {
  const register = { fill: "./fns.ts::fill", add: "./fns.ts::add" };
  await using served = await serve({ register }, {}, { max_message_size: 100_000 });
  const { manager } = served;
  const fill = (size: number) => manager.run({ ...far, func: "fill", args: [size] });
  assertEquals((await fill(90_000)).result, new Uint8Array(90_000));
  await assertRejects(() => fill(200_000), MessageTooLarge);
  await assertRejects(
    () => manager.run({ ...far, func: "add", args: [new Uint8Array(200_000), 1] }),
    MessageTooLarge,
  );
  assertEquals((await manager.run({ ...far, func: "add", args: [1, 1] })).result, 2);
});

Deno.test("hooks and output of a remote pool are those of the server's project", async () => {
  await using served = await serve({ functions: "modules", modules: ["./"] }, {
    funcPreprocessor: "./fns.ts::traced",
  });
  const { manager } = served;
  assertEquals((await manager.run({ ...far, func: "add", args: [1, 2] })).result, ["traced", 3]);
  const { printBuffer } = await manager.run({ ...far, func: "./fns.ts::speak", args: ["hello"] });
  assertEquals(printBuffer.map(({ text }) => text).join(""), "hello\n");
  assertEquals([...(await manager.flushAllPoolStdout("far")).keys()], [0]);
  assertThrows(() => manager.getProcessIds("far"), InvalidArgumentError);
});

Deno.test("a server that is told what makes no sense says so", () => {
  assertThrows(
    () => createExecutionManagerServer({ functions: "modules" }),
    InvalidArgumentError,
    "the list `modules` says which",
  );
  assertThrows(
    () => createExecutionManagerServer({ functions: "all" as never }),
    InvalidArgumentError,
    "one of registered, modules, source",
  );
  assertThrows(
    () => createExecutionManagerServer({ register: { add: "fns" } }),
    InvalidArgumentError,
    "./module.ts::name",
  );
});
