/** What a newcomer does on the first day, one call after another. */
import { assertEquals, assertStringIncludes } from "@std/assert";
import { callProgram, program, programTask } from "./_program.ts";
import { project } from "./_project.ts";

for (const [name, command] of [["program", program], ["task", programTask]] as const) {
  Deno.test(`a newcomer begins, breaks, mends and converts a project: the ${name}`, () =>
    walk(command));
}

async function walk(command: readonly [string, ...string[]]): Promise<void> {
  await using folder = await project({});
  const cwd = `${folder.path}/hello`;
  const call = async (expected: number, ...args: string[]) => {
    const { code, stdout, stderr } = await callProgram(args, { cwd }, command);
    assertEquals(code, expected, `netrun ${args.join(" ")}\n${stdout}\n${stderr}`);
    return { stdout, stderr, json: () => JSON.parse(stdout) };
  };
  await callProgram(["init", "hello"], { cwd: folder.path }, command);
  assertEquals((await call(0, "validate")).json().nodes, 2);
  assertEquals((await call(0, "run")).json().outputs["greet::out"].length, 2);
  assertEquals((await call(0, "info")).json().edges, 1);
  assertStringIncludes((await call(0, "graph")).stdout, "└─ out ──▶ greet.name");

  const nodes = await folder.read("hello/nodes.ts");
  await folder.write(
    "hello/nodes.ts",
    `${nodes}\nexport function shout(text: string): string {\n  return text.toUpperCase();\n}\n`,
  );
  const refs = (await call(0, "functions")).json().map(({ ref }: { ref: string }) => ref);
  assertEquals(refs.includes("./nodes.ts::shout"), true);
  await call(0, "add-node", "shout", "--function", "./nodes.ts::shout");
  await call(0, "add-edge", "greet.out", "shout.text");
  await call(0, "validate", "--strict");
  const loud = (await call(0, "run")).json().outputs["shout::out"];
  assertEquals(loud, ["HELLO, ADA!", "HELLO, GRACE!"]);

  await folder.write(
    "hello/nodes.ts",
    (await folder.read("hello/nodes.ts"))
      .replace(
        "return text",
        'if (text.includes("Ada")) throw new Error("too loud");\n  return text',
      ),
  );
  const failed = (await call(3, "run")).json();
  assertEquals([failed.outputs["shout::out"], failed.errors[0].node], [["HELLO, GRACE!"], "shout"]);
  const [{ id }] = (await call(0, "dead-letters", "ls")).json();
  assertStringIncludes((await call(1, "exec", "--dead-letter", id)).stderr, "too loud (nodes.ts:");
  await folder.write(
    "hello/nodes.ts",
    (await folder.read("hello/nodes.ts")).replace(/ {2}if .*\n/, ""),
  );
  assertEquals((await call(0, "dead-letters", "retry")).json().outputs["shout::out"], [
    "HELLO, ADA!",
  ]);
  assertEquals((await call(0, "dead-letters", "ls")).json(), []);

  await call(0, "convert", "hello.netrun.toml", "-o", "hello.netrun.json");
  const toml = (await call(0, "structure", "-c", "hello.netrun.toml")).json();
  assertEquals((await call(0, "structure", "-c", "hello.netrun.json")).json(), toml);
  assertStringIncludes((await call(1, "run")).stderr, "hello.netrun.json, hello.netrun.toml");
}
