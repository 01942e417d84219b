import { assertEquals } from "@std/assert";

const ROOT = new URL("../../../", import.meta.url);

/** Runs a program that imports the configuration, with just the permissions given. */
async function run(program: string, permissions: string[]): Promise<string[]> {
  const child = new Deno.Command(Deno.execPath(), {
    args: ["run", "--no-prompt", "--no-check", `--config=${new URL("deno.json", ROOT).pathname}`]
      .concat(permissions, "-"),
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
    env: { NETRUN_TEST_VALUE: "3" },
  }).spawn();
  const writer = child.stdin.getWriter();
  const head = `import { NetConfig } from "${new URL("runtime/config/net_config.ts", ROOT)}";\n`;
  await writer.write(new TextEncoder().encode(head + program));
  await writer.close();
  const { stdout, stderr } = await child.output();
  const errors = new TextDecoder().decode(stderr).trim();
  return new TextDecoder().decode(stdout).trim().split("\n").concat(errors || []);
}

const NET = '{"retries": {"$env": "NETRUN_TEST_VALUE"}, "graph": {"nodes": [{"name": "n"}]}}';

Deno.test("loading and resolving need to read the file and the variables it names, nothing else", async () => {
  const folder = await Deno.realPath(await Deno.makeTempDir());
  const file = `${folder}/net.json`;
  await Deno.writeTextFile(file, NET);
  const load = `const path = ${JSON.stringify(file)};
    const codeOf = async (run) => await run().then((value) => value, (error) => error.code);
    const config = await codeOf(() => NetConfig.fromFile(path));
    console.log(typeof config === "string" ? config : "loaded");
    if (typeof config !== "string") {
      console.log(await codeOf(async () => (await config.resolve()).data.retries));
      console.log(config.validate().length);
    }`;
  assertEquals(await run(load, []), ["denied"]);
  assertEquals(await run(load, [`--allow-read=${file}`]), ["loaded", "env_missing", "0"]);
  const named = ["--allow-env=NETRUN_TEST_VALUE", `--allow-read=${file}`];
  assertEquals(await run(load, named), ["loaded", "3", "0"]);
  await Deno.remove(folder, { recursive: true });
});
