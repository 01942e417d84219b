/**
 * Compiles the program for this platform: `deno task compile [OUTPUT]`, `dist/netrun` by default.
 *
 * `DENORT_BIN` may name the runtime to put into it; then this Deno must be of a version that fits.
 *
 * @module
 */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What workers run, of pools, of the studio, of `doctor`: it is named by its URL. */
const WORKER_MODULES = [
  "./runtime/pools/worker_entry.ts",
  "./runtime/net/node_worker.ts",
  "./cli/doctor/load_worker.ts",
  "./ui/server/child_worker.ts",
];

/** Modules that no import of the program names: all that is exported, workers, commands. */
function includedModules(): string[] {
  const exported = Object.values(config.exports).filter((module) => module !== "./cli/main.ts");
  const commands = [...Deno.readDirSync(join(ROOT, "cli/commands"))].map(({ name }) =>
    `./cli/commands/${name}`
  );
  return [...exported, ...WORKER_MODULES, "./cli/dispatch.ts", ...commands.sort()];
}

if (import.meta.main) {
  const output = Deno.args[0] ?? "dist/netrun";
  // The program holds the page of the studio as it is built now.
  await deno(["run", "-A", "./ui/build.ts"]);
  await deno([
    "compile",
    "--allow-all",
    // What is compiled was checked before, by the Deno that this project is written for.
    "--no-check",
    "--unstable-worker-options",
    ...[...includedModules(), "runtime/storage/vendors.ts", "docs"].flatMap((
      path,
    ) => ["--include", path]),
    "--output",
    output,
    "./cli/main.ts",
  ]);
}

/** Runs this Deno at the root of the repository; its failure is that of this program. */
async function deno(args: string[]): Promise<void> {
  const { code } = await new Deno.Command(Deno.execPath(), { args, cwd: ROOT }).spawn().status;
  if (code !== 0) Deno.exit(code);
}
