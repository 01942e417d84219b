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

/** Modules that no import of the program reaches, but code of its users: all that is exported. */
function includedModules(): string[] {
  return Object.values(config.exports).filter((module) => module !== "./cli/main.ts");
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
      ...includedModules().flatMap((module) => ["--include", module]),
      "--output",
      output,
      "./cli/main.ts",
    ],
    cwd: ROOT,
  }).spawn().status;
  Deno.exit(code);
}
