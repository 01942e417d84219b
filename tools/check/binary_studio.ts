/**
 * Trying the studio of the compiled program: its page, and code of a project in its confined child.
 *
 * @module
 */
import { join } from "node:path";
import type { CommandResult } from "./command.ts";

/** A factory whose port says what the code could do beyond reading its folder. */
const FACTORY = `
import { port } from "./port_name.ts";
const done: string[] = [];
const attempt = (name: string, action: () => unknown): void => {
  try {
    action();
    done.push(name);
  } catch { /* as it should be */ }
};
attempt("writes", () => Deno.writeTextFileSync("written", ""));
attempt("reads", () => Deno.readTextFileSync("/etc/hostname"));
attempt("knows", () => Deno.env.get("HOME"));
attempt("runs", () => new Deno.Command("true").outputSync());
export const getNodeConfig = (): object => ({
  name: "made",
  out_ports: { [[port, ...done].join("_")]: {} },
});
export const getNodeFuncs = (): unknown[] => [() => {}, null, null, null];
`;

/** Opens the studio of `binary` in `folder`, and asks for its page and for a factory's ports. */
export async function tryStudio(binary: string, folder: string): Promise<CommandResult> {
  const root = join(folder, "studio");
  await Deno.mkdir(root);
  await Deno.writeTextFile(join(root, "made.ts"), FACTORY);
  await Deno.writeTextFile(join(root, "port_name.ts"), 'export const port: string = "result";');
  const child = new Deno.Command(binary, {
    args: ["ui", "--no-open", "--port", "0"],
    cwd: root,
    env: { XDG_CONFIG_HOME: join(folder, "config") },
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  const stdout = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  try {
    const { value: url = "" } = await stdout.read();
    const page = await (await fetch(url.trim())).text();
    const call = async (route: string, body: unknown) => {
      const response = await fetch(new URL(`/api/v1${route}`, url), {
        method: "POST",
        headers: {
          authorization: `Bearer ${/token=([0-9a-f]+)/.exec(url)?.[1]}`,
          "content-type": "application/json",
        },
        body: JSON.stringify(body),
      });
      return await response.text();
    };
    await call("/trust", {});
    const described = await call("/factories/describe", { ref: "./made.ts" });
    const preview = await call("/factories/preview", { ref: "./made.ts" });
    return {
      success: page.includes('id="studio"') && described.includes("./made.ts") &&
        preview.includes('"name":"result"'),
      output: `${page}\n${described}\n${preview}\n`,
    };
  } finally {
    child.kill("SIGTERM");
    await child.status;
    await stdout.cancel();
  }
}
