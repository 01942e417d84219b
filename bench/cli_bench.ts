/**
 * How long the program takes to start, on a warm cache: `deno bench -A bench/cli_bench.ts`.
 *
 * @module
 */
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
const net = fileURLToPath(
  new URL("../examples/weather/weather.netrun.toml", import.meta.url),
);

/** Calls the program as a process of its own. */
async function start(...args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", program, ...args],
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

Deno.bench("netrun --version", () => start("--version"));
Deno.bench("netrun --help", () => start("--help"));
Deno.bench("netrun validate", () => start("validate", net));
Deno.bench("netrun structure", () => start("structure", "-c", net));
