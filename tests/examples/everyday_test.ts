import { assertEquals } from "@std/assert";
import { Net } from "@netrun/netrun";
import { VirtualClock } from "@netrun/netrun/testing";
import { handle, openNet } from "../../examples/server/main.ts";

const examples = new URL("../../examples/", import.meta.url);

Deno.test("server: requests are answered through the net, each by its own answer", async () => {
  await using net = await openNet();
  await using server = Deno.serve(
    { port: 0, onListen: () => {} },
    (request) => handle(net, request),
  );
  const ask = async (article: string) => {
    const response = await fetch(`http://localhost:${server.addr.port}/${article}`);
    return [response.status, await response.json()];
  };
  const articles = Array.from({ length: 60 }, (_, i) => ["apple", "pear", "plum"][i % 3]!);
  const answers = await Promise.all(articles.map(ask));
  const expected: Record<string, unknown> = {
    apple: [200, { cents: 30, count: 5 }],
    pear: [200, { cents: 45, count: 4 }],
    plum: [200, { cents: 20, count: 4 }],
  };
  assertEquals(answers, articles.map((article) => expected[article]));
  assertEquals((await ask("fig"))[0], 404);
  assertEquals((await ask("plum"))[0], 200);
  assertEquals(net.packets.size, 0);
});

Deno.test("crawler: links are followed at a measured pace, busy pages tried again, dead ones noted", async () => {
  const clock = new VirtualClock();
  await using net = await Net.fromFile(new URL("crawler/crawler.netrun.toml", examples), {
    clock,
    random: () => 0,
  });
  await net.init();
  net.injectData("load", "path", ["/"]);
  const start = clock.now();
  await net.runUntilBlocked();
  assertEquals((net.flushOutputQueue("titles") as string[]).sort(), [
    "About us",
    "Busy page",
    "Home",
    "News",
  ]);
  assertEquals(net.flushOutputQueue("dead"), ["/gone after 1 attempts"]);
  assertEquals(clock.now() - start, 1500);
});

Deno.test("nightly: the report is written when the last order is through", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const net = await Net.fromFile(new URL("nightly/nightly.netrun.toml", examples), {
      globalNodeVars: { report: `${folder}/report.json` },
    });
    await net.init();
    net.createEpoch("read", "default");
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("bad_orders::out"), ["Order 4 has no price"]);
    await net.close();
    assertEquals(JSON.parse(await Deno.readTextFile(`${folder}/report.json`)), [
      { country: "NO", orders: 2, cents: 2000 },
      { country: "SE", orders: 2, cents: 1240 },
    ]);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("weather: rows become a table of years, joined city by city", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const net = await Net.fromFile(new URL("weather/weather.netrun.toml", examples), {
      globalNodeVars: { report: `${folder}/report.md` },
      echo: () => {},
    });
    await net.init();
    net.createEpoch("read", "default");
    await net.runUntilBlocked();
    assertEquals(net.flushOutputQueue("rejected"), [203]);
    assertEquals(net.flushOutputQueue("summary"), [{ years: 4, wetter: "Seattle" }]);
    assertEquals(net.outputCount("unmatched"), 0);
    await net.close();
    const table = await Deno.readTextFile(`${folder}/report.md`);
    assertEquals(table.trimEnd().split("\n").length, 2 + 8);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
