/** Running programs that would harm the process of the tests. */
import { fileURLToPath } from "node:url";

const config = fileURLToPath(new URL("../../../deno.json", import.meta.url));

/** What a program has said, and how it has ended. */
export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a module of this folder with these flags; what it is given is its first argument, as JSON. */
export async function run(
  module: string,
  given: unknown,
  { flags = ["-A"], env = {} }: { flags?: string[]; env?: Record<string, string> } = {},
): Promise<Ended> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "--no-prompt",
      "--no-check",
      "--config",
      config,
      ...flags,
      new URL(module, import.meta.url).href,
      JSON.stringify(given),
    ],
    env,
    stdout: "piped",
    stderr: "piped",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, stdout: text(stdout), stderr: text(stderr) };
}
