import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { callMain, callProgram } from "./_program.ts";
import { project } from "./_project.ts";

const walks: [template: string, run: string[], outputs: unknown][] = [
  ["minimal", [], { "greet::out": ["Hello, Ada!", "Hello, Grace!"] }],
  ["pipeline", [], undefined],
  ["workers", [], undefined],
  ["package", ["--input", 'count.text="one two"'], { "count::count": [2] }],
];

for (const [template, run, outputs] of walks) {
  Deno.test(`what the template ${template} writes is valid, runs and passes its tests`, async () => {
    await using folder = await project({});
    const inside = { cwd: `${folder.path}/new` };
    const init = await callMain(["init", "new", "--template", template], { cwd: folder.path });
    assertEquals(init.code, 0, init.stderr);
    for (const file of init.stdout.trim().split("\n")) await folder.read(file);
    const strict = await callProgram(["validate", "--strict"], inside);
    assertEquals(strict.code, 0, strict.stdout);
    const result = await callProgram(["run", ...run, "--strict"], inside);
    assertEquals(result.code, 0, result.stderr);
    if (outputs !== undefined) assertEquals(JSON.parse(result.stdout).outputs, outputs);
    const flow = await callProgram(["test"], inside);
    assertEquals(flow.code, 0, flow.stdout);
    assertStringIncludes(flow.stdout, "1 passed, 0 failed");
  });
}

Deno.test("the functions of the templates pass their own tests, types included", async () => {
  await using folder = await project({});
  for (const template of ["minimal", "pipeline", "workers"]) {
    await callMain(["init", template, "-t", template], { cwd: folder.path });
  }
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["test", "-A", "minimal", "pipeline", "workers"],
    cwd: folder.path,
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stdout) + new TextDecoder().decode(stderr));
});

Deno.test("what init writes is formatted", async () => {
  await using folder = await project({});
  for (const [template] of walks) {
    await callMain(["init", template, "-t", template], { cwd: folder.path });
  }
  const { code, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--check", folder.path],
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
});

Deno.test("nothing is replaced without --force, and then nothing is written at all", async () => {
  await using folder = await project({ "nodes.ts": "mine" });
  const { code, stdout, stderr } = await callMain(["init"], { cwd: folder.path });
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "nodes.ts");
  assertEquals([...Deno.readDirSync(folder.path)].map(({ name }) => name), ["nodes.ts"]);
  await callMain(["init", "--force"], { cwd: folder.path });
  assert((await folder.read("nodes.ts")).includes("greet"));
});

Deno.test("the guides are copied, and what exists is kept", async () => {
  await using folder = await project({ "guides/cli.md": "mine" });
  const { code, stdout } = await callMain(["download-agents", "guides"], { cwd: folder.path });
  assertEquals(code, 0);
  assertStringIncludes(stdout, "Kept cli.md\n");
  assertStringIncludes(stdout, "file(s) to guides\n");
  assertEquals(await folder.read("guides/cli.md"), "mine");
  assertStringIncludes(await folder.read("guides/architecture.md"), "#");
});
