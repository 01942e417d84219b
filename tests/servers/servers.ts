/**
 * Real servers for the tests of backends, started on free ports of this machine.
 *
 * @module
 */
import { join } from "node:path";
import { findProgram, missing } from "./programs.ts";

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

/** Keys that the S3 servers take. */
export const s3Keys = { access_key: "testkey", secret_key: "testsecret" } as const;

/** What serves S3, in memory, to whatever keys. */
export async function startMoto(): Promise<Started<Server>> {
  const program = findProgram("moto_server");
  if (!program) return absent(missing("moto_server"));
  const started = await start({ program, args: (port) => ["-H", "127.0.0.1", "-p", `${port}`] });
  if ("absent" in started) return started;
  const bucket = `http://127.0.0.1:${started.server.port}/tests`;
  await fetch(bucket, { method: "PUT" }).then((answer) => answer.body?.cancel());
  return started;
}

/** What serves S3 from a folder, to {@linkcode s3Keys} alone. */
export async function startVersity(): Promise<Started<Server>> {
  const program = findProgram("versitygw");
  if (!program) return absent(missing("versitygw"));
  const folder = await Deno.makeTempDir();
  const started = await start({
    program,
    args: (port) => ["--port", `127.0.0.1:${port}`, "posix", folder],
    folder,
    env: { ROOT_ACCESS_KEY: s3Keys.access_key, ROOT_SECRET_KEY: s3Keys.secret_key },
  });
  if ("server" in started) await makeS3Bucket(started.server.port);
  return started;
}

interface S3Module {
  readonly S3Client: new (options: Record<string, unknown>) => {
    send(command: unknown): Promise<unknown>;
    destroy(): void;
  };
  readonly CreateBucketCommand: new (options: { Bucket: string }) => unknown;
}

/** Makes the bucket of the tests by a signed request. */
async function makeS3Bucket(port: number): Promise<void> {
  const specifier = "npm:@aws-sdk/client-s3@^3.980.0";
  const { S3Client, CreateBucketCommand } = await import(specifier) as S3Module;
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: s3Keys.access_key, secretAccessKey: s3Keys.secret_key },
  });
  await client.send(new CreateBucketCommand({ Bucket: "tests" }));
  client.destroy();
}

/** What serves Google Cloud Storage, in memory. */
export async function startGCSEmulator(): Promise<Started<Server>> {
  const program = findProgram("gcp-storage-emulator");
  if (!program) return absent(missing("gcp-storage-emulator"));
  const args = (port: number) => ["start", "--host=127.0.0.1", `--port=${port}`, "--in-memory"];
  return await withGCSBucket(await start({ program, args }));
}

/** What serves Google Cloud Storage, in memory, with preconditions. */
export async function startFakeGCS(): Promise<Started<Server>> {
  const program = findProgram("fake-gcs-server");
  if (!program) return absent(missing("fake-gcs-server"));
  const args = (port: number) => {
    const address = ["-host", "127.0.0.1", "-port", `${port}`];
    const backend = ["-scheme", "http", "-backend", "memory"];
    return [...backend, ...address, "-public-host", `127.0.0.1:${port}`];
  };
  return await withGCSBucket(await start({ program, args }));
}

async function withGCSBucket(started: Started<Server>): Promise<Started<Server>> {
  if ("absent" in started) return started;
  const made = await fetch(
    `http://127.0.0.1:${started.server.port}/storage/v1/b?project=netrun`,
    {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ name: "tests" }),
    },
  );
  await made.body?.cancel();
  return started;
}

/** What serves SFTP to a key. */
export async function startSSHD(): Promise<Started<Server>> {
  const program = findProgram("sshd");
  const keygen = findProgram("ssh-keygen");
  if (!program || !keygen) return absent(missing("sshd"));
  const folder = await Deno.makeTempDir();
  for (const name of ["host", "key"]) {
    await run(keygen, ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, name)]);
  }
  await Deno.copyFile(join(folder, "key.pub"), join(folder, "authorized"));
  await Deno.chmod(join(folder, "authorized"), 0o600);
  await Deno.mkdir("/run/sshd", { recursive: true }).catch(() => {});
  await Deno.writeTextFile(
    join(folder, "config"),
    [
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
  const args = (port: number) => ["-D", "-e", "-p", `${port}`, "-f", join(folder, "config")];
  return await start({ program, args, folder });
}

/** What serves SFTP to a password. */
export async function startRcloneSFTP(): Promise<Started<Server>> {
  const program = findProgram("rclone");
  if (!program) return absent(missing("rclone"));
  const folder = await Deno.makeTempDir();
  return await start({
    program,
    args: (port) => [
      ...["serve", "sftp", "--addr", `127.0.0.1:${port}`, "--user", "u", "--pass", "p"],
      ...["--vfs-cache-mode", "writes", folder],
    ],
    folder,
    env: { HOME: folder },
  });
}

/** Whether there is the program rclone. */
export function hasRclone(): Started<true> {
  return findProgram("rclone") ? { server: true } : absent(missing("rclone"));
}

/** The reason why a server is absent, if it is. */
export function reason(started: Started<unknown>): string | undefined {
  return "absent" in started ? started.absent : undefined;
}

/** A test of what servers do wrong, skipped with the reason where its server is absent. */
export function serverTest(
  claim: string,
  started: Started<unknown>,
  run: () => Promise<void>,
): void {
  const skipped = reason(started);
  Deno.test({
    name: `19: ${claim}${skipped === undefined ? "" : ` (skipped: ${skipped})`}`,
    ignore: skipped !== undefined,
    // Vendors' clients keep connections and timers.
    sanitizeOps: false,
    sanitizeResources: false,
    fn: run,
  });
}

/** A port that nobody listens at. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function absent(why: string): { absent: string } {
  return { absent: why };
}

async function run(program: string, args: string[]): Promise<void> {
  const { success } = await new Deno.Command(program, { args }).output();
  if (!success) throw new Error(`${program} failed`);
}

/** What is started, at which port is decided here. */
interface Start {
  readonly program: string;
  readonly args: (port: number) => string[];
  readonly folder?: string;
  readonly env?: Record<string, string>;
}

/** Starts a server and waits until it accepts connections, or has ended. */
async function start({ program, args, folder = "", env = {} }: Start): Promise<Started<Server>> {
  const port = freePort();
  const log = await Deno.makeTempFile();
  const process = new Deno.Command("sh", {
    // Its output goes to a file that nobody needs to read while it runs.
    args: ["-c", 'exec "$@" >"$0" 2>&1', log, program, ...args(port)],
    env,
    stdin: "null",
  }).spawn();
  process.unref();
  const server = new Server(port, folder, process);
  let hasEnded = false;
  process.status.then(() => hasEnded = true);
  for (let tries = 0; tries < 300 && !hasEnded; tries++) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return { server };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  server.stop();
  const said = (await Deno.readTextFile(log)).trim().split("\n").at(-1);
  return absent(`${program} does not listen at port ${port}: ${said}`);
}
