import { assert, assertEquals, assertRejects } from "@std/assert";
import { join } from "node:path";
import type { StorageBackend } from "../../runtime/storage/backend.ts";
import { StorageBackendError } from "../../runtime/storage/error.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import { type Config, gcs, newPlace, rcloneAlias, s3, serverOf, ssh } from "./configs.ts";
import { CuttingProxy } from "./cutting_proxy.ts";
import { MisbehavingServer } from "./misbehaving_server.ts";
import {
  hasRclone,
  type Server,
  serverTest,
  type Started,
  startFakeGCS,
  startGCSEmulator,
  startMoto,
  startSSHD,
} from "./servers.ts";

const [moto, emulator, fakeGCS, sshd] = await Promise.all([
  startMoto(),
  startGCSEmulator(),
  startFakeGCS(),
  startSSHD(),
]);
const rclone = Deno.build.os === "linux" ? hasRclone() : { absent: "there is no /proc" };

const bytes = new Uint8Array(4 * 1024 * 1024).map((_, i) => (i * 31) >> (i % 7));

function assertWhole(read: Uint8Array): void {
  assert(read.length === bytes.length && read.every((byte, i) => byte === bytes[i]));
}

/** A backend behind an HTTP server that fails as told, with something under `key`. */
async function throughMisbehaving(
  port: number,
  config: (port: number) => Config,
  use: (backend: StorageBackend, server: MisbehavingServer) => Promise<void>,
  deadlineMs = 10_000,
): Promise<void> {
  await using server = new MisbehavingServer(port);
  await using backend = openBackend(config(server.port), { retryDelayMs: 5, deadlineMs });
  await backend.write("key", bytes);
  server.requests = 0;
  await use(backend, server);
}

/** A server, and how a backend reaches it through another port. */
type Place = [string, Started<unknown>, () => [number, (port: number) => Config]];

const onS3: Place = ["s3", moto, () => {
  const place = newPlace();
  return [serverOf(moto).port, (port) => s3(port, place)];
}];

function onGCS(started: Started<Server>): Place {
  return ["gcs", started, () => {
    const place = newPlace();
    return [serverOf(started).port, (port) => gcs(port, place)];
  }];
}

const onSSH: Place = ["ssh", sshd, () => {
  const server = serverOf(sshd);
  const place = join(server.folder, newPlace());
  return [server.port, (port) => ({ ...ssh(server, place), port })];
}];

for (const [name, started, at] of [onS3, onGCS(emulator)]) {
  serverTest(
    `${name}: a server that fails twice is asked a third time, and no fourth`,
    started,
    () =>
      throughMisbehaving(...at(), async (backend, server) => {
        server.next.push("fail", "fail");
        assertEquals(await backend.exists("key"), true);
        assertEquals(server.requests, 3);
        server.next.push("fail", "fail", "fail");
        const error = await assertRejects(() => backend.exists("key"), StorageBackendError);
        const { retryable, op, key } = error;
        assertEquals([retryable, op, key, server.requests], [true, "stat", "key", 6]);
        server.next.push("fail", "fail", "fail");
        await assertRejects(() => backend.write("other", bytes), StorageBackendError);
        assertEquals(await backend.exists("other"), false);
      }),
  );

  serverTest(
    `${name}: a server that goes away in the middle of an answer gives no half of a value`,
    started,
    () =>
      throughMisbehaving(...at(), async (backend, server) => {
        // Metadata may be asked for first: whichever request it is, no half comes out.
        for (const behaviours of [["cut"], ["pass", "cut"]] as const) {
          server.next.splice(0, Infinity, ...behaviours);
          const read = await backend.read("key").catch((error) => error);
          if (read instanceof Error) assert(read instanceof StorageBackendError);
          else assertWhole(read);
        }
        server.next.length = 0;
        assertWhole(await backend.read("key"));
      }),
  );

  serverTest(
    `${name}: a server that hangs is given up at the deadline, or as soon as that is wished`,
    started,
    () =>
      throughMisbehaving(...at(), async (backend, server) => {
        server.next.push("hang", "hang", "hang");
        const abort = new AbortController();
        const reading = backend.read("key", { signal: abort.signal });
        abort.abort(new Error("enough"));
        await assertRejects(() => reading, Error, "enough");
        const error = await assertRejects(() => backend.read("key"), StorageBackendError);
        assert(error.message.includes("longer than 2 s"));
      }, 2000),
  );
}

/** A backend whose way to the server can be cut, with something under `key`. */
async function throughProxy(
  port: number,
  config: (port: number) => Config,
  use: (backend: StorageBackend, proxy: CuttingProxy) => Promise<void>,
  deadlineMs = 20_000,
): Promise<void> {
  await using proxy = new CuttingProxy(port);
  await using backend = openBackend(config(proxy.port), { retryDelayMs: 5, deadlineMs });
  await backend.write("key", bytes);
  await use(backend, proxy);
}

for (const [name, started, at] of [onS3, onGCS(fakeGCS), onSSH]) {
  serverTest(
    `${name}: a connection that breaks while a value is read or written is made again`,
    started,
    () =>
      throughProxy(...at(), async (backend, proxy) => {
        proxy.cutAfter = bytes.length / 2;
        assertWhole(await backend.read("key"));
        proxy.cutAfter = bytes.length / 2;
        await backend.write("other", bytes);
        assert(proxy.connections > 1);
        assertWhole(await backend.read("other"));
      }),
  );

  serverTest(
    `${name}: a stream that is written while the connection breaks leaves nothing`,
    started,
    () =>
      throughProxy(...at(), async (backend, proxy) => {
        proxy.cutAfter = bytes.length / 2;
        const writing = () => backend.write("new", new Blob([bytes]).stream());
        await assertRejects(writing, StorageBackendError);
        assertEquals(await backend.exists("new"), false);
        proxy.cutAfter = bytes.length / 2;
        await assertRejects(
          () => backend.write("key", new Blob([bytes, bytes]).stream()),
          StorageBackendError,
        );
        assertWhole(await backend.read("key"));
      }),
  );

  serverTest(
    `${name}: a server that falls silent is given up at the deadline`,
    started,
    () =>
      throughProxy(...at(), async (backend, proxy) => {
        proxy.silent = true;
        const error = await assertRejects(() => backend.read("key"), StorageBackendError);
        assert(error.message.includes("longer than 3 s"), error.message);
        proxy.silent = false;
        proxy.cut();
        assertWhole(await backend.read("key"));
      }, 3000),
  );
}

serverTest(
  "ssh: what a broken connection left half written goes with the next one",
  sshd,
  async () => {
    const server = serverOf(sshd);
    const folder = join(server.folder, newPlace());
    await throughProxy(
      server.port,
      (port) => ({ ...ssh(server, folder), port }),
      async (at, proxy) => {
        proxy.cutAfter = bytes.length / 2;
        await at.write("key", bytes);
        assertEquals([...Deno.readDirSync(folder)].map(({ name }) => name), ["key"]);
      },
    );
  },
);

serverTest("rclone: a program that was killed is started again", rclone, async () => {
  const before = new Set(await childrenNamed("rclone"));
  await using backend = openBackend(rcloneAlias(newPlace()), { retryDelayMs: 50 });
  await backend.write("key", bytes);
  const [pid] = (await childrenNamed("rclone")).filter((pid) => !before.has(pid));
  Deno.kill(pid!, "SIGKILL");
  assertWhole(await backend.read("key"));
});

/** Processes of that name that this one has started. */
async function childrenNamed(name: string): Promise<number[]> {
  const found: number[] = [];
  for await (const { name: pid } of Deno.readDir("/proc")) {
    const stat = await Deno.readTextFile(`/proc/${pid}/stat`).catch(() => "");
    const parts = /^(\d+) \((.*)\) (\S) (\d+)/.exec(stat);
    if (parts?.[2] === name && parts[3] !== "Z" && Number(parts[4]) === Deno.pid) {
      found.push(Number(pid));
    }
  }
  return found;
}
