import { assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import config from "../../../deno.json" with { type: "json" };

const checkout = new URL("../../../", import.meta.url);
const kinds = ["main", "thread", "multiprocess"];

/** A project elsewhere, with names of its own for its modules, and a net for every kind of pool. */
async function makeProject(imports: Record<string, string>): Promise<string> {
  const folder = await Deno.makeTempDir();
  const write = (name: string, text: string) => Deno.writeTextFile(`${folder}/${name}`, text);
  await Deno.mkdir(`${folder}/lib`);
  await write("deno.json", JSON.stringify({ imports, lock: false }));
  await write("lib/times.ts", "export const times = (n: number): number => n * 10;");
  await write("nodes.ts", 'export { times } from "lib/times.ts";');
  const net = (type: string, func: string) => ({
    pools: { p: { spec: { type } } },
    graph: {
      nodes: [{
        name: "n",
        factory: "netrun:function",
        factory_args: { func },
        execution_config: { pools: ["p"] },
      }],
    },
  });
  for (const kind of kinds) {
    await write(`${kind}.netrun.json`, JSON.stringify(net(kind, "./nodes.ts::times")));
    await write(`named_${kind}.netrun.json`, JSON.stringify(net(kind, "lib/times.ts::times")));
  }
  return folder;
}

async function deno(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", "--no-check", ...args],
    cwd,
    stdout: "piped",
    stderr: "piped",
  }).output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return new TextDecoder().decode(stdout);
}

/** What the package is made of, as a project names it that has no registry. */
function packageImports(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config.imports).map(([name, target]) => [
      name,
      target.startsWith("./") ? new URL(target, checkout).href : target,
    ]),
  );
}

const cli = fileURLToPath(new URL("cli/main.ts", checkout));
const run = ["--input", "n.n=4", "--compact", "--progress", "none"];

Deno.test("references follow the import map of their project, in every kind of pool", async () => {
  const project = await makeProject({ "lib/": "./lib/" });
  for (const kind of kinds) {
    const output = await deno(project, cli, "run", `named_${kind}.netrun.json`, ...run);
    assertEquals(JSON.parse(output).outputs, { "n::out": [40] }, kind);
  }
  await Deno.remove(project, { recursive: true });
});

Deno.test("modules import by the names of the configuration that the program runs with, in every kind of pool", async () => {
  const project = await makeProject({ ...packageImports(), "lib/": "./lib/" });
  // A program that names its configuration,
  for (const kind of kinds) {
    const output = await deno(
      project,
      "--config",
      "deno.json",
      cli,
      "run",
      `${kind}.netrun.json`,
      ...run,
    );
    assertEquals(JSON.parse(output).outputs, { "n::out": [40] }, kind);
  }
  // and one that lies beside it, started from elsewhere.
  const program = `${project}/main.ts`;
  await Deno.writeTextFile(
    program,
    `import { Net, NetConfig } from "@netrun/netrun";
    const outputs: unknown[] = [];
    for (const kind of ${JSON.stringify(kinds)}) {
      const config = await NetConfig.fromFile(\`\${import.meta.dirname}/\${kind}.netrun.json\`);
      await using net = await Net.open(config);
      net.injectData("n", "n", [4]);
      await net.runUntilBlocked();
      outputs.push(...net.flushOutputQueue("n::out"));
    }
    console.log(JSON.stringify(outputs));`,
  );
  assertEquals(JSON.parse(await deno("/", program)), [40, 40, 40]);
  await Deno.remove(project, { recursive: true });
});
