import { assert, assertEquals } from "@std/assert";
import { run } from "./_program.ts";

const program = "./_values_program.ts";

/** Spins, in a process that can be ended. */
async function spin(values: unknown[]) {
  const { code, stdout, stderr } = await run(program, {
    kind: "thread",
    spec: { num_workers: 1 },
    node: "spin",
    settings: { timeout: 0.2 },
    values,
  });
  assertEquals(code, 0, stderr);
  return { ...JSON.parse(stdout), stderr };
}

Deno.test("thread: what spins fails by its timeout, a fresh Worker goes on, one warning tells why", async () => {
  const { values, errors, prints, warnings, stderr } = await spin(["spin", 1, 2]);
  assertEquals(values, [1, 2]);
  assertEquals(errors.map((error: string) => error.split(":")[0]), ["EpochTimeoutError"]);
  assertEquals(prints, ["before\n", "before\n", "before\n"]);
  assertEquals(warnings, ["worker_ended"]);
  assert(stderr.includes('use a pool of type "multiprocess"'), stderr);
});

Deno.test("thread: after as many unstoppable Workers as it has, a pool takes no more jobs", async () => {
  const { values, errors, warnings } = await spin(["spin", "spin", 1]);
  assertEquals(values, []);
  assertEquals(errors.length, 3);
  assert(errors[2].includes("too many unstoppable workers"), errors[2]);
  assertEquals(warnings, ["worker_ended"]);
});

const restricted = {
  flags: ["-A", "--unstable-worker-options"],
  env: { NETRUN_WORKER_OPTIONS: "1" },
};

Deno.test("thread: a node has exactly the permissions of its pool, where Deno can restrict Workers", async () => {
  const file = await Deno.makeTempFile();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = (async () => {
    for await (const connection of listener) connection.close();
  })().catch(() => {});
  const tryAll = async (permissions: unknown) => {
    const { code, stdout, stderr } = await run(program, {
      kind: "thread",
      spec: { permissions },
      node: "trespass",
      values: [{ file, port }],
    }, restricted);
    assertEquals(code, 0, stderr);
    return JSON.parse(stdout).values;
  };
  const denied = "NotCapable";
  assertEquals(await tryAll("inherit"), [["done", "done", "done"]]);
  assertEquals(await tryAll("none"), [[denied, denied, denied]]);
  assertEquals(await tryAll({ read: [file], net: [`127.0.0.1:${port}`] }), [
    ["done", "done", denied],
  ]);
  assertEquals(await tryAll({ run: ["true"] }), [[denied, denied, "done"]]);
  listener.close();
  await accepted;
  await Deno.remove(file);
});

Deno.test("thread: without that, a restricted pool is refused before anything starts", async () => {
  const { code, stderr } = await run(program, {
    kind: "thread",
    spec: { permissions: "none" },
    node: "double",
    values: [1],
  });
  assertEquals(code, 1);
  assert(stderr.includes("cannot restrict its Workers here"), stderr);
});

Deno.test("thread: a pool cannot grant more than its program has, and says what is missing", async () => {
  const here = new URL("../../..", import.meta.url).pathname;
  const jsr = new URL(Deno.env.get("JSR_URL") ?? "file:///none").pathname;
  const { code, stderr } = await run(program, {
    kind: "thread",
    spec: { permissions: { net: ["127.0.0.1:80", "example.com"], run: true } },
    node: "double",
    values: [1],
  }, {
    ...restricted,
    flags: [
      "--unstable-worker-options",
      `--allow-read=${here},${jsr}`,
      "--allow-env",
      "--allow-net=127.0.0.1",
      "--allow-sys",
    ],
  });
  assertEquals(code, 1);
  const missing =
    'Pool "p" cannot give its Workers what this process does not have: start it with ' +
    "--allow-net=example.com --allow-run";
  assert(stderr.includes(missing), stderr);
});

Deno.test("a denial in a Worker names the entry that would grant it", async () => {
  const denial = async (permissions: unknown, flags: string[], kind = "thread") => {
    const { stdout, stderr } = await run(program, {
      kind,
      spec: { permissions },
      node: "readFile",
      values: ["/etc/passwd"],
    }, { ...restricted, flags });
    assert(stdout !== "", stderr);
    return JSON.parse(stdout).errors[0];
  };
  const listed = await denial({ read: ["./data"] }, restricted.flags);
  assert(listed.includes('permissions: { read: ["./data", "/etc/passwd"] }'), listed);

  const here = new URL("../../..", import.meta.url).pathname;
  const jsr = new URL(Deno.env.get("JSR_URL") ?? "file:///none").pathname;
  const partly = [
    `--allow-read=${here},${jsr},/etc/passwd`,
    ..."write env sys run net ffi import"
      .split(" ").map((kind) => `--allow-${kind}`),
  ];
  const inPart = await denial("inherit", partly, "multiprocess");
  assert(inPart.includes("holds only in part"), inPart);
  assert(inPart.includes('permissions: { read: ["/etc/passwd"] }'), inPart);
  const notAtAll = await denial(
    "inherit",
    partly.map((flag) => flag.replace(",/etc/passwd", "")),
    "multiprocess",
  );
  assert(notAtAll.includes("run it with --allow-read=/etc/passwd"), notAtAll);
});
