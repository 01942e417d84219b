/**
 * Compiles the program and tries it, where a runtime for compiled programs can be had.
 *
 * @module
 */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { type CommandResult, runCommand } from "./command.ts";
import type { StepResult } from "./tally.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** A net that the program runs: plain JavaScript, which it loads as it is. */
const NET = {
  "double.netrun.toml": `
[[graph.nodes]]
name = "double"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.js::double" }
`,
  "nodes.js": "export function double(x) { return x * 2; }",
};

/** What is tried on the compiled program, and what it must say. */
const TRIALS: ReadonlyArray<{ args: string[]; says: RegExp }> = [
  { args: ["--version"], says: new RegExp(`^netrun ${config.version}$`, "m") },
  { args: ["validate", "double.netrun.toml"], says: /"valid": true/ },
  { args: ["run", "double.netrun.toml", "--input", "double.x=21"], says: /\b42\b/ },
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
    for (const [name, text] of Object.entries(NET)) {
      await Deno.writeTextFile(join(folder, name), text);
    }
    for (const { args, says } of TRIALS) {
      if (!success) break;
      const trial = await runCommand(binary, args, { cwd: folder });
      success = trial.success && says.test(trial.output);
      output += `$ netrun ${args.join(" ")}\n${trial.output}\n`;
    }
    return { kind: "done", success, output };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
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
