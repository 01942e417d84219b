import { assertEquals } from "@std/assert";
import { secretMask } from "../../../runtime/schema/secrets_in_text.ts";
import { userFrame } from "../../../runtime/tools/user_frame.ts";

Deno.test("values of the variables that a configuration names are masked, also as JSON writes them", () => {
  const data = {
    a: { $env: "KEY" },
    nested: new Map([["b", [{ $env: "QUOTED", default: "x" }, { $env: "SHORT" }]]]),
  };
  const env: Record<string, string> = { KEY: "hunter2", QUOTED: 'a"quote', SHORT: "no" };
  const mask = secretMask(data, (name) => env[name]);
  assertEquals(mask("hunter2 and hunter22"), "*** and ***2");
  assertEquals(mask(JSON.stringify(['a"quote', "no"])), '["***","no"]');
  assertEquals(secretMask({}, () => undefined)("hunter2"), "hunter2");
});

Deno.test("the place of a failure is the first frame that is the user's", () => {
  const own = new URL("../../../runtime/factories/function_exec.ts", import.meta.url).href;
  const stack = [
    "Error: at (file:///no.ts:1:1) least",
    `    at call (${own}:22:48)`,
    "    at parse (file:///p/node_modules/.deno/csv/index.js:3:9)",
    "    at async file:///p/lib/rows.ts:7:3",
    "    at load (file:///p/nodes.ts:42:11)",
  ].join("\n");
  assertEquals(userFrame(stack, "/p"), "lib/rows.ts:7:3");
  assertEquals(userFrame(stack, "/elsewhere"), "/p/lib/rows.ts:7:3");
  assertEquals(userFrame(`Error\n    at call (${own}:22:48)`, "/p"), undefined);
  assertEquals(userFrame(undefined, "/p"), undefined);
});
