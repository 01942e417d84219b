import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import { executeAction, executeCommand } from "../../../runtime/tools/execute_action.ts";

const ignore = Deno.build.os === "windows";

Deno.test({
  name: "a hostile name is a value, never a command",
  ignore,
  async fn() {
    const dir = await Deno.makeTempDir();
    const nodeName = '$(touch evil); "; touch evil';
    const result = await executeCommand('printf %s "$NODE_NAME"', {
      nodeName,
      workingDirectory: dir,
    });
    assertEquals(result.stdout, nodeName);
    assertEquals([...Deno.readDirSync(dir)], []);
    await Deno.remove(dir);
  },
});

Deno.test({
  name: "the end of the time stops the whole group, and keeps what was written",
  ignore,
  async fn() {
    const command = `echo begun; sh -c 'trap "" TERM; sleep 66.6' & wait`;
    const result = await executeCommand(command, {}, { timeout: 0.3 });
    assertEquals(
      { ...result, resolvedCommand: "" },
      {
        success: false,
        exitCode: -1,
        stdout: "begun\n",
        stderr: "Command timed out after 0.3 seconds",
        resolvedCommand: "",
        timedOut: true,
      },
    );
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "stat,args"] }).output();
    const left = new TextDecoder().decode(stdout).split("\n")
      .filter((line) => line.includes("sleep 66.6") && !line.startsWith("Z"));
    assertEquals(left, []);
  },
});

Deno.test({
  name: "the status is the command's, a signal is a negative one",
  ignore,
  async fn() {
    assertEquals((await executeCommand("exit 7", {})).exitCode, 7);
    assertEquals((await executeCommand("kill -9 $$", {})).exitCode, -9);
  },
});

Deno.test({
  name: "output is cut at ten megabytes, and what is no UTF-8 is replaced",
  ignore,
  async fn() {
    const { stdout } = await executeCommand("head -c 50000000 /dev/zero | tr '\\0' x", {});
    assert(stdout.length < 10_000_100);
    assertStringIncludes(stdout.slice(-60), "\n[output cut: more than 10 MB]\n");
    assertEquals((await executeCommand("printf '\\377'", {})).stdout, "\uFFFD");
  },
});

Deno.test("nothing is started where the working directory does not exist", async () => {
  const error = await assertRejects(
    () => executeCommand("echo no", { workingDirectory: "/nowhere/at/all" }),
    InvalidArgumentError,
  );
  assertEquals(error.message, "Working directory does not exist: /nowhere/at/all");
});

Deno.test({
  name: "a node that is too long for a variable is in a file",
  ignore,
  async fn() {
    const nodeConfig = { name: "big", extra: { text: "x".repeat(1_000_000) } };
    const command =
      'printf "%s " "$NODE_CONFIG"; wc -c < "$NODE_CONFIG_FILE"; echo "$NODE_CONFIG_FILE"';
    const { stdout } = await executeCommand(command, { nodeConfig });
    const [sizes, file] = stdout.split("\n");
    assertEquals(sizes!.split(/\s+/).filter(Boolean), [
      "{}",
      String(JSON.stringify(nodeConfig).length),
    ]);
    await assertRejects(() => Deno.stat(file!), Deno.errors.NotFound);
  },
});

Deno.test({
  name: "a clean environment holds the variables and what every program needs",
  ignore,
  async fn() {
    Deno.env.set("NETRUN_TEST_SECRET", "s");
    try {
      const command = 'echo "[$NETRUN_TEST_SECRET][$NODE_NAME][${PATH:+path}]"';
      const all = await executeCommand(command, { nodeName: "n" });
      const clean = await executeCommand(command, { nodeName: "n" }, { cleanEnv: true });
      assertEquals([all.stdout, clean.stdout], ["[s][n][path]\n", "[][n][path]\n"]);
    } finally {
      Deno.env.delete("NETRUN_TEST_SECRET");
    }
  },
});

Deno.test({
  name: "a command may be a reference to a variable of the node",
  ignore,
  async fn() {
    const action = { id: "a", command: { $var: "CMD" } };
    const { stdout, resolvedCommand } = await executeAction(action, {
      env: { CMD: "echo $NODE_NAME" },
    });
    assertEquals([stdout, resolvedCommand], ["\n", "echo "]);
  },
});

Deno.test({
  name: "an abort stops the command and is thrown",
  ignore,
  async fn() {
    const abort = new AbortController();
    const running = executeCommand("sleep 55.5", {}, { signal: abort.signal });
    abort.abort(new Error("enough"));
    await assertRejects(() => running, Error, "enough");
  },
});
