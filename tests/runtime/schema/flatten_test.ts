import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { ConfigResolveError } from "../../../runtime/schema/error.ts";

const port = (node: string, name: string) => ({ internal_node: node, internal_port: name });
const edge = (
  source_node: string,
  source_port: string,
  target_node: string,
  target_port: string,
) => ({ source_node, source_port, target_node, target_port });

async function codesOf(graph: unknown): Promise<string[]> {
  const error = await assertRejects(() => NetConfig.parse({ graph }).resolve(), ConfigResolveError);
  return error.issues.map(({ code, path }) => `${code} ${path.join(".")}`);
}

Deno.test("an edge goes through any depth of subgraphs to the node inside", async () => {
  const inner = {
    type: "subgraph",
    name: "c.d",
    nodes: [{ name: "n", in_ports: { "p.q": {} }, out_ports: { o: {} } }],
    exposed_in_ports: { "x.y": port("n", "p.q") },
    exposed_out_ports: { r: port("n", "o") },
  };
  const outer = {
    type: "subgraph",
    name: "a.b",
    nodes: [inner],
    exposed_in_ports: { z: port("c.d", "x.y") },
  };
  const config = NetConfig.parse({
    output_queues: { q: { ports: [["a.b.c.d.n", "o"]] } },
    graph: {
      nodes: [{ name: "s", out_ports: { o: {} } }, outer],
      edges: [edge("s", "o", "a.b", "z")],
    },
  });
  const resolved = await config.resolve();
  assertEquals(resolved.data.graph.edges, [
    { ...edge("s", "o", "a.b.c.d.n", "p.q"), dependency: false },
  ]);
  assertEquals(resolved.validate(), []);
  assertEquals(resolved.subgraphs.map(({ name }) => name), ["a.b", "a.b.c.d"]);
});

Deno.test("edges come from the outermost graph first, then depth first", async () => {
  const line = (name: string, members: unknown[]) => ({
    type: "subgraph",
    name,
    nodes: [...members, { name: "a", out_ports: { o: {} } }, { name: "b", in_ports: { i: {} } }],
    edges: [edge("a", "o", "b", "i")],
  });
  const config = NetConfig.parse({
    graph: { nodes: [line("x", [line("y", [])]), line("z", [])], edges: [] },
  });
  const { edges } = (await config.resolve()).data.graph;
  assertEquals(edges.map(({ source_node }) => source_node), ["x.a", "x.y.a", "z.a"]);
});

Deno.test("an exposed port that leads nowhere is reported, used or not", async () => {
  assertEquals(
    await codesOf({
      nodes: [{
        type: "subgraph",
        name: "s",
        nodes: [{ name: "n", in_ports: { i: {} } }],
        exposed_in_ports: { good: port("n", "i"), bad: port("n", "j") },
        exposed_out_ports: { worse: port("m", "o") },
      }],
    }),
    [
      "exposed_port_unknown graph.nodes.0.exposed_in_ports.bad",
      "exposed_port_unknown graph.nodes.0.exposed_out_ports.worse",
    ],
  );
});

Deno.test("a node in place of one of a subgraph collides, and explains nothing else", async () => {
  const line = {
    type: "subgraph",
    name: "s",
    nodes: [{ name: "n", in_ports: { i: {} } }],
    exposed_in_ports: { x: port("n", "i") },
  };
  for (const nodes of [[line, { name: "s.n" }], [{ name: "s.n" }, line]]) {
    const [code, ...others] = await codesOf({ nodes });
    assert(code!.startsWith("node_name_collision graph.nodes.1"), code);
    assertEquals(others, []);
  }
});

Deno.test("a name that another one begins with collides only at a dot", async () => {
  assertEquals(await codesOf({ nodes: [{ name: "a.b" }, { name: "a.bc" }, { name: "a" }] }), [
    "node_name_collision graph.nodes.2.name",
  ]);
  const fine = NetConfig.parse({ graph: { nodes: [{ name: "a.b" }, { name: "a.bc" }] } });
  assertEquals((await fine.resolve()).data.graph.nodes.length, 2);
});

Deno.test("names collide exactly where a comparison of all pairs says so", async () => {
  const name = fc.stringMatching(/^[ab]{1,2}(\.[ab]){0,2}$/);
  await fc.assert(
    fc.asyncProperty(fc.array(name, { minLength: 1, maxLength: 6 }), async (names) => {
      const collide = names.some((a, i) =>
        names.some((b, j) => i !== j && (a === b || b.startsWith(`${a}.`)))
      );
      const config = NetConfig.parse({ graph: { nodes: names.map((name) => ({ name })) } });
      const failed = await config.resolve().then(() => false, () => true);
      assert(failed === collide, names.join(" "));
    }),
  );
});
