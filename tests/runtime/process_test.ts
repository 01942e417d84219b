import { assert, assertEquals, assertRejects } from "@std/assert";
import { runProcess, startProcess } from "../../runtime/process.ts";
import { InvalidArgumentError } from "../../sim/error.ts";

const isPosix = Deno.build.os !== "windows";
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test("arguments reach the program as they are", async () => {
  const odd = ["a b", "; echo no", "$HOME", "'\"", ""];
  const { stdout, exitCode } = await runProcess({
    command: [Deno.execPath(), "eval", "console.log(JSON.stringify(Deno.args))", "--", ...odd],
  });
  assertEquals(exitCode, 0);
  assertEquals(JSON.parse(text(stdout)).slice(-odd.length), odd);
});

Deno.test({
  name: "a text goes to the shell, with its variables and in its folder",
  ignore: !isPosix,
  async fn() {
    const { stdout } = await runProcess({
      command: 'echo "$GREETING" in $(pwd)',
      env: { GREETING: "hello; ls" },
      cwd: "/",
    });
    assertEquals(text(stdout), "hello; ls in /\n");
  },
});

Deno.test({
  name: "status, signal and standard error come back",
  ignore: !isPosix,
  async fn() {
    const failed = await runProcess({ command: "echo oops >&2; exit 3" });
    assertEquals([failed.exitCode, failed.signal, text(failed.stderr)], [3, null, "oops\n"]);
    const killed = await runProcess({ command: "kill -9 $$" });
    assertEquals([killed.exitCode, killed.signal], [-9, "SIGKILL"]);
  },
});

Deno.test({
  name: "input larger than a pipe goes through a program that answers while it reads",
  ignore: !isPosix,
  async fn() {
    const input = new Uint8Array(1_000_000).fill(65);
    const { stdout } = await runProcess({ command: ["cat"], input });
    assertEquals(stdout.length, input.length);
  },
});

Deno.test({
  name: "a program that does not read its input is no error",
  ignore: !isPosix,
  async fn() {
    const { exitCode } = await runProcess({
      command: ["true"],
      input: new Uint8Array(1_000_000),
    });
    assertEquals(exitCode, 0);
  },
});

Deno.test({
  name: "output past the limit is read and dropped",
  ignore: !isPosix,
  async fn() {
    const { stdout, stdoutCut, stderrCut, exitCode } = await runProcess({
      command: "head -c 300000 /dev/zero",
      maxOutputBytes: 1000,
    });
    assertEquals([stdout.length, stdoutCut, stderrCut, exitCode], [1000, true, false, 0]);
  },
});

Deno.test({
  name: "when the time is over the whole group ends, and what it printed is kept",
  ignore: !isPosix,
  async fn() {
    const result = await runProcess({
      command: "echo started; sleep 60 & echo $!; wait",
      timeout: 0.3,
    });
    assert(result.timedOut);
    const [first, grandchild] = text(result.stdout).trim().split("\n");
    assertEquals(first, "started");
    assert(await hasEnded(Number(grandchild)));
  },
});

Deno.test({
  name: "an abort ends the group and throws its reason",
  ignore: !isPosix,
  async fn() {
    const aborter = new AbortController();
    const child = runProcess({ command: "sleep 60 & wait", signal: aborter.signal });
    aborter.abort(new Error("no longer needed"));
    await assertRejects(() => child, Error, "no longer needed");
    await assertRejects(
      () => runProcess({ command: ["true"], signal: aborter.signal }),
      Error,
      "no longer needed",
    );
  },
});

Deno.test({
  name: "a group that ignores the request is ended by force",
  ignore: !isPosix,
  async fn() {
    await using child = startProcess({
      command: "trap '' TERM; echo ready; sleep 60 & wait; wait",
    });
    const reader = child.stdout.getReader();
    await reader.read();
    await child.stop();
    assertEquals((await child.status).exitCode < 0, true);
    await reader.cancel();
    await child.stderr.cancel();
  },
});

Deno.test("what cannot be started is an error at once", async () => {
  await assertRejects(
    () => runProcess({ command: ["no-such-program-here"] }),
    Deno.errors.NotFound,
  );
  await assertRejects(
    () => runProcess({ command: ["true"], cwd: "/no/such/folder" }),
    InvalidArgumentError,
    "Working directory does not exist: /no/such/folder",
  );
  await assertRejects(() => runProcess({ command: [] }), InvalidArgumentError);
});

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
