import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const WRAPPER = fileURLToPath(new URL("../../tools/with_jsr.ts", import.meta.url));
const SHOW_URL = `console.log(Deno.env.get("JSR_URL") ?? "none")`;

interface World {
  /** Folder for temporary files and Deno's cache, empty at first. */
  readonly folder: string;
  /** Options that run the wrapper on a command in this world. */
  wrapper(args: string[], env?: Record<string, string>): Deno.Command;
}

/** A world of its own in which no registry answers: the way out leads nowhere. */
async function withoutNetwork(test: (world: World) => Promise<void>): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "netrun-with-jsr-" }));
  const nowhere = "http://127.0.0.1:1";
  try {
    await test({
      folder,
      wrapper: (args, env) =>
        new Deno.Command(Deno.execPath(), {
          args: ["run", "-A", WRAPPER, ...args],
          clearEnv: true,
          env: {
            PATH: Deno.env.get("PATH") ?? "",
            NO_COLOR: "1",
            TMPDIR: folder,
            TEMP: folder,
            DENO_DIR: join(folder, "cache"),
            HTTPS_PROXY: nowhere,
            HTTP_PROXY: nowhere,
            ...env,
          },
          stdin: "piped",
          stdout: "piped",
          stderr: "piped",
        }),
    });
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function finish(
  command: Deno.Command,
  input = "",
): Promise<{ code: number; stdout: string; stderr: string }> {
  const child = command.spawn();
  const writer = child.stdin.getWriter();
  await writer.write(new TextEncoder().encode(input));
  await writer.close();
  const { code, stdout, stderr } = await child.output();
  const text = new TextDecoder();
  return { code, stdout: text.decode(stdout), stderr: text.decode(stderr) };
}

Deno.test("where the registry does not answer, one line says so and JSR_URL names the stand-ins", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const { code, stdout, stderr } = await finish(wrapper(["deno", "eval", SHOW_URL]));
    assertEquals(code, 0);
    assertMatch(stderr, /^The JSR registry does not answer.*\n$/);
    assertMatch(stdout, /^file:\/\/.*netrun-offline-[0-9a-f]{16}\/\n$/);
    const registry = new URL(stdout.trim());
    assert(fileURLToPath(registry).startsWith(folder));
    const meta = JSON.parse(await Deno.readTextFile(new URL("@std/toml/meta.json", registry)));
    assertEquals(Object.keys(meta.versions), ["1.0.0"]);
  });
});

Deno.test("the folder is laid out once, and mended when a file is gone", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const { stdout } = await finish(wrapper(["deno", "eval", SHOW_URL]));
    const module = new URL("@std/assert/1.0.0/mod.ts", stdout.trim());
    await Deno.remove(module);
    const second = await finish(wrapper(["deno", "eval", SHOW_URL]));
    assertEquals(second.stdout, stdout);
    assertStringIncludes(await Deno.readTextFile(module), "export function assertEquals");
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
    assertEquals(names.filter((name) => name.startsWith("netrun-offline-")).length, 1);
  });
});

Deno.test("ten at a time lay out one folder", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const runs = Array.from({ length: 10 }, () => finish(wrapper(["deno", "eval", SHOW_URL])));
    const urls = new Set((await Promise.all(runs)).map(({ stdout }) => stdout));
    assertEquals(urls.size, 1);
    const names = (await Array.fromAsync(Deno.readDir(folder))).map((entry) => entry.name);
    assertEquals(names.filter((name) => name.startsWith("netrun-offline-")).length, 1);
  });
});

Deno.test("a JSR_URL that is set stays, and nothing is said", async () => {
  await withoutNetwork(async ({ wrapper }) => {
    const env = { JSR_URL: "file:///elsewhere/" };
    const result = await finish(wrapper(["deno", "eval", SHOW_URL], env));
    assertEquals(result, { code: 0, stdout: "file:///elsewhere/\n", stderr: "" });
  });
});

Deno.test("an answer is believed for five minutes, a no as well as a yes", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const file = join(folder, "netrun-jsr-answer.json");
    const remember = (answers: boolean, ageMs: number) =>
      Deno.writeTextFile(file, JSON.stringify({ answers, atMs: Date.now() - ageMs }));
    const show = async () => (await finish(wrapper(["deno", "eval", SHOW_URL]))).stdout;

    await remember(true, 0);
    assertEquals(await show(), "none\n");
    await remember(true, 6 * 60_000);
    assertMatch(await show(), /^file:/);
    assertEquals(JSON.parse(await Deno.readTextFile(file)).answers, false);
    await Deno.writeTextFile(file, "not JSON");
    assertMatch(await show(), /^file:/);
  });
});

Deno.test("arguments, input and exit status pass through unchanged", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const program = join(folder, "program.js");
    await Deno.writeTextFile(
      program,
      `console.log(JSON.stringify(Deno.args));
       console.log(await new Response(Deno.stdin.readable).text());
       Deno.exit(43);`,
    );
    const args = ["--from-caller", "--", "a b", "", "--x=1", "*", "ü"];
    const { code, stdout } = await finish(wrapper(["deno", "run", program, ...args]), "from stdin");
    assertEquals(code, 43);
    assertEquals(stdout, `${JSON.stringify(args)}\nfrom stdin\n`);
  });
});

Deno.test("a command that is not there ends with 127 and its name", async () => {
  await withoutNetwork(async ({ wrapper }) => {
    const { code, stderr } = await finish(wrapper(["no-such-program"]));
    assertEquals(code, 127);
    assertStringIncludes(stderr, "Cannot run `no-such-program`");
  });
});

Deno.test("without a command it says how to call it, and ends with 2", async () => {
  await withoutNetwork(async ({ wrapper }) => {
    const { code, stderr } = await finish(wrapper([]));
    assertEquals(code, 2);
    assertStringIncludes(stderr, "usage:");
  });
});

Deno.test("--from-caller starts the command where `deno task` was called", async () => {
  await withoutNetwork(async ({ wrapper, folder }) => {
    const args = ["--from-caller", "deno", "eval", "console.log(Deno.cwd())"];
    const { stdout } = await finish(wrapper(args, { INIT_CWD: folder }));
    assertEquals(stdout, `${folder}\n`);
  });
});

/** Tells of the signals that it gets; ends with 9 on SIGTERM, with 8 on SIGHUP. */
const SIGNAL_SCRIPT = `
  Deno.addSignalListener("SIGINT", () => console.log("SIGINT"));
  Deno.addSignalListener("SIGTERM", () => { console.log("SIGTERM"); Deno.exit(9); });
  Deno.addSignalListener("SIGHUP", () => { console.log("SIGHUP"); Deno.exit(8); });
  console.log("ready");
  await new Response(Deno.stdin.readable).text();
`;

for (const [signal, status] of [["SIGTERM", 9], ["SIGHUP", 8]] as const) {
  Deno.test({
    name: `${signal} reaches the command, whose status the wrapper ends with`,
    ignore: Deno.build.os === "windows",
    fn: () =>
      withoutNetwork(async ({ wrapper }) => {
        await using child = wrapper(["deno", "eval", SIGNAL_SCRIPT], { JSR_URL: "file:///" })
          .spawn();
        const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
        assertEquals((await lines.read()).value, "ready\n");
        // The terminal sends this one to both: the wrapper stays, and does not send it again.
        child.kill("SIGINT");
        child.kill(signal);
        assertEquals((await lines.read()).value, `${signal}\n`);
        assertEquals((await lines.read()).done, true);
        assertEquals((await child.status).code, status);
        await child.stdin.close();
        await child.stderr.cancel();
      }),
  });
}
