/**
 * Runs a command that needs `jsr:` packages, also where their registry cannot be reached:
 *
 *     deno run -A tools/with_jsr.ts [--from-caller] COMMAND [ARGUMENT…]
 *
 * Where the registry answers, or `JSR_URL` is set, the command runs as it is; else with `JSR_URL` at
 * the stand-ins of `tools/offline/`. `--from-caller` starts it in the folder in which `deno task` was
 * called instead of the repository's. Input, output, arguments and exit status are the command's own.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };
import { jsrAnswers } from "./jsr_answers.ts";
import { layOutOfflineRegistry } from "./offline_registry.ts";

const USAGE_STATUS = 2;
const NOT_STARTED_STATUS = 127;

/** The variables that the command gets beside those that are there. */
async function registryEnvironment(): Promise<Record<string, string>> {
  if (Deno.env.has("JSR_URL")) return {};
  const specifiers = Object.values(config.imports).filter((target) => target.startsWith("jsr:"));
  if (await jsrAnswers(specifiers)) return {};
  console.error("The JSR registry does not answer: stand-ins for @std are used (CONTRIBUTING.md).");
  return { JSR_URL: await layOutOfflineRegistry() };
}

/** Runs the command and returns its exit status. */
async function run(command: string, args: string[], cwd: string | undefined): Promise<number> {
  const env = await registryEnvironment();
  // A terminal sends SIGINT to the command too, which decides what becomes of it.
  Deno.addSignalListener("SIGINT", () => {});
  let child: Deno.ChildProcess;
  try {
    // `deno` may not be on the PATH: who called us by npx has none there.
    const program = command === "deno" ? Deno.execPath() : command;
    child = new Deno.Command(program, { args, env, ...(cwd ? { cwd } : {}) }).spawn();
  } catch (error) {
    console.error(`Cannot run \`${command}\`: ${(error as Error).message}`);
    return NOT_STARTED_STATUS;
  }
  if (Deno.build.os !== "windows") forwardSignals(child);
  return (await child.status).code;
}

function forwardSignals(child: Deno.ChildProcess): void {
  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    Deno.addSignalListener(signal, () => {
      try {
        child.kill(signal);
      } catch (error) {
        // It has ended already, and we are about to.
        if (!(error instanceof TypeError)) throw error;
      }
    });
  }
}

if (import.meta.main) {
  const fromCaller = Deno.args[0] === "--from-caller";
  const [command, ...args] = fromCaller ? Deno.args.slice(1) : Deno.args;
  if (command === undefined) {
    console.error("usage: deno run -A tools/with_jsr.ts [--from-caller] COMMAND [ARGUMENT…]");
    Deno.exit(USAGE_STATUS);
  }
  Deno.exit(await run(command, args, fromCaller ? Deno.env.get("INIT_CWD") : undefined));
}
