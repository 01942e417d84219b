import { assertEquals, assertStringIncludes } from "@std/assert";
import { CTRL_C, hasTerminal, openTerminal } from "./_terminal.ts";
import { callMain } from "./_program.ts";
import { project } from "./_project.ts";

const files = {
  "net.netrun.toml": `# kept
retries = 0

[recipes.set]
path = "./set.ts"

[recipes.spoil]
path = "./spoil.ts"

[graph]
nodes = []
`,
  "set.ts": `
export function getPrompts() {
  return [{ name: "count", label: "How many", type: "number", default: 3 }];
}
export function run(config, { count }) {
  console.log("setting", count);
  return { ...config, retries: count };
}`,
  "spoil.ts": "export const run = (config) => ({ ...config, retries: -1 });",
};

Deno.test("recipes run prints the changed config; what the recipe prints goes to standard error", async () => {
  await using folder = await project(files);
  const retries = async (args: string[], stdin = "") => {
    const { code, stdout, stderr } = await callMain(["recipes", "run", "set", ...args], {
      cwd: folder.path,
      stdin,
    });
    assertEquals(code, 0, stderr);
    assertStringIncludes(stderr, "setting");
    return JSON.parse(stdout).retries;
  };
  await folder.write("inputs.json", '{"count": 6}');
  assertEquals(await retries(["--defaults"]), 3);
  assertEquals(await retries(["-i", '{"count": 4}']), 4);
  assertEquals(await retries(["-i", "-"], '{"count": 5}'), 5);
  assertEquals(await retries(["-i", "@inputs.json"]), 6);
  assertEquals(await retries(["--input", "count=7"]), 7);
});

Deno.test("without inputs and terminal it lists what it needs", async () => {
  await using folder = await project(files);
  const { code, stdout, stderr } = await callMain(["recipes", "run", "set"], { cwd: folder.path });
  assertEquals([code, stdout], [1, ""]);
  assertStringIncludes(stderr, "count: How many (number, default 3)");
});

Deno.test("--write changes the file and keeps its comments, -o writes the format of its ending", async () => {
  await using folder = await project(files);
  const run = (...args: string[]) =>
    callMain(["recipes", "run", "set", "--defaults", ...args], { cwd: folder.path });
  await run("-o", "out.netrun.json");
  assertEquals(JSON.parse(await folder.read("out.netrun.json")).retries, 3);
  const diff = await run("--diff", "-c", "net.netrun.toml");
  assertEquals(diff.stdout, "");
  assertStringIncludes(diff.stderr, "-retries = 0\n+retries = 3");
  assertEquals(await folder.read("net.netrun.toml"), files["net.netrun.toml"]);
  await run("--write", "-c", "net.netrun.toml");
  assertEquals(
    await folder.read("net.netrun.toml"),
    files["net.netrun.toml"].replace("retries = 0", "retries = 3"),
  );
});

Deno.test("a result that is not valid is refused, unless --force", async () => {
  await using folder = await project(files);
  const refused = await callMain(["recipes", "run", "spoil", "--write"], { cwd: folder.path });
  assertEquals([refused.code, refused.stdout], [1, ""]);
  assertStringIncludes(refused.stderr, "not valid");
  assertEquals(await folder.read("net.netrun.toml"), files["net.netrun.toml"]);
  const forced = await callMain(["recipes", "run", "spoil", "--force"], { cwd: folder.path });
  assertEquals([forced.code, JSON.parse(forced.stdout).retries], [0, -1]);
});

Deno.test({
  name: "on a terminal it asks, again until the answer fits",
  ignore: !hasTerminal,
  async fn() {
    await using folder = await project(files);
    await using terminal = openTerminal("netrun recipes run set --compact", folder.path);
    await terminal.shows("How many (3): ");
    await terminal.type("many\n");
    await terminal.shows("that is none of");
    await terminal.type("9\n");
    const { code, shown } = await terminal.end();
    assertEquals(code, 0);
    assertStringIncludes(shown, '"retries":9');
    await using interrupted = openTerminal("netrun recipes run set", folder.path);
    await interrupted.shows("How many");
    await interrupted.type(CTRL_C);
    assertEquals((await interrupted.end()).code, 130);
  },
});
