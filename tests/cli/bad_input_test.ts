/** Calls that cannot work: each says what was wrong, where, and what to do, without a stack. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, callProgram } from "./_program.ts";
import { functionNode, project } from "./_project.ts";

const files = {
  "net.netrun.json": { graph: { nodes: [functionNode("greet"), functionNode("names")] } },
  "nodes.ts": "export function greet(name: string): string { return `Hello, ${name}!`; }\n" +
    "export function names(): string { return 'Ada'; }\n",
  "table": "a,b\n",
  "run.jsonl": "",
};

const refused: readonly (readonly [code: number, says: string, ...args: string[]])[] = [
  [1, "--input greet: name a port of the node too: greet.name", "run", "--input", "greet=1"],
  [1, "--input names: name a port of the node too: it has none", "run", "--input", "names=1"],
  [1, ": it is a folder", "run", "--input-file", "greet.name=."],
  [1, "its extension must be one of .jsonl", "run", "--input-file", "greet.name=table"],
  [1, "--target grete: no such node; did you mean greet?", "run", "--target", "grete"],
  [1, "--refresh grete: no such node; did you mean greet?", "run", "--refresh", "grete"],
  [2, "--max-epochs is a number of 1 or more, got 0", "run", "--max-epochs", "0"],
  [1, "Cannot write", "run", "--log", "table/run.jsonl"],
  [1, "Cannot write", "run", "--log", "table/run.db"],
  [1, "Cannot write", "run", "--output", "greet::out=table/x"],
  [1, "Cannot write", "init", "table/x"],
  [1, "it is no file", "logs", "."],
  [1, "No recipe x: the net has none", "recipes", "run", "x"],
  [1, "Standard input is empty", "add-node", "x", "--json"],
];

for (const [code, says, ...args] of refused) {
  Deno.test(`netrun ${args.join(" ")} says: ${says}`, async () => {
    await using folder = await project(files);
    const outcome = await callMain(args, { cwd: folder.path });
    assertEquals([outcome.code, outcome.stdout], [code, ""], outcome.stderr);
    const lines = outcome.stderr.trim().split("\n");
    assertEquals(lines.length, 1, outcome.stderr);
    assertStringIncludes(lines[0]!, says);
  });
}

Deno.test({
  name: "a full disk ends a run at once, and is named",
  ignore: Deno.build.os !== "linux",
  async fn() {
    await using folder = await project({
      ...files,
      "names.jsonl": '"Ada"\n'.repeat(20_000),
    });
    const run = ["run", "--progress", "none", "--input-file", "greet.name=names.jsonl"];
    const { code, stderr, stdout } = await callProgram(
      [...run, "--output", "greet::out=/dev/full"],
      { cwd: folder.path },
    );
    assertEquals([code, stdout], [1, ""]);
    assertStringIncludes(stderr, "Error: Cannot write /dev/full: ");
    assertEquals(stderr.trim().split("\n").length, 1, stderr);
  },
});
