/**
 * Compiles the program for this platform: `deno task compile [OUTPUT]`, `dist/netrun` by default.
 *
 * `DENORT_BIN` may name the runtime to put into it; then this Deno must be of a version that fits.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../deno.json" with { type: "json" };

const ROOT = fileURLToPath(new URL("../", import.meta.url));

/** What a pool's worker runs: it is named by its URL. */
const WORKER_MODULES = ["./runtime/pools/worker_entry.ts", "./runtime/net/node_worker.ts"];

/** Modules that no import of the program reaches, but code of its users: all that is exported. */
function includedModules(): string[] {
  const exported = Object.values(config.exports).filter((module) => module !== "./cli/main.ts");
  return [...exported, ...WORKER_MODULES];
}

if (import.meta.main) {
  const output = Deno.args[0] ?? "dist/netrun";
  const { code } = await new Deno.Command(Deno.execPath(), {
    args: [
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
    ],
    cwd: ROOT,
  }).spawn().status;
  Deno.exit(code);
}
