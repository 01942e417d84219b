import { assertEquals, assertThrows } from "@std/assert";
import * as z from "zod";
import { buildNet } from "../../../runtime/config/builder.ts";
import type { NodeExecutionContext } from "../../../runtime/factories/node.ts";
import { any, batch, node, type NodeFn, optional } from "../../../runtime/factories/node.ts";
import { ConfigSchemaError } from "../../../runtime/schema/error.ts";

const parse = node(
  { in: { line: z.string() }, out: { row: z.object({ n: z.number() }), bad: z.string() } },
  ({ line }) => line === "" ? { bad: line } : { row: { n: Number(line) } },
);
const total = node(
  {
    in: {
      rows: batch(z.object({ n: z.number() }), { until: "done" }),
      scale: optional(z.number()),
      label: z.string().transform(Number),
      note: any(),
    },
    out: z.number(),
  },
  ({ rows, scale = 1, label }) => rows.reduce((sum, { n }) => sum + n * scale + label, 0),
);
const report: NodeFn<{ totals: number[]; title: string }, { text: string; pages: number }> = node(
  {
    in: { totals: batch(z.number()), title: z.string() },
    out: { text: z.string(), pages: z.int() },
  },
  ({ totals, title }) => ({ text: `${title}: ${totals.join()}` }),
);
const area = ({ w, h = 1, log: _ }: { w: number; h?: number; log?: unknown }) => w * h;
const add = (a: number, b: number) => a + b;
function* count(ctx: NodeExecutionContext) {
  yield ctx.retryCount;
}

const declared = () =>
  buildNet()
    .node("lines", { factory: "netrun:read", factory_args: { path: "a.txt", format: "lines" } })
    .node("parse", parse)
    .node("total", total, { execution_config: { retries: 1, signals: ["epoch_failed"] } })
    .node("report", { factory: "netrun:function", factory_args: { func: report } })
    .node("area", area, { factory_args: { include_port_types: false } })
    .node("add", add)
    .node("count", count);

Deno.test("functions have the ports that they declare, with the types of their schemas", async () => {
  const resolved = await declared()
    .edge("lines", "out", "parse", "line")
    .edge("parse", "row", "total", "rows")
    .edge("parse", "bad", "total", "label")
    .edge("total", "out", "report", "totals")
    .edge("total", "__signal_epoch_failed__", "total", "note")
    .edge("count", "out", "area", "w")
    .edge("area", "out", "add", "b")
    .edge("report", "text", "report", "title")
    .queue("pages", "report", "pages")
    .toConfig().resolve();
  assertEquals(resolved.validate(), []);
  const named = (name: string) => resolved.data.graph.nodes.find((each) => each.name === name)!;
  assertEquals([...named("total").in_ports.keys()], ["rows", "scale", "label", "note"]);
  assertEquals(named("total").execution_config.retries, 1);
  assertEquals(named("area").factory_args, { include_port_types: false, func: area });
});

Deno.test("wrong ports and unfit types of functions do not compile", () => {
  const wrong = [
    // @ts-expect-error: parse has no such input
    () => declared().edge("lines", "out", "parse", "text"),
    // @ts-expect-error: parse has no such output
    () => declared().edge("parse", "out", "total", "rows"),
    // @ts-expect-error: a row is no string
    () => declared().edge("parse", "row", "parse", "line"),
    // @ts-expect-error: a port of a batch takes one value a packet
    () => declared().edge("parse", "bad", "total", "rows"),
    // @ts-expect-error: what is transformed to a number is a string before
    () => declared().edge("total", "out", "total", "label"),
    // @ts-expect-error: nor does a stated type take anything else
    () => declared().edge("total", "out", "report", "title"),
    // @ts-expect-error: a string is no total, nor a list of some
    () => declared().edge("report", "text", "report", "totals"),
    // @ts-expect-error: an object pattern has no other member
    () => declared().edge("count", "out", "area", "width"),
    // @ts-expect-error: `log` is no port
    () => declared().edge("count", "out", "area", "log"),
    // @ts-expect-error: a string is no width
    () => declared().edge("parse", "bad", "area", "w"),
    // @ts-expect-error: a function with a context alone has no inputs
    () => declared().edge("area", "out", "count", "ctx"),
    // @ts-expect-error: a function that is not declared has only `out`
    () => declared().edge("area", "area", "add", "a"),
    // @ts-expect-error: there is a node add
    () => declared().node("add", add),
    // @ts-expect-error: the factory is netrun:function
    () => declared().node("more", add, { factory: "netrun:join" }),
    // @ts-expect-error: a node has no such field
    () => declared().node("more", add, { in_port: {} }),
  ];
  assertEquals(wrong.length, 15);
});

Deno.test("names of positional parameters are checked when the net is resolved", async () => {
  const config = declared().edge("count", "out", "add", "c").toConfig();
  const resolved = await config.resolve();
  assertEquals(resolved.validate().map(({ code }) => code), ["missing_port"]);
});

Deno.test("ports stated besides those of a function are added, and a stated type counts", async () => {
  const config = buildNet()
    .node("source", { out_ports: { n: { port_type: "int" }, s: { port_type: "str" } } })
    .node("area", area, {
      in_ports: { w: { slots_spec: { type: "finite", capacity: 2 } }, h: { port_type: "str" } },
      out_ports: { extra: {} },
    })
    .edge("source", "n", "area", "w")
    .edge("source", "s", "area", "h")
    .queue("more", "area", "extra")
    .toConfig();
  assertEquals((await config.resolve()).validate(), []);
});

Deno.test("ports of the other built-in factories follow from literal arguments", async () => {
  const build = () =>
    buildNet()
      .node("names", { out_ports: { name: { port_type: "str" } } })
      .node("read", { factory: "netrun:read" })
      .node("pair", { factory: "netrun:join", factory_args: { ports: ["l", "r"], by: "id" } })
      .node("run", {
        factory: "netrun:command",
        factory_args: { command: ["cat"], inputs: ["x"], stdin: "x", check: false },
      })
      .node("write", { factory: "netrun:write", factory_args: { path: "out.csv" } })
      .edge("names", "name", "read", "path")
      .edge("read", "out", "pair", "l")
      .edge("pair", "unmatched", "run", "x")
      .edge("run", "status", "write", "in");
  assertEquals((await build().toConfig().resolve()).validate(), []);
  const wrong = [
    // @ts-expect-error: there is a path already
    () => declared().edge("parse", "bad", "lines", "path"),
    // @ts-expect-error: a command has the inputs that it names
    () => build().edge("pair", "out", "run", "in"),
    // @ts-expect-error: nothing leaves a writer
    () => build().edge("write", "out", "pair", "r"),
    // @ts-expect-error: packets without a partner leave only if they are paired by a key
    () => buildNet().node("j", { factory: "netrun:join" }).queue("q", "j", "unmatched"),
  ];
  assertEquals(wrong.length, 4);
});

Deno.test("a net with functions in it cannot be written as a file", () => {
  const config = buildNet().node("add", add).toConfig();
  assertThrows(() => config.toToml(), ConfigSchemaError, "graph.nodes[0].factory_args.func");
});
