/**
 * `netrun serve-pool`: runs the nodes of a net for nets on other machines.
 *
 * @module
 */
import { resolve } from "node:path";
import { InvalidArgumentError } from "../../sim/error.ts";
import { Net } from "../../runtime/net/net.ts";
import type { ServePoolOptions } from "../../runtime/net/serve_pool.ts";
import { PERMISSION_KINDS } from "../../runtime/pools/permissions.ts";
import { numberOption } from "../arguments.ts";
import { type Command, type CommandCall, CommandError, UsageError } from "../command.ts";
import { parseGivenJson } from "../edit.ts";
import { findConfig } from "../find_config.ts";
import { interruptStatus } from "../interrupts.ts";
import { printJson } from "../output.ts";
import { variableOptions, variablesOf } from "../variables.ts";

/** The command. */
export const servePool: Command = {
  description: "Runs the nodes of a net for nets elsewhere, which have a pool of type `remote`.\n" +
    "They name nodes; the code is the one here. Prints the address when it listens.\n" +
    "Clients show the token of --token-file, or of the variable NETRUN_POOL_TOKEN.",
  positionals: [{ name: "FILE", help: "the net file" }],
  options: [
    { name: "host", value: "HOST", help: "the address to listen on (127.0.0.1)" },
    { name: "port", value: "PORT", help: "the port (8080); 0 takes a free one" },
    { name: "worker-name", value: "NAME", help: "what clients ask for (execution_manager)" },
    { name: "token-file", value: "FILE", help: "file with the token that clients must show" },
    { name: "tls-cert", value: "FILE", help: "certificate, PEM" },
    { name: "tls-key", value: "FILE", help: "its private key, PEM" },
    { name: "insecure", help: "listen beyond this machine without token and TLS" },
    {
      name: "permissions",
      value: "JSON",
      help: 'what the code may do: "inherit", "none" (default), or an object such as {"net": true}',
    },
    { name: "log-file", value: "FILE", help: "add a line for each job that ends" },
    {
      name: "allow-module",
      value: "PREFIX",
      many: true,
      help: "code outside the project that may be loaded: a beginning of URLs, or a folder",
    },
    ...variableOptions,
  ],
  examples: [
    ["netrun serve-pool train.netrun.toml", "for this machine alone"],
    [
      "netrun serve-pool --host 0.0.0.0 --token-file token --tls-cert cert.pem --tls-key key.pem",
      "for others",
    ],
  ],
  run: serve,
};

async function serve(call: CommandCall): Promise<number> {
  const { io } = call;
  const file = findConfig(call, call.positionals[0]);
  const options = await serverOptions(call);
  const interrupted = Promise.withResolvers<number>();
  const killed = Promise.withResolvers<undefined>();
  let isEnding = false;
  const stopListening = io.onInterrupt((signal) => {
    if (isEnding) killed.resolve(undefined);
    isEnding = true;
    interrupted.resolve(interruptStatus[signal]);
  });
  try {
    const server = await Promise.race([
      Net.servePool(file, options).catch(explainRefusal),
      interrupted.promise,
    ]);
    if (typeof server === "number") return server;
    const scheme = options.cert === undefined ? "ws" : "wss";
    printJson(call, {
      url: `${scheme}://${bracketed(options.hostname)}:${server.port}`,
      worker_name: options.workerName,
    });
    const status = await Promise.race([
      server.waitUntilStopped().then(() => 0),
      interrupted.promise,
    ]);
    if (isEnding) io.err("Interrupted: what runs here is ended, and its nets are told\n");
    await Promise.race([server.stop(), killed.promise]);
    return status;
  } finally {
    stopListening();
  }
}

function explainRefusal(error: unknown): never {
  if (!(error instanceof InvalidArgumentError)) throw error;
  const options = "--token-file, --tls-cert and --tls-key, or --insecure";
  throw new CommandError(`${error.message}. The options are ${options}`, { cause: error });
}

type GivenOptions = ServePoolOptions & { hostname: string; workerName: string };

async function serverOptions(call: CommandCall): Promise<GivenOptions> {
  const [tokenFile, cert, key] = await Promise.all(
    ["token-file", "tls-cert", "tls-key"].map((option) => readNamed(call, option)),
  );
  if ((cert === undefined) !== (key === undefined)) {
    throw new UsageError("--tls-cert and --tls-key go together");
  }
  const token = tokenFile?.trim() || call.io.env("NETRUN_POOL_TOKEN") || undefined;
  const port = numberOption(call, "port", { what: "a port" });
  if (port !== undefined && !(Number.isInteger(port) && port <= 65535)) {
    throw new UsageError(`--port is a number from 0 to 65535, got ${port}`);
  }
  const logFile = call.value("log-file");
  return {
    hostname: call.value("host") ?? "127.0.0.1",
    workerName: call.value("worker-name") ?? "execution_manager",
    token,
    cert,
    key,
    insecure: call.flag("insecure"),
    permissions: givenPermissions(call),
    allowModules: call.values("allow-module"),
    ...variablesOf(call),
    ...port !== undefined && { port },
    ...logFile !== undefined && { logFile: resolve(call.io.cwd, logFile) },
  };
}

async function readNamed(call: CommandCall, option: string): Promise<string | undefined> {
  const file = call.value(option);
  if (file === undefined) return undefined;
  const path = resolve(call.io.cwd, file);
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new CommandError(`--${option}: cannot read ${path}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function givenPermissions(call: CommandCall): ServePoolOptions["permissions"] {
  const text = call.value("permissions");
  if (text === undefined) return "none";
  const isWord = (value: unknown) => value === "none" || value === "inherit";
  const value = isWord(text) ? text : parseGivenJson(text, "--permissions");
  if (isWord(value)) return value as "none" | "inherit";
  const entries = value instanceof Map ? [...value] : undefined;
  const fits = entries?.every(([kind, granted]) =>
    PERMISSION_KINDS.includes(kind) &&
    (typeof granted === "boolean" ||
      (Array.isArray(granted) && granted.every((item) => typeof item === "string")))
  );
  if (fits) return Object.fromEntries(entries!);
  throw new CommandError(
    `--permissions is "inherit", "none", or an object whose keys are ${
      PERMISSION_KINDS.join(", ")
    } ` +
      `and whose values are true, false or lists of texts, got ${text}`,
  );
}

function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}
