import { assertEquals, assertRejects } from "@std/assert";
import { RemotePoolClient } from "../../../runtime/pools/remote_client.ts";
import { RemotePoolServer } from "../../../runtime/pools/remote_server.ts";
import { ConnectError } from "../../../runtime/rpc/error.ts";
import { connectChannel, serveBackground } from "../../../runtime/rpc/websocket_channel.ts";

const token = "a token of enough length";

async function openssl(cwd: string, command: string): Promise<void> {
  const { success, stderr } = await new Deno.Command("openssl", {
    args: command.split(" "),
    cwd,
    stderr: "piped",
  }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}

/** Makes an authority and a certificate for this machine in a folder. */
async function makeCertificates(folder: string): Promise<void> {
  await Deno.writeTextFile(`${folder}/san.cnf`, "subjectAltName=IP:127.0.0.1\n");
  const key = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";
  await openssl(folder, `req -x509 ${key} -keyout ca.key -out ca.pem -days 2 -subj /CN=test-ca`);
  await openssl(folder, `req ${key} -keyout server.key -out server.csr -subj /CN=127.0.0.1`);
  await openssl(
    folder,
    "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -out server.pem -days 2 " +
      "-extfile san.cnf",
  );
}

const hasOpenssl = await new Deno.Command("openssl", { args: ["version"], stdout: "null" })
  .output().then(({ success }) => success, () => false);

Deno.test({
  name: `remote: over TLS the authority must be known${hasOpenssl ? "" : " (skipped: no openssl)"}`,
  ignore: !hasOpenssl,
  async fn() {
    const folder = await Deno.makeTempDir();
    await makeCertificates(folder);
    const server = new RemotePoolServer({
      token,
      cert: await Deno.readTextFile(`${folder}/server.pem`),
      key: await Deno.readTextFile(`${folder}/server.key`),
      projectRoot: import.meta.dirname!,
    });
    server.registerWorker("echo", "./_workers.ts::echo");
    await using running = await server.serveBackground({ hostname: "0.0.0.0", port: 0 });
    const url = `wss://127.0.0.1:${running.port}`;
    await assertRejects(
      () => RemotePoolClient.connect(url, { token }),
      ConnectError,
      "of an unknown authority, which `ca_cert` may name",
    );
    await using client = await RemotePoolClient.connect(url, {
      token,
      ca_cert: `${folder}/ca.pem`,
    });
    await client.createPool("echo");
    await client.send(0, "x", 1);
    assertEquals((await client.recv({ timeout: 10 })).data, [0, 1]);
    await using channels = await serveBackground(async (channel) => {
      await channel.send("welcome", 1);
    }, {
      token,
      cert: await Deno.readTextFile(`${folder}/server.pem`),
      key: await Deno.readTextFile(`${folder}/server.key`),
      hostname: "0.0.0.0",
      port: 0,
    });
    const address = `wss://127.0.0.1:${channels.port}`;
    await assertRejects(() => connectChannel(address, { token }), ConnectError);
    await using channel = await connectChannel(address, { token, ca_cert: `${folder}/ca.pem` });
    assertEquals(await channel.recv({ timeout: 10 }), ["welcome", 1]);
    await Deno.remove(folder, { recursive: true });
  },
});
