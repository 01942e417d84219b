import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import {
  CommandError,
  FactoryArgsError,
  NodeOutputError,
} from "../../../runtime/factories/error.ts";
import { Net } from "../../../runtime/net/net.ts";
import { makeNode, runNode } from "./_run_node.ts";

const isPosix = Deno.build.os !== "windows";

function posix(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, ignore: !isPosix, fn });
}

async function run(args: Record<string, unknown>, inputs: Record<string, unknown[]> = {}) {
  return await runNode(await makeNode({ factory: "netrun:command", factory_args: args }), inputs);
}

posix("a value stays inside its argument, whatever it holds", async () => {
  const value = 'two words; rm -rf / "$HOME" {other}';
  const { outputs } = await run({ command: ["printf", "%s|", "{in}", "x{in}y"] }, { in: [value] });
  assertEquals(outputs, { out: [`${value}|x${value}y|`] });
});

posix("values that are no text are JSON, unknown placeholders stay", async () => {
  const { outputs } = await run({ command: ["echo", "{in}", "{what}", "{}"] }, { in: [{ a: 1 }] });
  assertEquals(outputs, { out: ['{"a":1} {what} {}\n'] });
});

posix("the shell reaches inputs as variables, never as text", async () => {
  const { outputs } = await run(
    { command: 'echo "$IN_FIRST_NAME" {first-name}', inputs: ["first-name"] },
    { "first-name": ["$(echo no); `echo no`"] },
  );
  assertEquals(outputs, { out: ["$(echo no); `echo no` {first-name}\n"] });
});

posix("stdin gets text, bytes or JSON", async () => {
  const cat = async (value: unknown) =>
    (await run({ command: ["cat"], stdin: "in" }, { in: [value] })).outputs.out![0];
  assertEquals(await cat("text"), "text");
  assertEquals(await cat(new Uint8Array([72, 105])), "Hi");
  assertEquals(await cat([1, 2]), "[1,2]");
});

posix("output as json, bytes and lines", async () => {
  const out = async (output: string, text: string) =>
    (await run({ command: ["printf", text], inputs: [], output })).outputs.out;
  assertEquals(await out("json", '{"a": [1]}'), [{ a: [1] }]);
  assertEquals(await out("bytes", "Hi"), [new Uint8Array([72, 105])]);
  assertEquals(await out("lines", "a\\nb\\n"), ["a", "b"]);
  await assertRejects(() => out("json", "oops"), NodeOutputError, "no JSON");
});

posix("each line is a salvo that goes on its way while the program runs", async () => {
  const made = await makeNode({
    factory: "netrun:command",
    factory_args: { command: "echo one; cat >/dev/null; echo two", inputs: [], output: "lines" },
  });
  const { salvos } = await runNode(made);
  assertEquals(salvos, [{ out: ["one"] }, { out: ["two"] }]);
});

posix("a status other than 0 fails, with the end of standard error", async () => {
  for (const output of ["text", "json", "lines"]) {
    const error = await assertRejects(
      () => run({ command: "echo partial; echo broken >&2; exit 3", inputs: [], output }),
      CommandError,
    );
    assertEquals([error.exitCode, error.stderr, error.code], [3, "broken\n", "Command"]);
    assertStringIncludes(error.message, "status 3:\nbroken");
  }
});

posix("with check: false the status leaves by a port of its own", async () => {
  for (const output of ["text", "lines"]) {
    const { outputs } = await run({
      command: "echo x; echo y >&2; exit 3",
      inputs: [],
      check: false,
      output,
    });
    assertEquals(outputs.status, [{ code: 3, stderr: "y\n" }]);
    assertEquals(String(outputs.out).trim(), "x");
  }
});

posix("standard error of a program that succeeds is printed", async () => {
  assertEquals((await run({ command: "echo note >&2", inputs: [] })).prints, ["note\n"]);
});

posix("cwd and env: from the project root, and on top of the environment", async () => {
  const { outputs } = await run({
    command: ["sh", "-c", 'pwd; echo "$MINE"; test -n "$PATH" && echo path'],
    inputs: [],
    cwd: "/",
    env: { MINE: "yes" },
  });
  assertEquals(outputs, { out: ["/\nyes\npath\n"] });
});

posix("a program that is not there is named", async () => {
  for (const keep_alive of [false, true]) {
    await assertRejects(
      () => run({ command: ["no-such-program"], inputs: [], keep_alive }),
      CommandError,
      'there is no program "no-such-program"',
    );
  }
});

posix("an abort ends the program and what it started", async () => {
  const folder = await Deno.makeTempDir();
  for (const output of ["text", "lines"]) {
    const aborter = new AbortController();
    const made = await makeNode({
      factory: "netrun:command",
      factory_args: {
        command: `sleep 60 & echo $! > ${folder}/pid; echo ready; wait`,
        inputs: [],
        output,
      },
    });
    const watcher = Deno.watchFs(folder);
    const running = runNode(made, {}, { signal: aborter.signal });
    for await (const { kind } of watcher) if (kind === "modify") break;
    aborter.abort(new Error("stop"));
    await assertRejects(() => running, Error, "stop");
    assert(await hasEnded(Number(await Deno.readTextFile(`${folder}/pid`))));
    await Deno.remove(`${folder}/pid`);
  }
  await Deno.remove(folder, { recursive: true });
});

const ECHO = `while read line; do case "$line" in
  *die*) exit 4;; *fail*) echo '{"$error": {"type": "BadRow", "message": "no good"}}';;
  *) echo "working"; echo "note" >&2; printf '{"out": %s, "pid": %s}\\n' "$line" $$;; esac; done`;

async function kept() {
  return await makeNode({
    factory: "netrun:command",
    factory_args: { command: ["sh", "-c", ECHO], keep_alive: true },
    out_ports: { pid: {} },
  });
}

posix("a kept process answers epoch after epoch, and what is no answer is printed", async () => {
  const made = await kept();
  const all = await Promise.all([1, 2, 3].map((n) => runNode(made, { in: [n] })));
  assertEquals(all.map(({ outputs }) => outputs.out), [[{ in: 1 }], [{ in: 2 }], [{ in: 3 }]]);
  assertEquals(new Set(all.map(({ outputs }) => outputs.pid![0])).size, 1);
  assert(all.every(({ prints }) => prints.includes("working\n")));
  await made.functions.close!({});
});

posix("a kept process that reports an error goes on, one that ends is started again", async () => {
  const made = await kept();
  const first = (await runNode(made, { in: [1] })).outputs.pid![0];
  const failed = await assertRejects(() => runNode(made, { in: ["fail"] }), Error, "no good");
  assertEquals((failed as Error).name, "BadRow");
  assertEquals((await runNode(made, { in: [2] })).outputs.pid![0], first);
  const died = await assertRejects(() => runNode(made, { in: ["die"] }), CommandError);
  assertEquals(died.exitCode, 4);
  assert((await runNode(made, { in: [3] })).outputs.pid![0] !== first);
  await made.functions.close!({});
});

posix("an abort ends the kept process, and the next epoch has a fresh one", async () => {
  const made = await makeNode({
    factory: "netrun:command",
    factory_args: {
      command: [
        "sh",
        "-c",
        'read a; echo started; case "$a" in *1*) read b;; esac; echo "{}"; read c',
      ],
      keep_alive: true,
    },
  });
  const aborter = new AbortController();
  const waiting = runNode(made, { in: [1] }, { signal: aborter.signal });
  aborter.abort(new Error("too long"));
  await assertRejects(() => waiting, Error, "too long");
  assertEquals((await runNode(made, { in: [2] })).outputs, {});
  await made.functions.close!({});
});

posix("a kept process that ends is noticed although what it started goes on", async () => {
  const made = await makeNode({
    factory: "netrun:command",
    factory_args: { command: ["sh", "-c", "sleep 60 & read line; exit 3"], keep_alive: true },
  });
  const error = await assertRejects(() => runNode(made, { in: [1] }), CommandError);
  assertEquals(error.exitCode, 3);
  await made.functions.close!({});
});

posix("a kept process in a net: one process for a hundred epochs, ended with the net", async () => {
  let pid: number;
  {
    await using net = await Net.open({
      graph: {
        nodes: [{
          name: "shell",
          factory: "netrun:command",
          factory_args: { command: ["sh", "-c", ECHO], keep_alive: true },
          out_ports: { pid: {} },
          execution_config: { print_echo_stdout: false },
        }],
      },
    });
    net.injectData("shell", "in", Array.from({ length: 100 }, (_, i) => i));
    await net.runUntilBlocked();
    assertEquals(
      net.flushOutputQueue("shell::out"),
      Array.from({ length: 100 }, (_, i) => ({ in: i })),
    );
    const pids = new Set(net.flushOutputQueue("shell::pid"));
    assertEquals(pids.size, 1);
    pid = Number([...pids][0]);
    assert(isRunning(pid));
  }
  assert(await hasEnded(pid));
});

Deno.test({
  name: "a timeout of the net ends the program",
  ignore: !isPosix,
  // The net does not wait for what it has given up; the program ends a moment after the test's net.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const file = await Deno.makeTempFile();
    const net = await Net.open({
      graph: {
        nodes: [{
          name: "slow",
          factory: "netrun:command",
          factory_args: { command: 'echo $$ > "$IN_IN"; sleep 60' },
          execution_config: { timeout: 0.2 },
        }],
      },
    });
    net.injectData("slow", "in", [file]);
    const error = await assertRejects(() => net.runUntilBlocked());
    assertStringIncludes(String((error as Error).cause), "EpochTimeoutError");
    assert(await hasEnded(Number(await Deno.readTextFile(file))));
    await net.close();
    await Deno.remove(file);
  },
});

const refused: [args: Record<string, unknown>, message: string][] = [
  [{}, "command"],
  [{ command: [] }, "command"],
  [{ command: ["x"], stdin: "other" }, "stdin must be one of the inputs (in)"],
  [{ command: ["x"], inputs: ["a-b", "a_b"] }, "IN_A_B"],
  [{ command: ["x"], inputs: ["a", "a"] }, "duplicate"],
  [{ command: ["x"], output: "xml" }, "output must be one of"],
  [{ command: ["x"], keep_alive: true, output: "lines" }, "answers in JSON"],
  [{ command: ["x"], shell: true }, "unknown argument 'shell'"],
];
for (const [factory_args, message] of refused) {
  Deno.test(`command refuses ${JSON.stringify(factory_args)}`, async () => {
    await assertRejects(
      () => makeNode({ factory: "netrun:command", factory_args }),
      FactoryArgsError,
      message,
    );
  });
}

/** Resolves once a process is gone, or a zombie, whose parent is not ours to ask; false if it stays. */
async function hasEnded(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (!isRunning(pid)) return true;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return false;
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*[ZX]/m.test(Deno.readTextFileSync(`/proc/${pid}/status`));
  } catch {
    return false;
  }
}
