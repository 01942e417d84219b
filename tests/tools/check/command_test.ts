import { assertEquals, assertStringIncludes } from "@std/assert";
import { runCommand, runDeno } from "../../../tools/check/command.ts";

Deno.test("a command's success and all that it says come back", async () => {
  const script = `console.log("out"); console.error("err"); Deno.exit(Number(Deno.args[0]));`;
  assertEquals(await runDeno(["eval", script, "0"]), { success: true, output: "err\nout\n" });
  assertEquals(await runDeno(["eval", script, "3"]), { success: false, output: "err\nout\n" });
});

Deno.test({
  name: "a command that does not end is stopped with all that it started",
  ignore: Deno.build.os === "windows",
  fn: async () => {
    // The shell would end by itself; what it started in the background keeps the output open.
    const { success, output } = await runCommand("sh", ["-c", "echo begun; sleep 1000 & wait"], {
      limitMs: 300,
    });
    assertEquals(success, false);
    assertEquals(output, "begun\n\nstopped after 0.3 s");
  },
});

Deno.test("it runs in the folder and with the variables that it is given", async () => {
  const cwd = await Deno.realPath(await Deno.makeTempDir());
  try {
    const script = `console.log(Deno.cwd(), Deno.env.get("GIVEN"))`;
    const { output } = await runDeno(["eval", script], { cwd, env: { GIVEN: "this" } });
    assertStringIncludes(output, `${cwd} this`);
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
});
