/**
 * The smallest project: a source, a function, a test of each kind.
 *
 * @module
 */
import type { Template } from "./template.ts";

/** The template. */
export const minimal: Template = {
  summary: "two nodes, the smallest net worth running",
  files: ({ tasks, schemaHint }) => ({
    "hello.netrun.toml": `${schemaHint}# Names flow from \`names\` to \`greet\`.

[[graph.nodes]]
name = "names"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::names" }

[[graph.nodes]]
name = "greet"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::greet" }

[graph]
edges = [
  { source_node = "names", source_port = "out", target_node = "greet", target_port = "name" },
]
`,
    "nodes.ts": `/** Yields the names, one packet each. */
export function* names(): Generator<string> {
  yield "Ada";
  yield "Grace";
}

/** Greets somebody: the parameter is the input port, what is returned leaves by \`out\`. */
export function greet(name: string): string {
  return \`Hello, \${name}!\`;
}
`,
    "nodes_test.ts": `import assert from "node:assert/strict";
import { greet, names } from "./nodes.ts";

Deno.test("greet() greets by name", () => {
  assert.equal(greet("Ada"), "Hello, Ada!");
});

Deno.test("names() yields two names", () => {
  assert.deepEqual([...names()], ["Ada", "Grace"]);
});
`,
    "hello.nettest.toml": `title = "a name that comes in is greeted"
net = "hello.netrun.toml"

[[inject]]
node = "greet"
port = "name"
values = ["Linus"]

[expect.queues]
"greet::out" = ["Hello, Linus!"]
`,
    "deno.json": `${JSON.stringify({ tasks }, null, 2)}\n`,
  }),
};
