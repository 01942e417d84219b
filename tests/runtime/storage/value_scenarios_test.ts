import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import { join } from "node:path";
import { EpochError, Net, NetConfig } from "@netrun/netrun";
import { PacketNotFoundError } from "../../../sim/error.ts";
import { ModuleLoader } from "../../../runtime/modules/loader.ts";
import { ModuleImportError } from "../../../runtime/modules/error.ts";
import {
  LazyPacketValueEvaluationError,
  PacketAlreadyRegisteredError,
} from "../../../runtime/packets/error.ts";
import { LazyPacketValueSpec, lazyValueEvaluator } from "../../../runtime/packets/lazy_value.ts";
import { PacketStore } from "../../../runtime/packets/packet_store.ts";
import { boom, node, openNet } from "../net/net_fixture.ts";

Deno.test("1: a value is kept until it is taken, and then it is gone for every call", async () => {
  const store = new PacketStore();
  store.register("p", 42);
  assertThrows(() => store.register("p", 43), PacketAlreadyRegisteredError);
  assertEquals([store.peek("p"), store.size], [42, 1]);
  assertEquals(await store.consume("p"), 42);
  assertEquals([store.exists("p"), store.size], [false, 0]);
  for (const call of ["peek", "destroy"] as const) {
    assertThrows(() => store[call]("p"), PacketNotFoundError);
  }
  for (const call of ["consume", "resolve"] as const) {
    await assertRejects(() => store[call]("p"), PacketNotFoundError);
  }
});

Deno.test("2: a lazy value is a function of a module, which is loaded when it is taken", async () => {
  const projectRoot = await Deno.makeTempDir();
  await Deno.writeTextFile(
    join(projectRoot, "values.ts"),
    `export const add = (a: number, b: number) => a + b;
     export const fails = () => { throw new RangeError("no rows"); };`,
  );
  await Deno.writeTextFile(join(projectRoot, "never.ts"), "throw new Error('loaded');");
  const loader = new ModuleLoader({ projectRoot });
  const store = new PacketStore(
    lazyValueEvaluator((path) => loader.loadFunction(path) as never),
  );
  const add = new LazyPacketValueSpec("./values.ts::add", [40, 2]);
  store.register("good", add);
  assert(store.peek("good") === add);
  assertEquals(await store.consume("good"), 42);

  store.register("bad", new LazyPacketValueSpec("./values.ts::fails"));
  const error = await assertRejects(() => store.consume("bad"), LazyPacketValueEvaluationError);
  assertEquals([(error.cause as Error).message, store.exists("bad")], ["no rows", true]);

  store.register("missing", new LazyPacketValueSpec("./values.ts::missing"));
  await assertRejects(() => store.consume("missing"), ModuleImportError);

  store.register("unused", new LazyPacketValueSpec("./never.ts::f"));
  store.destroy("unused");
  assertEquals(store.exists("unused"), false);
  await Deno.remove(projectRoot, { recursive: true });
});

Deno.test("3: epochs that fail leave nothing of their inputs", async () => {
  await using net = await openNet([node("A", boom)], [], {
    propagate_exceptions: false,
    print_exceptions: false,
    dead_letter_queue: false,
  });
  net.injectData("A", "in", Array.from({ length: 5 }, () => "x".repeat(1024 * 1024)));
  await net.runUntilBlocked();
  assertEquals([net.exceptionQueue.length, net.packets.size], [5, 0]);
});

Deno.test("20: no dump of a net holds a secret that it took from the environment", async () => {
  const name = "NETRUN_TEST_STORAGE_SECRET";
  const secret = "hunter2-hunter2";
  Deno.env.set(name, secret);
  const root = await Deno.makeTempDir();
  await Deno.writeTextFile(join(root, "nodes.ts"), "export const same = (x: number) => x;");
  const config = NetConfig.parse({
    project_root_override: root,
    print_exceptions: false,
    propagate_exceptions: false,
    node_vars: { token: { value: { $env: name } } },
    storage: {
      cache: { enabled: true, include_nodes: ["cached"], storage_path: "cache" },
      file_storage_metadata_path: "meta",
      backends: {
        cloud: {
          type: "s3",
          bucket: "none",
          endpoint_url: "http://127.0.0.1:9",
          access_key: { $env: name },
          secret_key: { $env: name },
          session_token: { $env: name },
        },
      },
    },
    graph: {
      nodes: ["cached", "filed"].map((name) => ({
        name,
        factory: "netrun:function",
        factory_args: { func: "./nodes.ts::same" },
        execution_config: name === "filed"
          ? { storage: { file_storage: { backend: "cloud" } } }
          : {},
      })),
    },
  } as never);
  await using net = await Net.open(config);
  const events: unknown[] = [];
  net.onEvent((event) => events.push(event));
  for (const name of ["cached", "filed"]) net.injectData(name, "x", [1]);
  await net.runUntilBlocked();
  const [error] = net.exceptionQueue;
  assert(error instanceof EpochError);
  const dumps = {
    snapshot: JSON.stringify(net.snapshot()),
    inspected: Deno.inspect([net, net.snapshot(), error, events, net.epochLogs], { depth: 12 }),
    errors: JSON.stringify([error, error.cause, net.deadLetterQueue]),
    events: JSON.stringify(events, (_, value) => typeof value === "bigint" ? `${value}` : value),
    json: config.toJson(),
    toml: config.toToml(),
    stats: JSON.stringify([...net.cache.stats()]),
  };
  for (const [what, text] of Object.entries(dumps)) {
    assert(!text.includes(secret), `${what} tells the secret`);
  }
  await net.close();
  for (const folder of ["cache", "meta"]) {
    for await (const { name, isFile } of Deno.readDir(join(root, folder))) {
      if (!isFile) continue;
      const file = new TextDecoder("latin1").decode(await Deno.readFile(join(root, folder, name)));
      assert(!file.includes(secret), `${folder}/${name} tells the secret`);
    }
  }
  Deno.env.delete(name);
  await Deno.remove(root, { recursive: true });
});
