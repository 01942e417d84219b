/**
 * How this program is called, for calling it again.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { version } from "./version.ts";

/** The command that starts the program, without arguments of its own. */
export function programCommand(): readonly [program: string, ...args: string[]] {
  if (Deno.build.standalone) return [Deno.execPath()];
  return [Deno.execPath(), "run", "-A", new URL("./main.ts", import.meta.url).href];
}

/** The command as people write it into a task. */
export function programText(): string {
  if (Deno.build.standalone) return "netrun";
  const url = new URL("./main.ts", import.meta.url);
  if (url.protocol === "file:") return `deno run -A ${JSON.stringify(fileURLToPath(url))}`;
  return `deno run -A jsr:@netrun/netrun@^${version}/cli`;
}
