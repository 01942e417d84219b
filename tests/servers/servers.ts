/**
 * Real servers for the tests of backends, started on free ports of this machine.
 *
 * @module
 */
import { delimiter, join } from "node:path";

/** Where `install.ts` puts what it installs. */
export const serverFolder: string = Deno.env.get("NETRUN_SERVERS") ??
  join(Deno.env.get("HOME") ?? "/tmp", ".cache", "netrun-test-servers");

/** A server, or why there is none. */
export type Started<T> = { readonly server: T } | { readonly absent: string };

/** A running server. */
export class Server {
  readonly port: number;
  readonly folder: string;
  readonly #process: Deno.ChildProcess;

  constructor(port: number, folder: string, process: Deno.ChildProcess) {
    this.port = port;
    this.folder = folder;
    this.#process = process;
    // Tests of one file share it; it ends with their process.
    globalThis.addEventListener("unload", () => this.stop());
  }

  /** Ends it at once. */
  stop(): void {
    try {
      this.#process.kill("SIGKILL");
    } catch {
      // It has ended already.
    }
  }
}

/** What serves S3. */
export async function startMoto(): Promise<Started<Server>> {
  const program = find("moto_server", [join(serverFolder, "venv", "bin")]);
  if (!program) return absent("moto_server is not installed; run `deno task test:servers`");
  const port = freePort();
  const server = await start(program, ["-H", "127.0.0.1", "-p", `${port}`], port);
  await fetch(`http://127.0.0.1:${port}/tests`, { method: "PUT" }).then((r) => r.body?.cancel());
  return { server };
}

/** What serves Google Cloud Storage. */
export async function startGCS(): Promise<Started<Server>> {
  const program = find("gcp-storage-emulator", [join(serverFolder, "venv", "bin")]);
  if (!program) {
    return absent("gcp-storage-emulator is not installed; run `deno task test:servers`");
  }
  const port = freePort();
  const args = ["start", "--host=127.0.0.1", `--port=${port}`, "--in-memory"];
  const server = await start(program, args, port);
  const made = await fetch(`http://127.0.0.1:${port}/storage/v1/b?project=netrun`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name: "tests" }),
  });
  await made.body?.cancel();
  return { server };
}

/** What serves SFTP to a key. */
export async function startSSHD(): Promise<Started<Server>> {
  const program = find("sshd", ["/usr/sbin"]);
  const keygen = find("ssh-keygen", []);
  if (!program || !keygen) return absent("sshd is not installed: apt-get install openssh-server");
  const folder = await Deno.makeTempDir();
  for (const name of ["host", "key"]) {
    await run(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
  }
  await Deno.copyFile(join(folder, "key.pub"), join(folder, "authorized"));
  await Deno.chmod(join(folder, "authorized"), 0o600);
  await Deno.mkdir("/run/sshd", { recursive: true }).catch(() => {});
  const port = freePort();
  await Deno.writeTextFile(
    join(folder, "config"),
    [
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${folder}/host`,
      `AuthorizedKeysFile ${folder}/authorized`,
      `PidFile ${folder}/pid`,
      "StrictModes no",
      "PasswordAuthentication no",
      "UsePAM no",
      "PermitRootLogin prohibit-password",
      "Subsystem sftp internal-sftp",
    ].join("\n"),
  );
  return { server: await start(program, ["-D", "-e", "-f", join(folder, "config")], port, folder) };
}

/** What serves SFTP to a password. */
export async function startRcloneSFTP(): Promise<Started<Server>> {
  const program = find("rclone", []);
  if (!program) return absent("rclone is not installed: apt-get install rclone");
  const folder = await Deno.makeTempDir();
  const port = freePort();
  const args = ["serve", "sftp", "--addr", `127.0.0.1:${port}`, "--user", "u", "--pass", "p"];
  args.push("--vfs-cache-mode", "writes", folder);
  return { server: await start(program, args, port, folder, { HOME: folder }) };
}

/** Whether there is the program rclone. */
export function hasRclone(): Started<true> {
  return find("rclone", []) ? { server: true } : absent("rclone is not installed");
}

/** The reason why a server is absent, if it is. */
export function reason(started: Started<unknown>): string | undefined {
  return "absent" in started ? started.absent : undefined;
}

/** A port that nobody listens at. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function absent(why: string): { absent: string } {
  return { absent: why };
}

function find(program: string, folders: string[]): string | undefined {
  const path = Deno.env.get("PATH")?.split(delimiter) ?? [];
  return [...folders, ...path].map((folder) => join(folder, program)).find((file) => {
    try {
      return Deno.statSync(file).isFile;
    } catch {
      return false;
    }
  });
}

async function run(program: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} failed`);
}

/** Starts a server and waits until it accepts connections. */
async function start(
  program: string,
  args: string[],
  port: number,
  folder = "",
  env: Record<string, string> = {},
): Promise<Server> {
  const process = new Deno.Command(program, {
    args,
    env,
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  process.unref();
  const server = new Server(port, folder, process);
  for (let tries = 0; tries < 300; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return server;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.stop();
  throw new Error(`${program} does not listen at port ${port}`);
}
