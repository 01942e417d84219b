import { assertEquals } from "@std/assert";
import { join } from "node:path";
import { layOutOfflineRegistry } from "../../tools/offline_registry.ts";

/** Asks in a process of its own, whose registry is the folder of stand-ins. */
async function ask(...specifiers: string[]): Promise<string> {
  const folder = await Deno.makeTempDir({ prefix: "netrun-jsr-answers-" });
  const module = new URL("../../tools/jsr_answers.ts", import.meta.url).href;
  try {
    const { stdout } = await new Deno.Command(Deno.execPath(), {
      args: [
        "eval",
        `import { jsrAnswers } from "${module}";
         console.log(await jsrAnswers(${JSON.stringify(specifiers)}));`,
      ],
      cwd: folder,
      env: { JSR_URL: await layOutOfflineRegistry(), TMPDIR: folder, TEMP: folder, NO_COLOR: "1" },
    }).output();
    const answer = JSON.parse(await Deno.readTextFile(join(folder, "netrun-jsr-answer.json")));
    return `${new TextDecoder().decode(stdout).trim()}, remembered ${answer.answers}`;
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

Deno.test("a registry that has all packages answers", async () => {
  assertEquals(await ask("jsr:@std/ulid@^1", "jsr:@std/toml@^1"), "true, remembered true");
});

Deno.test("a registry that lacks one of the packages does not", async () => {
  assertEquals(await ask("jsr:@std/ulid@^1", "jsr:@std/none@^1"), "false, remembered false");
});
