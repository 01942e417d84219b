import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import { StorageBackendError, StorageKeyNotFoundError } from "../../runtime/storage/error.ts";
import { hashBytes } from "../../runtime/storage/hashing.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import { testBackend } from "../runtime/storage/backend_cases.ts";
import {
  type Config,
  gcs,
  impatient,
  newPlace,
  rcloneAlias,
  rcloneS3,
  s3,
  serverOf,
  sftp,
  ssh,
} from "./configs.ts";
import {
  freePort,
  hasRclone,
  reason,
  type Server,
  serverTest,
  type Started,
  startFakeGCS,
  startGCSEmulator,
  startMoto,
  startRcloneSFTP,
  startSSHD,
  startVersity,
} from "./servers.ts";

// The rclone of Debian 12 cannot use it together with S3.
Deno.env.delete("AWS_CA_BUNDLE");

const [moto, versity, emulator, fakeGCS, sshd, sftpd] = await Promise.all([
  startMoto(),
  startVersity(),
  startGCSEmulator(),
  startFakeGCS(),
  startSSHD(),
  startRcloneSFTP(),
]);
const rclone = hasRclone();
const rcloneOnVersity: Started<Server> = "absent" in rclone ? rclone : versity;

type MakeConfig = (place: string) => Config | Promise<Config>;

const kinds: Record<string, [started: Started<unknown>, make: MakeConfig]> = {
  "s3 (moto)": [moto, (place) => s3(serverOf(moto).port, place)],
  "s3 (versitygw)": [versity, (place) => s3(serverOf(versity).port, place)],
  "gcs (gcp-storage-emulator)": [emulator, (place) => gcs(serverOf(emulator).port, place)],
  "gcs (fake-gcs-server)": [fakeGCS, (place) => gcs(serverOf(fakeGCS).port, place)],
  "ssh with a key (sshd)": [
    sshd,
    (place) => ssh(serverOf(sshd), join(serverOf(sshd).folder, place)),
  ],
  "ssh with a password (rclone)": [sftpd, (place) => sftp(serverOf(sftpd), `/${place}`)],
  "rclone on a folder": [rclone, rcloneAlias],
  "rclone on s3 (versitygw)": [
    rcloneOnVersity,
    (place) => rcloneS3(serverOf(versity).port, place),
  ],
};

for (const [name, [started, make]] of Object.entries(kinds)) {
  const open = async () => openBackend(await make(newPlace()), impatient);
  testBackend(name, open, reason(started));
}

/** The error of an operation that cannot succeed: never "not found", and without secrets. */
async function failure(config: Config): Promise<StorageBackendError> {
  await using backend = openBackend(config, impatient);
  const error = await assertRejects(() => backend.exists("key"), StorageBackendError);
  await assertRejects(() => backend.read("key"), StorageBackendError);
  await assertRejects(() => backend.delete("key"), StorageBackendError);
  await assertRejects(() => backend.write("key", new Uint8Array(1)), StorageBackendError);
  const shown = `${error.message} ${Deno.inspect(error, { depth: 9 })} ${JSON.stringify(error)}`;
  for (const secret of ["testsecret", "wrongsecret"]) assert(!shown.includes(secret));
  return error;
}

serverTest("s3: a server that is down is no absent key, and is tried again", moto, async () => {
  const error = await failure(s3(freePort(), ""));
  assertEquals([error.retryable, error.op], [true, "stat"]);
});

serverTest("s3: a bucket that is not there is no absent key", moto, async () => {
  const error = await failure({ ...s3(serverOf(moto).port, ""), bucket: "none" });
  assert(error.message.includes("none"));
});

serverTest("s3: wrong keys are no absent key, and are not shown", versity, async () => {
  const config = s3(serverOf(versity).port, "");
  for (const keys of [{ access_key: "nobody" }, { secret_key: "wrongsecret" }]) {
    const error = await failure({ ...config, ...keys });
    assertEquals(error.retryable, false);
  }
});

serverTest("gcs: a server that is down is no absent key", emulator, async () => {
  await failure(gcs(freePort(), ""));
});

serverTest("gcs: a bucket that is not there is no absent key", fakeGCS, async () => {
  const error = await failure({ ...gcs(serverOf(fakeGCS).port, ""), bucket: "none" } as Config);
  assert(error.message.includes('there is no bucket "none"'));
});

serverTest("gcs: a bucket that one may not look at may still be read from", emulator, async () => {
  await using server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen: () => {} },
    ({ url }) => {
      const status = new URL(url).pathname.includes("/o/") ? 404 : 403;
      return Response.json({ error: { code: status, message: "no" } }, { status });
    },
  );
  await using backend = openBackend(gcs(server.addr.port, ""), impatient);
  assertEquals(await backend.exists("key"), false);
  await assertRejects(() => backend.read("key"), StorageKeyNotFoundError);
});

serverTest("ssh: another host key is refused, and the message names it", sshd, async () => {
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

serverTest("ssh: a wrong password is refused without being shown", sftpd, async () => {
  await failure({ ...await sftp(serverOf(sftpd), "/"), password: "wrongsecret" });
});

serverTest("ssh: a server that is down is no absent key", sshd, async () => {
  const error = await failure({ ...ssh(serverOf(sshd), "/tmp"), port: freePort() });
  assertEquals(error.retryable, true);
});

serverTest("ssh: small files do not wait for delayed acknowledgements", sshd, async () => {
  const config = ssh(serverOf(sshd), join(serverOf(sshd).folder, newPlace()));
  await using backend = openBackend(config, impatient);
  let quickestMs = Infinity;
  for (let i = 0; i < 20; i++) {
    const startMs = performance.now();
    await backend.write(`${i}`, new Uint8Array(10));
    quickestMs = Math.min(quickestMs, performance.now() - startMs);
  }
  // With such waits each takes some 40 ms at least; of 20 one runs undisturbed on any machine.
  assert(quickestMs < 40, `the quickest took ${quickestMs} ms`);
});

serverTest("rclone: a remote that is not configured is no absent key", rclone, async () => {
  const error = await failure({ type: "rclone", remote: "nowhere:", config_path: "/dev/null" });
  assert(error.message.includes("nowhere") || error.message.includes("config"));
});

serverTest("rclone: wrong keys of its remote are no absent key", rcloneOnVersity, async () => {
  const config = rcloneS3(serverOf(versity).port, newPlace()) as Config & { type: "rclone" };
  const text = await Deno.readTextFile(config.config_path!);
  await Deno.writeTextFile(config.config_path!, text.replace("testsecret", "wrongsecret"));
  await failure(config);
});

for (const [name, started] of [["moto", moto], ["versitygw", versity]] as const) {
  serverTest(
    `s3 (${name}): a file of several parts is whole, and absent if it breaks off`,
    started,
    async () => {
      await using backend = openBackend(s3(serverOf(started).port, newPlace()), impatient);
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
    },
  );
}
