import { assertEquals, assertStringIncludes } from "@std/assert";
import { folderWith, studioFor } from "./_studio.ts";

Deno.test("a new function stands at the end of its module, as a node that can be used", async () => {
  await using folder = await folderWith({
    "steps.ts": "export const one = 1;\n",
    "n.netrun.json": { graph: { nodes: [], edges: [] } },
  });
  await using studio = await studioFor(folder);
  const made = await studio.post("/functions/new", { module: "steps.ts", name: "tidyUp" });
  assertEquals(made.data, { ref: "./steps.ts::tidyUp", path: "steps.ts" });
  const text = Deno.readTextFileSync(folder.path("steps.ts"));
  assertStringIncludes(text, "export const one = 1;\n\n/**");
  const second = await studio.post("/functions/new", { module: "lib/more", name: "second" });
  assertEquals(second.data.ref, "./lib/more.ts::second");
  const { data } = await studio.post("/functions", {});
  const found = data.functions.map(({ ref }: { ref: string }) => ref);
  assertEquals(found, ["./steps.ts::tidyUp", "./lib/more.ts::second"]);
  assertEquals(data.functions[0].in_ports, { input: null });
});

Deno.test("nothing is written for a wrong name, a name that is taken, or a place elsewhere", async () => {
  const before = 'import { other } from "./x.ts";\nexport async function busy() {}\n';
  await using folder = await folderWith({ "steps.ts": before });
  await using studio = await studioFor(folder);
  const refused = async (module: string, name: string) =>
    (await studio.post("/functions/new", { module, name })).data.error?.code;
  assertEquals(await refused("steps.ts", "busy"), "conflict");
  assertEquals(await refused("steps.ts", "other"), "conflict");
  assertEquals(await refused("steps.ts", "class"), "bad_request");
  assertEquals(await refused("steps.ts", "a b(){}"), "bad_request");
  assertEquals(await refused("steps.txt", "fine"), "bad_request");
  assertEquals(await refused("../steps.ts", "fine"), "outside_root");
  assertEquals(Deno.readTextFileSync(folder.path("steps.ts")), before);
});

Deno.test("code is written in trusted folders only, and not where the studio may only read", async () => {
  await using folder = await folderWith({});
  for (
    const [options, code] of [[{ trusted: false }, "untrusted"], [
      { readOnly: true },
      "forbidden",
    ]] as const
  ) {
    await using studio = await studioFor(folder, options);
    const { data } = await studio.post("/functions/new", { module: "steps.ts", name: "tidy" });
    assertEquals(data.error.code, code);
  }
});

Deno.test("what a factory takes comes with a schema, also where only its source tells", async () => {
  await using folder = await folderWith({
    "fan.ts":
      `export function getNodeConfig(_net: unknown, args: { width: number; mode?: "a" | "b" }) {
  return { name: "fan", out_ports: { out: {} }, width: args.width };
}
export function getNodeFuncs() { return {}; }
`,
  });
  await using studio = await studioFor(folder);
  const broadcast = await studio.post("/factories/describe", { ref: "netrun:broadcast" });
  assertEquals(broadcast.data.schema.properties.copy_mode.enum, ["none", "shallow", "deep"]);
  const fan = await studio.post("/factories/describe", { ref: "./fan.ts" });
  assertEquals(fan.data.schema, {
    type: "object",
    properties: { width: { type: "number" }, mode: { enum: ["a", "b"] } },
    required: ["width"],
  });
});
