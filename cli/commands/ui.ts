/**
 * `netrun ui`: opens the studio in the browser.
 *
 * @module
 */
import { basename, dirname, relative, resolve } from "node:path";
import { createStudio } from "../../ui/server.ts";
import { findBrowser, openWindow } from "../ui/app_window.ts";
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
    { name: "app", help: "open a window of its own, whose end is that of the studio" },
    { name: "width", value: "PIXELS", help: "width of that window, 800 at least; 1400 by default" },
    { name: "height", value: "PIXELS", help: "its height, 600 at least; 900 by default" },
    { name: "no-open", help: "do not open the browser, only print the address" },
    { name: "read-only", help: "files may only be looked at" },
    {
      name: "allow-origin",
      value: "ORIGIN",
      many: true,
      help: "a foreign page that may call the studio",
    },
    { name: "dev", help: "build the page anew as its sources change (in a checkout)" },
    { name: "allow-shutdown", help: "pages may end the studio" },
  ],
  examples: [
    ["netrun ui report.netrun.toml", "opens this net"],
    ["netrun ui report.netrun.toml --app", "opens it in a window of its own"],
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
  const size = windowSize(call);
  const host = call.value("host");
  await using studio = await createStudio({
    root,
    ...(file === undefined ? {} : { initialFile: relative(root, file) || basename(file) }),
    readOnly: call.flag("read-only"),
    dev: call.flag("dev"),
    origins: [...call.values("allow-origin")],
    ...(host === undefined ? {} : { hosts: namesOf(host) }),
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
  await using _window = call.flag("no-open")
    ? undefined
    : await showPage(call, url, size, () => stop.resolve());
  const forget = io.onInterrupt(() => stop.resolve());
  await stop.promise;
  forget();
  return 0;
}

/** Shows the page: in a window of its own if that is asked for and possible, else in the browser. */
async function showPage(
  call: CommandCall,
  url: string,
  size: { width: number; height: number },
  onClosed: () => void,
): Promise<AsyncDisposable | undefined> {
  const browser = call.flag("app") ? await findBrowser(call.io.env) : undefined;
  if (browser === undefined) {
    if (call.flag("app")) {
      call.io.err("There is no Chromium, Chrome, Edge or Brave for a window of its own\n");
    }
    openBrowser(url);
    return undefined;
  }
  const profile = await Deno.makeTempDir({ prefix: "netrun-app-" });
  const window = openWindow(browser, { url, ...size, profile });
  const ended = window.status.then(onClosed);
  return {
    async [Symbol.asyncDispose]() {
      try {
        window.kill("SIGTERM");
      } catch {
        // It is closed already.
      }
      await ended;
      await Deno.remove(profile, { recursive: true }).catch(() => {});
    },
  };
}

function windowSize(call: CommandCall): { width: number; height: number } {
  const size = (name: string, least: number, usual: number) => {
    const text = call.value(name);
    const pixels = text === undefined ? usual : Number(text);
    if (Number.isInteger(pixels) && pixels >= least) return pixels;
    throw new UsageError(`--${name} must be a whole number from ${least} on, got ${text}`);
  };
  return { width: size("width", 800, 1400), height: size("height", 600, 900) };
}

/** The names by which a studio at an interface is called: at all of them, those of this machine. */
function namesOf(host: string): string[] {
  if (host !== "0.0.0.0" && host !== "::") return [host.includes(":") ? `[${host}]` : host];
  const addresses = Deno.networkInterfaces().map(({ address, family }) =>
    family === "IPv6" ? `[${address}]` : address
  );
  return [Deno.hostname().toLowerCase(), ...addresses];
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
