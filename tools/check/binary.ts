/**
 * Compiles the program and tries it, where a runtime for compiled programs can be had.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { tryStudio } from "./binary_studio.ts";
import { type CommandResult, runCommand } from "./command.ts";
import type { StepResult } from "./tally.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** Something that the compiled program is to do. */
interface Trial {
  /** Written before it starts. */
  readonly files?: Readonly<Record<string, string>>;
  readonly args: readonly string[];
  /** What it must say. */
  readonly says: RegExp;
  /** Whether it must fail. */
  readonly fails?: true;
}

/** A net of one node, `double`, whose function is the export of that name. */
function netOf(module: string): string {
  return `
[[graph.nodes]]
name = "double"
factory = "netrun.node_factories.function"
factory_args = { func = "./${module}::double" }
`;
}

function runOf(module: string): string[] {
  return ["run", `${module}.netrun.toml`, "--input", "double.x=21"];
}

/** What modules can import there: what this package exports, and what it is made of. */
const EMBEDDED = [
  ...Object.keys(config.exports).map((name) => `@netrun/netrun${name.slice(1)}`),
  `jsr:@netrun/netrun@^${config.version}/node`,
  "zod",
  "npm:zod@^4",
  "csv-parse/sync",
  "csv-stringify/sync",
  "node:path",
];

const TRIALS: readonly Trial[] = [
  { args: ["--version"], says: new RegExp(`^netrun ${config.version}$`, "m") },
  {
    files: {
      "nodes.js.netrun.toml": netOf("nodes.js"),
      "nodes.js": "export function double(x) { return x * 2; }",
    },
    args: ["validate", "nodes.js.netrun.toml"],
    says: /"valid": true/,
  },
  { args: runOf("nodes.js"), says: /\b42\b/ },
  {
    args: ["ui", "export-html", "nodes.js.netrun.toml", "-o", "page.html", "--simulate"],
    says: /Wrote .*page\.html/,
  },
  {
    files: {
      "nodes.ts.netrun.toml": netOf("nodes.ts"),
      "nodes.ts": `
import { node } from "@netrun/netrun/node";
import * as z from "zod";
import { type Amount, times } from "./lib/times.ts";

const schema = z.number();
export const double = node({ in: { x: schema }, out: schema }, ({ x }): Amount => times(x));
`,
      "lib/times.ts":
        "export type Amount = number; export const times = (x: Amount): Amount => x * 2;",
    },
    args: runOf("nodes.ts"),
    says: /\b42\b/,
  },
  {
    files: {
      "lib/times.ts": "export type Amount = number; export const times = (x: any) => x * 3;",
    },
    args: runOf("nodes.ts"),
    says: /\b63\b/,
  },
  {
    files: { "lib/times.ts": "export type Amount = 1;\nexport const times = (x: any) => x.y.z;" },
    args: runOf("nodes.ts"),
    says: /reading 'z'/,
    fails: true,
  },
  {
    files: { "lib/times.ts": "\nexport enum Amount { One }\nexport const times = (x: any) => x;" },
    args: runOf("nodes.ts"),
    says: /lib\/times\.ts:2:8: an enum .*run the net with Deno/,
    fails: true,
  },
  {
    files: { "lib/times.ts": "import 'npm:left-pad@1.3.0';\nexport const times = (x: any) => x;" },
    args: runOf("nodes.ts"),
    says: /lib\/times\.ts:1:8: .*left-pad.*deno run -A jsr:@netrun\/netrun\/cli/,
    fails: true,
  },
  {
    files: {
      "package.netrun.toml": netOf("x").replace("./x", "npm:left-pad@1.3.0"),
    },
    args: ["run", "package.netrun.toml"],
    says: /left-pad.*deno run -A jsr:@netrun\/netrun\/cli/,
    fails: true,
  },
  {
    files: {
      "embedded.ts.netrun.toml": netOf("embedded.ts"),
      "embedded.ts": EMBEDDED.map((name, i) => `import * as m${i} from "${name}";`).join("\n") +
        `\nconst all: object[] = [${EMBEDDED.map((_, i) => `m${i}`)}];\n` +
        "export const double = (x: number): string => `${all.length} modules`;",
    },
    args: runOf("embedded.ts"),
    says: new RegExp(`"${EMBEDDED.length} modules"`),
  },
  {
    files: {
      "recipe.netrun.toml": '[recipes.rename]\npath = "./rename.ts"\n[graph]\nnodes = []\n',
      "rename.ts": "export const run = (net: Record<string, unknown>): object => " +
        "({ ...net, extra: { by: 'recipe' } });",
    },
    args: ["recipes", "run", "rename", "-c", "recipe.netrun.toml"],
    says: /by.*recipe/,
  },
  {
    args: [
      "run",
      join(ROOT, "examples/factories/functions.netrun.toml"),
      "--input",
      'words.text="a compiled program"',
    ],
    says: /COMPILED/i,
  },
  {
    files: {
      "thread.netrun.toml": netOf("nodes.ts") +
        'execution_config = { pools = ["worker"] }\n[pools.worker]\nspec = { type = "thread" }\n',
      "lib/times.ts":
        "export type Amount = number; export const times = (x: Amount): Amount => x * 2;",
    },
    args: ["run", "thread.netrun.toml", "--input", "double.x=21"],
    says: /\b42\b/,
  },
  ...["thread", "multiprocess"].map((type): Trial => ({
    files: {
      [`${type}.netrun.toml`]: netOf("trespass.ts") +
        'execution_config = { pools = ["cage"] }\n[pools.cage]\n' +
        `spec = { type = "${type}", permissions = { net = ["example.com"] } }\n`,
      "trespass.ts": "export const double = (x: string): string => Deno.readTextFileSync(x);",
    },
    args: ["run", `${type}.netrun.toml`, "--input", 'double.x="/etc/passwd"'],
    says: /permissions: \{ read: \["\/etc\/passwd"\] \}/,
    fails: true,
  })),
];

/** Compiles `netrun` into a temporary folder, and has it check and run a net. */
export async function checkBinary(): Promise<StepResult> {
  const folder = await Deno.makeTempDir({ prefix: "netrun-binary-" });
  try {
    const binary = join(folder, "netrun");
    const compiled = await compile(binary);
    if (compiled === undefined) {
      return {
        kind: "skipped",
        reason: "no runtime to compile with: set DENORT_BIN, and DENO_COMPILE to a Deno that fits",
      };
    }
    let { success, output } = compiled;
    for (const trial of TRIALS) {
      if (!success) break;
      const { args, says, fails = false } = trial;
      const result = await attempt(binary, trial, folder);
      success = result.success !== fails && says.test(result.output);
      output += `$ netrun ${args.join(" ")}\n${result.output}\n`;
    }
    if (success) {
      const walk = await walkThrough(binary);
      success = walk.success;
      output += `$ deno test ${programTests.join(" ")}\n${walk.output}\n`;
    }
    if (success) {
      const studio = await tryStudio(binary, folder);
      success = studio.success;
      output += `$ netrun ui\n${studio.output}\n`;
    }
    return { kind: "done", success, output };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/** Tests that run the program. */
const programTests = ["tests/cli/walk_test.ts", "tests/cli/serve_pool_test.ts"];

/** What a newcomer does with the program, and a server of pools, done with the compiled one. */
async function walkThrough(binary: string): Promise<CommandResult> {
  const args = [
    "test",
    "-A",
    "--no-check",
    "--filter",
    "/the program|serve-pool/",
    ...programTests,
  ];
  const env = { NETRUN_BINARY: binary };
  return await runCommand(Deno.execPath(), args, { cwd: ROOT, env, limitMs: 120_000 });
}

async function attempt(binary: string, trial: Trial, folder: string): Promise<CommandResult> {
  for (const [name, text] of Object.entries(trial.files ?? {})) {
    await Deno.mkdir(dirname(join(folder, name)), { recursive: true });
    await Deno.writeTextFile(join(folder, name), text);
  }
  // A cache of its own: what other programs left there is none of the program's doing.
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  return await runCommand(binary, [...trial.args], { cwd: folder, env, limitMs: 60_000 });
}

/**
 * Compiles with the runtime and the Deno that the environment names, else with those of a script
 * `denort/get` in a folder beside the repository, which prints the same names for a shell.
 */
async function compile(binary: string): Promise<CommandResult | undefined> {
  const args = ["run", "-A", "tools/compile.ts", binary];
  if (Deno.env.has("DENORT_BIN")) {
    return await runCommand(Deno.env.get("DENO_COMPILE") ?? Deno.execPath(), args, { cwd: ROOT });
  }
  const script = await findScript();
  if (script === undefined) return undefined;
  const command = 'eval "$("$0")" && DENORT_BIN="$DENORT_BIN" "$DENO_COMPILE" "$@"';
  return await runCommand("sh", ["-c", command, script, ...args], { cwd: ROOT });
}

/** Looks beside the repository and beside the one that it is a clone of. */
async function findScript(): Promise<string | undefined> {
  const origin = await runCommand("git", ["remote", "get-url", "origin"], { cwd: ROOT });
  for (const repository of [ROOT, ...(origin.success ? [origin.output.trim()] : [])]) {
    const beside = dirname(repository.replace(/\/$/, ""));
    for (const name of await namesIn(beside)) {
      const script = join(beside, name, "denort", "get");
      if (await Deno.stat(script).then((stat) => stat.isFile, () => false)) return script;
    }
  }
  return undefined;
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
  } catch {
    // The repository was cloned from another machine.
    return [];
  }
}
