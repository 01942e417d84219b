import { assert, assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigSchemaError } from "../../../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../../../runtime/schema/issue.ts";
import { formatNetText } from "../../../../runtime/schema/text/format_net_text.ts";
import { parseNetText } from "../../../../runtime/schema/text/net_text.ts";
import { ordered, textData } from "./arbitrary.ts";

Deno.test("what is written reads back the same, keys in order, in both formats", () => {
  for (const format of ["json", "toml"] as const) {
    fc.assert(
      fc.property(textData({ nulls: format === "json" }), (data) => {
        const text = formatNetText(data, format);
        assertEquals(ordered(parseNetText(text, format).data), ordered(data));
      }),
      { numRuns: 1000 },
    );
  }
});

Deno.test("plain objects are written as Maps are, `__proto__` and undefined members too", () => {
  const data = JSON.parse('{"__proto__": {"a": 1}}');
  data.b = undefined;
  assertEquals(formatNetText(data, "json"), '{\n  "__proto__": {\n    "a": 1\n  }\n}\n');
  assertEquals(formatNetText(data, "toml"), "[__proto__]\na = 1\n");
});

Deno.test("TOML has headers for nodes, small tables inline and an edge a line", () => {
  const data = {
    retries: 2,
    pools: { main: { spec: { type: "main" } } },
    graph: {
      nodes: [
        { name: "a", out_ports: { "batch.dark": { port_type: "str" } } },
        { name: "b", in_ports: {}, extra: { note: "x".repeat(90), list: [1, 2] } },
      ],
      edges: [{ source_node: "a", source_port: "o", target_node: "b", target_port: "i" }],
      extra: { ui: { zoom: 1.5 } },
    },
  };
  assertEquals(
    formatNetText(data, "toml"),
    `retries = 2

[pools]
main = { spec = { type = "main" } }

[[graph.nodes]]
name = "a"
out_ports = { "batch.dark" = { port_type = "str" } }

[[graph.nodes]]
name = "b"
in_ports = {}

[graph.nodes.extra]
note = "${"x".repeat(90)}"
list = [1, 2]

[graph]
edges = [
  { source_node = "a", source_port = "o", target_node = "b", target_port = "i" },
]
extra = { ui = { zoom = 1.5 } }
`,
  );
});

Deno.test("a scalar after a large table makes TOML write the table with dotted keys before it", () => {
  const note = "x".repeat(90);
  const data = { graph: { nodes: [{ name: "a", extra: { note } }], edges: [] }, retries: 1 };
  assertEquals(
    formatNetText(data, "toml"),
    `graph.nodes = [
  { name = "a", extra = { note = "${note}" } },
]
graph.edges = []
retries = 1
`,
  );
});

Deno.test("nulls are left out of TOML, with a warning where they mean something", () => {
  const warnings: ConfigIssue[] = [];
  const data = { timeout: null, graph: { nodes: [{ name: "a", extra: { b: null, c: 1 } }] } };
  const text = formatNetText(data, "toml", { warn: (issue) => warnings.push(issue) });
  assertEquals(text, '[[graph.nodes]]\nname = "a"\nextra = { c = 1 }\n');
  assertEquals(warnings.map(({ code, path, severity }) => ({ code, path, severity })), [
    { code: "null_dropped", path: ["graph", "nodes", 0, "extra", "b"], severity: "warning" },
  ]);
});

Deno.test("everything that a format cannot hold is named in one error", () => {
  const data = { a: [1, null], b: NaN, c: () => 1, d: "\uD800", e: new Date(0), f: Symbol("s") };
  const error = assertThrows(() => formatNetText(data, "toml"), ConfigSchemaError);
  assertEquals(error.code, "not_serializable");
  assertEquals(error.issues.map((issue) => issue.path), [
    ["a", 1],
    ["b"],
    ["c"],
    ["d"],
    ["e"],
    ["f"],
  ]);
  const json = assertThrows(() => formatNetText(data, "json"), ConfigSchemaError);
  assertEquals(json.issues.map((issue) => issue.path), [["b"], ["c"], ["e"], ["f"]]);
  assertThrows(() => formatNetText([1], "toml"), ConfigSchemaError, "always a table");
});

Deno.test("half a surrogate pair survives in JSON", () => {
  const text = formatNetText({ a: "\uD800" }, "json");
  assertEquals(parseNetText(text, "json").data, new Map([["a", "\uD800"]]));
});

Deno.test("data that contains itself is too deep, not an overflow", () => {
  const data: Record<string, unknown> = {};
  data.self = data;
  for (const format of ["json", "toml"] as const) {
    const error = assertThrows(() => formatNetText(data, format), ConfigSchemaError);
    assertEquals(error.code, "too_deep");
  }
});

Deno.test("what is nested as deep as a text may be is written and read", () => {
  let tables: Map<string, unknown> = new Map();
  for (let depth = 1; depth < 1100; depth++) tables = new Map([["t", tables]]);
  let lists: unknown = [];
  for (let depth = 2; depth < 1100; depth++) lists = [lists];
  for (const data of [tables, new Map([["l", lists]])]) {
    for (const format of ["json", "toml"] as const) {
      const text = formatNetText(data, format);
      assert(text === formatNetText(parseNetText(text, format).data, format));
    }
  }
});

Deno.test("ten thousand nodes are written and read back in both formats", () => {
  const nodes = Array.from({ length: 10_000 }, (_, i) => ({
    name: `n${i}`,
    in_ports: { a: { port_type: "int" } },
    execution_config: { retries: i, pools: ["main"] },
  }));
  const edges = nodes.map(({ name }) => ({ source_node: name, source_port: "a" }));
  for (const format of ["json", "toml"] as const) {
    const text = formatNetText({ graph: { nodes, edges } }, format);
    assert(formatNetText(parseNetText(text, format).data, format) === text);
  }
});

Deno.test("keys and strings are escaped as TOML wants it", () => {
  const text = formatNetText({ "a b": '\0\b\x7F\\"\n', "": "é\u2028", "1-_x": "" }, "toml");
  assertStringIncludes(text, '"a b" = "\\u0000\\b\\u007F\\\\\\"\\n"\n');
  assertStringIncludes(text, '"" = "é\u2028"\n1-_x = ""\n');
});

Deno.test("text of several lines stands on several lines in TOML", () => {
  const text = 'a = """\none \\"\n\\\\n two\n"""\nb = "one\\n"\n';
  assertEquals(formatNetText({ a: 'one "\n\\n two\n', b: "one\n" }, "toml"), text);
});
