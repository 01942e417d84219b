import { assert, assertEquals, assertInstanceOf, assertRejects, assertThrows } from "@std/assert";
import {
  EpochError,
  type EpochLog,
  EpochTimeoutError,
  FunctionNotShippableError,
  Net,
  NotSerializableError,
  PacketTypeMismatch,
} from "@netrun/netrun";
import { WorkerCrashed } from "../../../runtime/pools/error.ts";
import { MessageTooLarge } from "../../../runtime/rpc/error.ts";
import { childProcesses } from "../pools/_leaks.ts";
import { type NetInput, node } from "../net/net_fixture.ts";
import {
  failure,
  kinds,
  on,
  open,
  project,
  results,
  two,
  unlimited,
  workerKinds,
} from "./_pool_fixture.ts";

for (const kind of Object.keys(kinds)) {
  Deno.test(`${kind}: 200 packets go through, synchronous and not`, async () => {
    await using net = await open(kind, [on("double"), on("slowly")], { spec: two[kind]! });
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    const doubled = await results(net, "double", numbers);
    assertEquals(doubled.sort((a, b) => Number(a) - Number(b)), numbers.map((n) => 2 * n));
    assertEquals((await results(net, "slowly", [1, 2, 3, 4])).sort(), [1, 2, 3, 4]);
  });

  Deno.test(`${kind}: ctx tells the same everywhere, also after a failure`, async () => {
    const vars = { node_vars: { bias: { value: 5, type: "int" } } };
    await using net = await open(kind, [on("describe", vars), on("failOnce", { retries: 1 })]);
    const value = { rows: new Map([["a", new Date(0)]]), bytes: new Uint8Array([1, 2]) };
    const told = {
      poolId: "p",
      ports: ["out"],
      hasRoot: true,
      value,
    };
    assertEquals(await results(net, "describe", [value]), [
      { nodeName: "describe", vars: { bias: 5 }, retryCount: 0, failures: [], ...told },
    ]);
    assertEquals(await results(net, "failOnce", [value]), [
      { nodeName: "failOnce", vars: {}, retryCount: 1, failures: ["RangeError: not yet"], ...told },
    ]);
  });

  Deno.test(`${kind}: an input can be passed on, and a value computed when it is taken`, async () => {
    await using net = await open(kind, [on("forward"), on("lazy")]);
    assertEquals(await results(net, "forward", [{ a: 1 }]), [{ a: 1 }]);
    assertEquals(await results(net, "lazy", [7]), [107]);
  });

  Deno.test(`${kind}: memory that is named in transfer arrives, and leaves a Worker`, async () => {
    await using net = await open(kind, [on("moveBytes")]);
    const sent = await results(net, "moveBytes", [true, false, false]);
    const sizes = sent.map((bytes) => (bytes as Float64Array)[0]);
    assertEquals(sizes, [-1, kind === "thread" ? 0 : 16, 16]);
  });

  Deno.test(`${kind}: mistakes with ctx are refused at the call, by the same errors`, async () => {
    await using net = await open(kind, [on("mistakes")]);
    assertEquals(await results(net, "mistakes", [1]), [[
      "PacketStateError",
      "PacketNotFoundError",
      "OutputPortNotFoundError",
      "SalvoConditionNotFoundError",
      "PacketStateError",
    ]]);
  });

  Deno.test(`${kind}: a throw, a leftover input, a wrong type fail the epoch alone`, async () => {
    const number = { in_ports: { in: { port_type: "int" } } };
    await using net = await open(kind, [on("fail"), on("leave"), on("double", {}, number)]);
    await failure(net, "fail", 1);
    const [{ errorType, error }] = net.epochLogs as [EpochLog];
    assertEquals([errorType, error], ["BadRow", "row 3"]);
    assertEquals((await failure(net, "leave", 1)).cause instanceof Error, true);
    assertInstanceOf((await failure(net, "double", "text")).cause, PacketTypeMismatch);
    assertEquals(await results(net, "double", [4]), [8]);
    assertEquals(net.deadLetterQueue.length, 3);
  });

  Deno.test(`${kind}: a cancelled epoch leaves nothing, also if the function swallows it`, async () => {
    await using net = await open(kind, [on("cancel")]);
    assertEquals(await results(net, "cancel", [1]), []);
    assertEquals(net.epochLogs.map(({ outcome }) => outcome), ["cancelled"]);
  });

  Deno.test(`${kind}: prints and structured entries join the epoch's log`, async () => {
    await using net = await open(kind, [on("speak")]);
    await results(net, "speak", [7]);
    const [log] = net.epochLogs;
    assertEquals(log!.logs.map(({ message }) => message.trim()), ["got 7 { a: 1 }", "step | n=1"]);
    assertEquals(log!.userFields, { n: 1 });
  });

  Deno.test(`${kind}: what a function returns is known to those who execute it by hand`, async () => {
    await using net = await open(kind, [on("tell", { retries: 3 })]);
    const result = await net.executeNode("tell", { in: [7] });
    assertEquals(result!.funcResult, { told: 7, at: new Date(0) });
    assertEquals([result!.cancelled, result!.consumedPackets.length], [false, 1]);
    if (kind === "main") return;
    const error = await assertRejects(
      () => net.executeNode("tell", { in: ["function"] }),
      EpochError,
    );
    assertInstanceOf(error.cause, NotSerializableError);
    assertEquals([error.retryCount, net.deadLetterQueue.length], [0, 1]);
    // Nobody asks for it in a run.
    assertEquals(await results(net, "tell", ["function"]), []);
  });

  Deno.test(`${kind}: what a generator yields is committed before it ends`, async () => {
    await using net = await open(kind, [on("count", {}, { out_salvo_conditions: unlimited })]);
    assertEquals(await results(net, "count", [5]), [0, 1, 2, 3, 4]);
  });

  Deno.test(`${kind}: a function that obeys its signal ends by the timeout, and keeps its worker`, async () => {
    await using net = await open(kind, [on("obey", { timeout: 0.2 })]);
    const error = await failure(net, "obey", "wait");
    assertInstanceOf(error.cause, EpochTimeoutError);
    assertEquals((await results(net, "obey", [1, 2])).sort(), [1, 2]);
  });

  Deno.test(`${kind}: a self-contained function of the program runs`, async () => {
    const fn = (x: number) => x + [1, 2].length;
    await using net = await open(kind, [{
      name: "n",
      factory: "netrun:function",
      factory_args: { func: fn },
      execution_config: { pools: ["p"] },
    }]);
    net.injectData("n", "x", [1, 2]);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("n::out").sort(), [3, 4]);
  });

  Deno.test(`${kind}: factories make their functions`, async () => {
    await using net = await open(kind, [{
      name: "n",
      factory: "netrun:function",
      factory_args: { func: "./nodes.ts::typed" },
      execution_config: { pools: ["p"] },
    }]);
    net.injectData("n", "x", [1, 2, 3]);
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("n::out").sort(), [2, 3, 4]);
  });
}

for (const kind of workerKinds) {
  Deno.test(`${kind}: a function that needs what is around it is refused by its name`, async () => {
    const outside = 7;
    const nodes = [node("n", (() => outside) as never, { pools: ["p"] })];
    const error = await assertRejects(() => open(kind, nodes), FunctionNotShippableError);
    assertEquals([error.node, error.pool], ["n", "p"]);
    assert(error.message.includes("`outside`"), error.message);
  });

  Deno.test(`${kind}: a result without a copy fails, is not tried again, and is named`, async () => {
    await using net = await open(kind, [on("uncopyable", { retries: 3 })]);
    const error = await failure(net, "uncopyable", 1);
    assertInstanceOf(error.cause, NotSerializableError);
    assertEquals([error.retryCount, error.cause.path], [0, ".rows[0].cb"]);
  });

  Deno.test(`${kind}: an input without a copy fails its epoch alone`, async () => {
    await using net = await open(kind, [on("double"), on("forward")]);
    const error = await failure(net, "forward", () => 1);
    assertInstanceOf(error.cause, NotSerializableError);
    assertEquals(await results(net, "double", [2]), [4]);
  });

  Deno.test(`${kind}: a value above max_message_size fails its epoch alone, and is not tried again`, async () => {
    await using net = await open(
      kind,
      [on("forward", { retries: 3 }), on("grow", { retries: 3 })],
      {
        spec: { max_message_size: 100_000 },
      },
    );
    const large = new Uint8Array(100_001);
    for (const [name, value] of [["forward", large], ["grow", large.length]] as const) {
      const error = await failure(net, name, value);
      assertInstanceOf(error.cause, MessageTooLarge);
      // A server needs some of it for itself.
      assert(error.cause.limit > 98_000 && error.cause.limit <= 100_000);
      assertEquals(error.retryCount, 0);
    }
    assertEquals(await results(net, "grow", [50_000]), [new Uint8Array(50_000)]);
  });

  Deno.test(`${kind}: a worker that dies costs the attempt; the epoch is tried again`, async () => {
    await using net = await open(kind, [on("dieOnce", { retries: 1 })]);
    const [told] = await results(net, "dieOnce", [1]) as { failures: string[] }[];
    assert(told!.failures[0]!.startsWith("WorkerCrashed: Worker 0 crashed"), told!.failures[0]);
  });

  Deno.test(`${kind}: without retries it is an error and a dead letter, and all else goes on`, async () => {
    await using net = await open(kind, [on("dieOnce"), on("double")], {
      spec: two[kind]!,
      propagate_exceptions: false,
    });
    net.injectData("dieOnce", "in", [1]);
    const numbers = Array.from({ length: 50 }, (_, i) => i);
    assertEquals((await results(net, "double", numbers)).length, 50);
    const [error] = net.exceptionQueue;
    assertInstanceOf(error!.cause, WorkerCrashed);
    assertEquals(net.deadLetterQueue.length, 1);
  });

  Deno.test(`${kind}: prints come in batches of print_buffer_max_size, the rest before the end`, async () => {
    const told: (string | string[])[] = [];
    const observed = async (x: Record<string, unknown>, print_flush_interval: number) => {
      told.length = 0;
      await using net = await open(kind, [on("talk", x)], {
        pool: { print_flush_interval },
      });
      net.onPrint((_name, _id, entries) => void told.push(entries.map(({ text }) => text.trim())));
      net.onEpochEnd(() => void told.push("end"));
      await results(net, "talk", [5]);
      assertEquals(net.epochLogs[0]!.logs.map(({ message }) => message.trim()).join(""), "01234");
      return told;
    };
    const whole = ["0", "1", "2", "3", "4"];
    // A node that says nothing of it has the interval of its pool.
    assertEquals(await observed({}, 1000), [whole, "end"]);
    assertEquals(await observed({}, 0), [...whole.map((text) => [text]), "end"]);
    assertEquals(await observed({ print_flush_interval: 1000, print_buffer_max_size: 2 }, 0), [
      ["0", "1"],
      ["2", "3"],
      ["4"],
      "end",
    ]);
  });

  Deno.test(`${kind}: what jobs write to the console joins their own logs`, async () => {
    await using net = await open(kind, [on("chat")], { spec: { max_jobs_per_worker: 4 } });
    await results(net, "chat", ["a", "b", "c", "d"]);
    const texts = net.epochLogs.map(({ logs }) => logs.map(({ message }) => message.trim()).join());
    assertEquals(texts.sort(), ["a 0,a 1,a 2", "b 0,b 1,b 2", "c 0,c 1,c 2", "d 0,d 1,d 2"]);
  });
}

for (const kind of ["thread", "multiprocess"]) {
  Deno.test(`${kind}: prints of a long epoch are seen while it runs, as often as its node says`, async () => {
    using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = listener.addr as Deno.NetAddr;
    const accepted = listener.accept();
    await using net = await open(kind, [on("talkOnDemand", { print_flush_interval: 0.01 })], {
      pool: { print_flush_interval: 1000 },
    });
    const told: string[] = [];
    net.onPrint(async (_name, _id, entries) => {
      told.push(...entries.map(({ text }) => text.trim()));
      // The function prints no more before this was seen.
      await (await accepted).write(new Uint8Array(1));
    });
    net.onEpochEnd(() => void told.push("end"));
    await results(net, "talkOnDemand", [port]);
    assertEquals(told, ["0", "1", "2", "3", "4", "end"]);
    (await accepted).close();
  });
}

Deno.test("multiprocess: what spins is ended by its timeout, its prints are kept, others run", async () => {
  const warnings: string[] = [];
  await using net = await open("multiprocess", [on("spin", { timeout: 0.3 })], {}, {
    cancelGrace: 0.2,
  });
  net.onEvent((event) => {
    if (event.type === "warning") warnings.push(event.code);
  });
  const error = await failure(net, "spin", "spin");
  assertInstanceOf(error.cause, EpochTimeoutError);
  assertEquals(net.epochLogs[0]!.logs.map(({ message }) => message), ["before\n"]);
  assertEquals((await results(net, "spin", [1, 2, 3, 4])).sort(), [1, 2, 3, 4]);
  await net.close();
  assertEquals(childProcesses().length, 0);
});

Deno.test("multiprocess: a node has exactly the permissions of its pool", async () => {
  const outside = await Deno.makeTempFile();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  const accepted = (async () => {
    for await (const connection of listener) connection.close();
  })().catch(() => {});
  const tryAll = async (permissions: unknown) => {
    await using net = await open("multiprocess", [on("trespass")], { spec: { permissions } });
    return await results(net, "trespass", [{ file: outside, port }]);
  };
  assertEquals(await tryAll("none"), [["NotCapable", "NotCapable", "NotCapable"]]);
  assertEquals(await tryAll({ read: [outside], net: [`127.0.0.1:${port}`] }), [
    ["done", "done", "NotCapable"],
  ]);
  assertEquals(await tryAll({ run: ["true"] }), [["NotCapable", "NotCapable", "done"]]);
  listener.close();
  await accepted;
  await Deno.remove(outside);
});

Deno.test("pools by one word: `default_pools` moves a net to the cores", async () => {
  await using net = await open("thread", [
    node("double", "./nodes.ts::double" as never),
    node("describe", "./nodes.ts::describe" as never),
  ], { default_pools: ["p"], pools: { p: { spec: { type: "thread", all_cores: true } } } });
  assertEquals(await results(net, "double", [1]), [2]);
  const [told] = await results(net, "describe", [1]) as { poolId: string }[];
  assertEquals(told!.poolId, "p");
});

Deno.test("the synchronous calls refuse a net with workers", async () => {
  await using net = await Net.create({
    project_root_override: project,
    pools: { p: { spec: { type: "thread" } } },
    graph: { nodes: [on("double")] },
  } as unknown as NetInput);
  assertThrows(() => net.initSync(), Error, "asynchronous");
});
