import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { Net } from "@netrun/netrun";
import type { BackendConfig } from "../../runtime/schema/backend.ts";
import { StorageBackendError } from "../../runtime/storage/error.ts";
import type { StorageBackend } from "../../runtime/storage/backend.ts";
import { hashBytes } from "../../runtime/storage/hashing.ts";
import { fingerprint } from "../../runtime/storage/host_key.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import { MisbehavingServer } from "./misbehaving_server.ts";
import { testBackend } from "../runtime/storage/backend_cases.ts";
import {
  freePort,
  hasRclone,
  reason,
  type Server,
  type Started,
  startGCS,
  startMoto,
  startRcloneSFTP,
  startSSHD,
} from "./servers.ts";

type Config = BackendConfig<never>;

const impatient = { retryDelayMs: 5, deadlineMs: 20_000 };
const [moto, gcs, sshd, sftp] = await Promise.all([
  startMoto(),
  startGCS(),
  startSSHD(),
  startRcloneSFTP(),
]);
const rclone = hasRclone();
let places = 0;

function serverOf(started: Started<Server>): Server {
  if ("absent" in started) throw new Error(started.absent);
  return started.server;
}

/** Configurations for the backends on each server, by what changes from test to test. */
const kinds: Record<string, { started: Started<unknown>; config: (place: string) => Config }> = {
  "s3 (moto)": { started: moto, config: (place) => s3(serverOf(moto).port, place) },
  "gcs (gcp-storage-emulator)": {
    started: gcs,
    config: (prefix) => ({
      type: "gcs",
      bucket: "tests",
      prefix,
      credentials_path: null,
      endpoint_url: `http://127.0.0.1:${serverOf(gcs).port}`,
    }),
  },
  "ssh with a key (sshd)": {
    started: sshd,
    config: (place) => ssh(serverOf(sshd), join(serverOf(sshd).folder, place)),
  },
  "ssh with a password (rclone)": {
    started: sftp,
    config: (place) => ({
      ...ssh(serverOf(sftp), `/${place}`),
      username: "u",
      password: "p",
      key_path: null,
      host_key: sftpHostKey,
    }),
  },
  rclone: {
    started: rclone,
    config: (place) => {
      const folder = Deno.makeTempDirSync();
      const config_path = join(folder, "rclone.conf");
      Deno.writeTextFileSync(config_path, `[store]\ntype = alias\nremote = ${folder}/data\n`);
      return { type: "rclone", remote: `store:${place}`, config_path };
    },
  },
};

function s3(port: number, prefix: string): Config {
  return {
    type: "s3",
    bucket: "tests",
    prefix,
    region: "us-east-1",
    endpoint_url: `http://127.0.0.1:${port}`,
    access_key: "testkey",
    secret_key: "testsecret",
    session_token: null,
    force_path_style: null,
  };
}

function ssh(server: Server, base_path: string): Config & { type: "ssh" } {
  return {
    type: "ssh",
    host: "127.0.0.1",
    base_path,
    port: server.port,
    username: "root",
    key_path: join(server.folder, "key"),
    password: null,
    known_hosts_path: null,
    host_key: hostKey(server.folder),
    key_passphrase: null,
  };
}

function hostKey(folder: string): string | null {
  try {
    const [, key] = Deno.readTextFileSync(join(folder, "host.pub")).split(" ");
    return fingerprint(Uint8Array.fromBase64(key!));
  } catch {
    return null;
  }
}

/** The fingerprint of a server whose key is its own affair, as its refusal names it. */
async function refusedFingerprint(config: Config): Promise<string> {
  await using backend = openBackend(config, impatient);
  const error = await backend.exists("x").then(() => undefined, (error) => error as Error);
  return /SHA256:[^,\s]+/.exec(error?.message ?? "")?.[0] ?? "";
}

const sftpHostKey = "absent" in sftp ? "" : await refusedFingerprint({
  ...ssh(sftp.server, "/"),
  host_key: "SHA256:none",
  key_path: null,
  password: "p",
});

for (const [name, { started, config }] of Object.entries(kinds)) {
  const skipped = reason(started);
  testBackend(
    name,
    () => Promise.resolve(openBackend(config(`place${places++}/`), impatient)),
    skipped,
  );
}

function test(claim: string, started: Started<unknown>, run: () => Promise<void>): void {
  const skipped = reason(started);
  Deno.test({
    name: skipped === undefined ? claim : `${claim} (skipped: ${skipped})`,
    ignore: skipped !== undefined,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: run,
  });
}

/** The error of an operation that cannot succeed: never "not found", and without secrets. */
async function failure(config: Config): Promise<StorageBackendError> {
  await using backend = openBackend(config, impatient);
  const error = await assertRejects(() => backend.exists("key"), StorageBackendError);
  await assertRejects(() => backend.read("key"), StorageBackendError);
  const shown = `${error.message} ${Deno.inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
  for (const secret of ["testsecret", "wrongsecret"]) assert(!shown.includes(secret));
  return error;
}

test("s3: a server that is down is no absent key, and is tried again", moto, async () => {
  const error = await failure(s3(freePort(), ""));
  assertEquals([error.retryable, error.op], [true, "stat"]);
});

test("s3: a bucket that is not there is no absent key", moto, async () => {
  const error = await failure({ ...s3(serverOf(moto).port, ""), bucket: "none" } as Config);
  assert(error.message.includes("none"));
});

test("ssh: another host key is refused, and the message names it", sshd, async () => {
  const config = ssh(serverOf(sshd), "/tmp");
  const error = await failure({ ...config, host_key: "SHA256:other" });
  assert(error.message.includes(config.host_key!));
  const known = join(serverOf(sshd).folder, "known_hosts");
  await Deno.writeTextFile(known, "");
  await failure({ ...config, host_key: null, known_hosts_path: known });
  const [type, key] = (await Deno.readTextFile(join(serverOf(sshd).folder, "host.pub"))).split(" ");
  await Deno.writeTextFile(known, `[127.0.0.1]:${config.port} ${type} ${key}\n`);
  await using backend = openBackend({ ...config, host_key: null, known_hosts_path: known });
  assertEquals(await backend.exists("no such file"), false);
});

test("ssh: a wrong password is refused without being shown", sftp, async () => {
  await failure({
    ...ssh(serverOf(sftp), "/"),
    host_key: sftpHostKey,
    key_path: null,
    password: "wrongsecret",
  });
});

test("ssh: a server that is down is no absent key", sshd, async () => {
  const error = await failure({ ...ssh(serverOf(sshd), "/tmp"), port: freePort() });
  assertEquals(error.retryable, true);
});

test("gcs: a server that is down is no absent key", gcs, async () => {
  await failure({
    type: "gcs",
    bucket: "tests",
    prefix: "",
    credentials_path: null,
    endpoint_url: `http://127.0.0.1:${freePort()}`,
  });
});

test("rclone: a remote that is not configured is no absent key", rclone, async () => {
  const error = await failure({ type: "rclone", remote: "nowhere:", config_path: "/dev/null" });
  assert(error.message.includes("nowhere") || error.message.includes("config"));
});

/** A backend on S3 through a server that fails as told. */
async function throughMisbehaving(
  use: (backend: StorageBackend, server: MisbehavingServer) => Promise<void>,
  deadlineMs = 10_000,
): Promise<void> {
  await using server = new MisbehavingServer(serverOf(moto).port);
  await using backend = openBackend(s3(server.port, `place${places++}/`), {
    retryDelayMs: 5,
    deadlineMs,
  });
  await backend.write("key", new Uint8Array(100_000).fill(7));
  server.requests = 0;
  await use(backend, server);
}

test(
  "a server that fails twice is asked a third time, and no fourth",
  moto,
  () =>
    throughMisbehaving(async (backend, server) => {
      server.next.push("fail", "fail");
      assertEquals((await backend.read("key")).length, 100_000);
      assertEquals(server.requests, 3);
      server.next.push("fail", "fail", "fail");
      const error = await assertRejects(() => backend.read("key"), StorageBackendError);
      assertEquals([error.retryable, error.op, error.key, server.requests], [
        true,
        "read",
        "key",
        6,
      ]);
    }),
);

test(
  "a server that goes away in the middle of an answer gives no half of a value",
  moto,
  () =>
    throughMisbehaving(async (backend, server) => {
      server.next.push("cut");
      const bytes = await backend.read("key").catch((error) => error);
      if (bytes instanceof Error) assert(bytes instanceof StorageBackendError);
      else assertEquals(bytes.length, 100_000);
    }),
);

test(
  "a server that hangs is given up at the deadline, or as soon as that is wished",
  moto,
  () =>
    throughMisbehaving(async (backend, server) => {
      server.next.push("hang", "hang");
      const abort = new AbortController();
      const reading = backend.read("key", { signal: abort.signal });
      abort.abort(new Error("enough"));
      await assertRejects(() => reading, Error, "enough");
      await assertRejects(() => backend.read("key"), StorageBackendError, "longer than 0.3 s");
    }, 300),
);

test("a file of more than one part is whole on S3, and absent if it breaks off", moto, async () => {
  await using backend = openBackend(s3(serverOf(moto).port, "parts/"), impatient);
  const bytes = new Uint8Array(36 * 1024 * 1024).map((_, i) => i >> 12);
  await backend.write("large", bytes);
  assertEquals(hashBytes(await backend.read("large"), "sha256"), hashBytes(bytes, "sha256"));
  const breaking = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (controller.desiredSize === null) return;
      controller.enqueue(bytes.subarray(0, 20 * 1024 * 1024));
      controller.error(new Error("source broke"));
    },
  });
  await assertRejects(() => backend.write("broken", breaking), Error, "source broke");
  assertEquals(await backend.exists("broken"), false);
});

test("a net keeps its outputs on S3, and takes them from there after a restart", moto, async () => {
  const root = await Deno.makeTempDir();
  let calls = 0;
  const open = () =>
    Net.open({
      project_root_override: root,
      storage: {
        file_storage_metadata_path: "meta",
        backends: { results: s3(serverOf(moto).port, "net/") },
      },
      graph: {
        nodes: [{
          name: "square",
          factory: "netrun:function",
          factory_args: { func: (x: number) => ({ square: x * x, call: ++calls }) },
          execution_config: {
            storage: { file_storage: { backend: "results", serialization: "json" } },
          },
        }],
      },
    });
  for (let i = 0; i < 2; i++) {
    await using net = await open();
    net.injectData("square", "x", [7]);
    await net.runUntilBlocked();
    assertEquals(net.flushAllOutputQueues(), new Map([["square::out", [{ square: 49, call: 1 }]]]));
    assert(!JSON.stringify(net.snapshot()).includes("testsecret"));
  }
  await using backend = openBackend(s3(serverOf(moto).port, "net/"), impatient);
  assertEquals(
    new TextDecoder().decode(await backend.read("square/out.json")),
    '{"square":49,"call":1}',
  );
  for await (const { name } of Deno.readDir(join(root, "meta"))) {
    const bytes = await Deno.readFile(join(root, "meta", name));
    assert(!new TextDecoder("latin1").decode(bytes).includes("testsecret"));
  }
  await Deno.remove(root, { recursive: true });
});
