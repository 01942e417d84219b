import { assertEquals } from "@std/assert";
import * as z from "zod";
import { buildNet } from "../../../runtime/config/builder.ts";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { parseNetText } from "../../../runtime/schema/text/net_text.ts";

class Shape {
  area = 1;
}
class Circle extends Shape {
  radius = 1;
}

const two = () =>
  buildNet()
    .node("a", {
      out_ports: {
        int: { port_type: "int" },
        text: { port_type: "str" },
        texts: { port_type: "list[str]" },
        circle: { port_type: Circle },
        shape: { port_type: Shape },
        user: { port_type: z.object({ id: z.number(), name: z.string() }) },
        any: {},
      },
      execution_config: { signals: ["epoch_failed"], error_port: "failed" },
    })
    .node("b", {
      in_ports: {
        float: { port_type: "float" },
        texts: { port_type: "string[]" },
        shape: { port_type: Shape },
        circle: { port_type: Circle },
        id: { port_type: z.object({ id: z.number() }) },
        any: {},
      },
      execution_config: { controls: ["enable"] },
    });

Deno.test("edges between ports that exist and fit compile", () => {
  const config = two()
    .edge("a", "int", "b", "float")
    .edge("a", "text", "b", "any")
    .edge("a", "any", "b", "texts")
    .edge("a", "texts", "b", "texts")
    .edge("a", "circle", "b", "shape")
    .edge("a", "user", "b", "id")
    .edge("a", "__signal_epoch_failed__", "b", "__control_enable__", { dependency: true })
    .edge("a", "failed", "b", "any")
    .toConfig();
  assertEquals(config.validate(), []);
  assertEquals(config.data.graph.edges.length, 8);
});

Deno.test("wrong names and unfit types do not compile", () => {
  const wrong = [
    // @ts-expect-error: there is no node c
    () => two().edge("c", "int", "b", "float"),
    // @ts-expect-error: a has no output port of that name
    () => two().edge("a", "itn", "b", "float"),
    // @ts-expect-error: b has no input port of that name
    () => two().edge("a", "int", "b", "flaot"),
    // @ts-expect-error: float is an input port
    () => two().edge("b", "float", "a", "int"),
    // @ts-expect-error: a string is no number
    () => two().edge("a", "text", "b", "float"),
    // @ts-expect-error: an integer is no list
    () => two().edge("a", "int", "b", "texts"),
    // @ts-expect-error: a shape is not always a circle
    () => two().edge("a", "shape", "b", "circle"),
    // @ts-expect-error: an integer is no object
    () => two().edge("a", "int", "b", "id"),
    // @ts-expect-error: b takes no such control
    () => two().edge("a", "any", "b", "__control_disable__"),
    // @ts-expect-error: there is a node a
    () => two().node("a", {}),
    // @ts-expect-error: a queue collects from output ports
    () => two().queue("q", "b", "any"),
    // @ts-expect-error: a node has no such field
    () => buildNet().node("n", { in_port: {} }),
    // @ts-expect-error: retries is a number
    () => buildNet({ retries: "many" }),
  ];
  assertEquals(wrong.length, 13);
});

Deno.test("ports of broadcasts and joins follow from literal arguments", async () => {
  const build = () =>
    buildNet()
      .node("source", { out_ports: { o: {} } })
      .node("tee", { factory: "netrun:broadcast", factory_args: { num_outputs: 2 } })
      .node("pair", {
        factory: "netrun.node_factories.join",
        factory_args: { ports: ["left", "right"] },
      })
      .edge("source", "o", "tee", "in_0")
      .edge("tee", "out_0", "pair", "left")
      .edge("tee", "out_1", "pair", "right")
      .queue("pairs", "pair", "out");
  const resolved = await build().toConfig().resolve();
  assertEquals(resolved.validate(), []);
  const wrong = [
    // @ts-expect-error: there are only two outputs
    () => build().edge("tee", "out_2", "pair", "left"),
    // @ts-expect-error: there is no such input
    () => build().edge("tee", "out_0", "pair", "middle"),
  ];
  assertEquals(wrong.length, 2);
});

Deno.test("a subgraph has the ports that it exposes, with their types", async () => {
  const inner = buildNet()
    .node("double", {
      in_ports: { n: { port_type: "int" } },
      out_ports: { m: { port_type: "int" } },
    });
  const build = () =>
    buildNet()
      .node("source", { out_ports: { n: { port_type: "int" }, s: { port_type: "str" } } })
      .subgraph("sub", inner, { in: { x: ["double", "n"] }, out: { y: ["double", "m"] } })
      .node("sink", { in_ports: { n: { port_type: "float" }, s: { port_type: "str" } } })
      .edge("source", "n", "sub", "x")
      .edge("sub", "y", "sink", "n");
  const resolved = await build().toConfig().resolve();
  assertEquals(resolved.validate(), []);
  assertEquals(resolved.data.graph.edges.map((edge) => edge.target_node), ["sub.double", "sink"]);
  const wrong = [
    // @ts-expect-error: a string is no number
    () => build().edge("source", "s", "sub", "x"),
    // @ts-expect-error: a number is no string
    () => build().edge("sub", "y", "sink", "s"),
    // @ts-expect-error: nothing inside is called so
    () => buildNet().subgraph("sub", inner, { in: { x: ["double", "q"] } }),
  ];
  assertEquals(wrong.length, 3);
});

Deno.test("a built net is the same as one from a file, and can be written as one", () => {
  const config = buildNet({ retries: 2, node_vars: { v: { value: 1 } } })
    .node("a", { out_ports: { o: { port_type: "int" } }, execution_config: { timeout: 3 } })
    .node("b", { in_ports: { i: {} } })
    .edge("a", "o", "b", "i")
    .toConfig();
  const text = config.toToml();
  assertEquals(NetConfig.parse(parseNetText(text, "toml").data).data, config.data);
});
