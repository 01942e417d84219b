import { fileURLToPath } from "node:url";
import { assertEquals, assertStringIncludes } from "@std/assert";
import { CTRL_C, hasTerminal, openTerminal } from "./_terminal.ts";
import { program } from "./_program.ts";
import { functionNode, project } from "./_project.ts";

const files = {
  "net.netrun.json": { graph: { nodes: [functionNode("work")] } },
  "nodes.ts": `export async function work(x: number): Promise<number> {
    console.log("begun " + x);
    await new Promise((resolve) => setTimeout(resolve, x));
    return x;
  }`,
};
const ignore = !hasTerminal;

Deno.test({
  name: "Ctrl-C lets running epochs end, prints the result and ends with 130",
  ignore,
  async fn() {
    await using folder = await project(files);
    await using terminal = openTerminal("netrun run --input work.x=700", folder.path);
    await terminal.shows("begun 700");
    await terminal.type(CTRL_C);
    const { code, shown } = await terminal.end();
    assertEquals(code, 130);
    assertStringIncludes(shown, "waiting for 1 running epochs");
    assertStringIncludes(shown, '"status": "interrupted"');
    assertStringIncludes(shown, "700\r\n    ]");
  },
});

Deno.test({
  name:
    "Ctrl-C does not reach the subprocesses of pools, whose epochs end; a second one kills them",
  ignore,
  async fn() {
    const { graph } = files["net.netrun.json"];
    await using folder = await project({
      ...files,
      "net.netrun.json": {
        default_pools: ["processes"],
        pools: { processes: { spec: { type: "multiprocess", num_processes: 2 } } },
        graph,
      },
    });
    for (const [ms, isKilled] of [[900, false], [60_000, true]] as const) {
      await using terminal = openTerminal(`netrun run --input work.x=${ms}`, folder.path);
      await terminal.shows("begun");
      await terminal.type(CTRL_C);
      await terminal.shows("waiting for 1 running epochs");
      if (isKilled) await terminal.type(CTRL_C);
      const { code, shown } = await terminal.end();
      assertEquals(code, 130);
      assertStringIncludes(shown, '"status": "interrupted"');
      if (!isKilled) assertStringIncludes(shown, `${ms}\r\n    ]`);
    }
  },
});

Deno.test({
  name: "a second Ctrl-C ends the program at once, whatever runs",
  ignore,
  async fn() {
    await using folder = await project(files);
    await using terminal = openTerminal("netrun run --input work.x=60000", folder.path);
    await terminal.shows("begun 60000");
    await terminal.type(CTRL_C);
    await terminal.shows("again ends them");
    await terminal.type(CTRL_C);
    const { code, shown } = await terminal.end();
    assertEquals(code, 130);
    assertStringIncludes(shown, '"status": "interrupted"');
  },
});

Deno.test({
  name: "Ctrl-C reaches a run that was started by deno task",
  ignore,
  async fn() {
    await using folder = await project(files);
    const root = fileURLToPath(new URL("../../", import.meta.url));
    const command = `${Deno.execPath()} task netrun	run -c ${folder.path}/net.netrun.json`;
    await using terminal = openTerminal(`${command} --input work.x=700`, root);
    await terminal.shows("begun 700");
    await terminal.type(CTRL_C);
    const { code, shown } = await terminal.end();
    assertEquals(code, 130);
    assertStringIncludes(shown, '"status": "interrupted"');
  },
});

Deno.test({
  name: "Ctrl-C ends a run that waits for lines of standard input",
  ignore,
  async fn() {
    await using folder = await project(files);
    await using terminal = openTerminal("netrun run --input-file work.x=-", folder.path);
    await terminal.type("5\n");
    await terminal.shows("begun 5");
    await terminal.type(CTRL_C);
    const { code } = await terminal.end();
    assertEquals(code, 130);
  },
});

Deno.test({
  name: "Ctrl-C stops an action with all that it started",
  ignore,
  async fn() {
    const command = "echo begun $$ >&2; sleep 77.7 & wait";
    await using folder = await project({
      "net.netrun.json": {
        graph: { nodes: [], extra: { ui: { actions: [{ id: "a", label: "a", command }] } } },
      },
    });
    await using terminal = openTerminal("netrun actions run a -g --stream -t 0", folder.path);
    await terminal.shows("begun");
    await terminal.type(CTRL_C);
    const { code } = await terminal.end();
    assertEquals(code, 130);
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "stat,args"] }).output();
    const left = new TextDecoder().decode(stdout).split("\n")
      .filter((line) => line.includes("sleep 77.7") && !line.startsWith("Z"));
    assertEquals(left, []);
  },
});

Deno.test({
  name: "on a terminal each node has a line that is drawn again, and messages are coloured",
  ignore,
  async fn() {
    await using folder = await project(files);
    await using run = openTerminal("netrun run --input work.x=300", folder.path);
    const { code, shown } = await run.end();
    assertEquals(code, 0);
    assertStringIncludes(shown, "work  0 done, 1 running");
    assertStringIncludes(shown, "\x1b[1A\x1b[J");
    await using wrong = openTerminal("netrun run nothing.netrun.json", folder.path);
    assertStringIncludes((await wrong.end()).shown, "\x1b[31mError:\x1b[0m");
  },
});

Deno.test({
  name: "SIGTERM ends a run with 143, and an action with all that it started",
  ignore,
  async fn() {
    const actions = [{ id: "a", label: "a", command: "echo begun >&2; sleep 88.8 & wait" }];
    await using folder = await project({
      ...files,
      "net.netrun.json": {
        graph: { ...files["net.netrun.json"].graph, extra: { ui: { actions } } },
      },
    });
    for (
      const args of [["run", "--input", "work.x=500"], ["actions", "run", "a", "-g", "--stream"]]
    ) {
      const [command, ...before] = program;
      const child = new Deno.Command(command, {
        args: [...before, ...args],
        cwd: folder.path,
        stdout: "null",
        stderr: "piped",
      }).spawn();
      let said = "";
      for await (const text of child.stderr.pipeThrough(new TextDecoderStream())) {
        if (!said.includes("begun") && (said += text).includes("begun")) child.kill("SIGTERM");
      }
      assertEquals((await child.status).code, 143, args.join(" "));
    }
    const { stdout } = await new Deno.Command("ps", { args: ["-eo", "stat,args"] }).output();
    const left = new TextDecoder().decode(stdout).split("\n")
      .filter((line) => line.includes("sleep 88.8") && !line.startsWith("Z"));
    assertEquals(left, []);
  },
});
