/**
 * `netrun ui`: opens the studio in the browser.
 *
 * @module
 */
import { basename, dirname, relative, resolve } from "node:path";
import { createStudio } from "../../ui/server.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";

/** The command. */
export const ui: Command = {
  description: "Opens the studio: a page in the browser that shows nets and edits their files.\n" +
    "It listens on this machine only, and reads and writes nothing outside its folder.",
  positionals: [{
    name: "FILE",
    help: "the net file to open first; the folder's first one if left out",
  }],
  options: [
    {
      name: "root",
      short: "C",
      value: "DIR",
      help: "the folder to work in; that of the file by default",
    },
    {
      name: "port",
      short: "p",
      value: "PORT",
      help: "the port; the first free one from 8000 by default",
    },
    { name: "host", value: "HOST", help: "the interface to listen on; 127.0.0.1 by default" },
    { name: "no-open", help: "do not open the browser, only print the address" },
    { name: "read-only", help: "files may only be looked at" },
    {
      name: "allow-origin",
      value: "ORIGIN",
      many: true,
      help: "a foreign page that may call the studio",
    },
    { name: "allow-shutdown", help: "pages may end the studio" },
  ],
  examples: [
    ["netrun ui report.netrun.toml", "opens this net"],
    ["netrun ui -C nets --no-open", "prints the address for a browser of your choice"],
  ],
  run: openStudio,
};

async function openStudio(call: CommandCall): Promise<number> {
  const { io } = call;
  const given = call.positionals[0] ?? call.value("config");
  const file = given === undefined ? undefined : resolve(io.cwd, given);
  if (file !== undefined && !await Deno.stat(file).then((stat) => stat.isFile, () => false)) {
    throw new CommandError(`Cannot open ${file}: there is no such file`);
  }
  const root = resolve(io.cwd, call.value("root") ?? (file === undefined ? "." : dirname(file)));
  const stop = Promise.withResolvers<void>();
  const host = call.value("host");
  await using studio = await createStudio({
    root,
    ...(file === undefined ? {} : { initialFile: relative(root, file) || basename(file) }),
    readOnly: call.flag("read-only"),
    origins: [...call.values("allow-origin")],
    ...(host === undefined ? {} : { hosts: [host] }),
    ...(call.flag("allow-shutdown") ? { onShutdown: () => stop.resolve() } : {}),
  });
  const port = call.value("port");
  const { url } = studio.serve({
    ...(host === undefined ? {} : { hostname: host }),
    ...(port === undefined ? {} : { port: portOf(port) }),
  });
  if (host !== undefined && !["127.0.0.1", "localhost", "::1"].includes(host)) {
    io.err(
      `Warning: ${host} can be reached from other machines, and whoever has the address edits files\n`,
    );
  }
  io.err(`Studio for ${studio.root}\n`);
  io.out(`${url}\n`);
  if (!call.flag("no-open")) openBrowser(url);
  const forget = io.onInterrupt(() => stop.resolve());
  await stop.promise;
  forget();
  return 0;
}

function portOf(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65535) return port;
  throw new UsageError(`--port must be a number from 0 to 65535, got ${text}`);
}

/** Asks the desktop to show a page; where there is none, the address was printed. */
function openBrowser(url: string): void {
  const program = { darwin: "open", windows: "explorer" }[Deno.build.os as string] ?? "xdg-open";
  try {
    new Deno.Command(program, { args: [url], stdin: "null", stdout: "null", stderr: "null" })
      .spawn().unref();
  } catch {
    // No such program: the printed address has to do.
  }
}
