import { assertEquals } from "@std/assert";
import fc from "fast-check";
import type { ConfigIssue } from "../../../../runtime/schema/issue.ts";
import { formatNetText } from "../../../../runtime/schema/text/format_net_text.ts";
import { type NetTextFormat, parseNetText } from "../../../../runtime/schema/text/net_text.ts";
import { ordered, textData } from "./arbitrary.ts";

type Table = Map<string, unknown>;

/** Writes `over` again after `change`, and gives the codes of the warnings too. */
function rewrite(
  over: string,
  format: NetTextFormat,
  change: (data: Table) => void,
): { text: string; codes: string[] } {
  const data = parseNetText(over, format).data as Table;
  change(data);
  const warnings: ConfigIssue[] = [];
  const text = formatNetText(data, format, { over, warn: (issue) => warnings.push(issue) });
  return { text, codes: warnings.map((issue) => issue.code) };
}

interface Leaf {
  value: unknown;
  set: (value: unknown) => void;
}

/** All scalars in data, in order. */
function leavesOf(data: unknown, set: Leaf["set"] = () => {}): Leaf[] {
  if (data instanceof Map) {
    return [...data].flatMap(([key, value]) => leavesOf(value, (v) => data.set(key, v)));
  }
  if (Array.isArray(data)) {
    return data.flatMap((value, i) => leavesOf(value, (v) => data[i] = v));
  }
  return [{ value: data, set }];
}

function changedLines(before: string, after: string): number {
  const lines = after.split("\n");
  return before.split("\n").filter((line, i) => line !== lines[i]).length;
}

function graphOf(data: Table): Table {
  return data.get("graph") as Table;
}

const commented = `# Roastery
#:schema ./netrun.schema.json

retries   = 1  # the scale is flaky
timeout = 1_000.0

[graph]   # all of it
edges = [
  { source_node = "a", target_node = "b" },
]
[[graph.nodes]]
name = 'a' # first
extra = { position = { x = 1, y = 2 }, when = 2024-01-02 }
pools = ["x", "y"]
`;

Deno.test("an unchanged text is written as it was, byte for byte", () => {
  for (const over of [commented, commented.replaceAll("\n", "\r\n"), `\uFEFF${commented}`]) {
    assertEquals(rewrite(over, "toml", () => {}), { text: over, codes: [] });
  }
});

Deno.test("changed values leave comments, order and layout of TOML as they were", () => {
  const { text, codes } = rewrite(commented, "toml", (data) => {
    data.set("retries", 3);
    const [node] = graphOf(data).get("nodes") as [Table];
    node.set("name", "it's");
    (node.get("extra") as Table).set("position", new Map([["z", 3]]));
    (node.get("pools") as string[]).push("z");
    (graphOf(data).get("edges") as Table[]).push(new Map([["source_node", "c"]]));
  });
  assertEquals(
    text,
    commented.replace("= 1  #", "= 3  #").replace("'a'", `"it's"`)
      .replace("{ x = 1, y = 2 }", "{ z = 3 }").replace('"y"]', '"y", "z"]')
      .replace('"b" },\n', '"b" },\n  { source_node = "c" },\n'),
  );
  assertEquals(codes, []);
});

Deno.test("a new key rewrites TOML, keeps the comments at the top and warns of the others", () => {
  const { text, codes } = rewrite(commented, "toml", (data) => data.set("max_epochs", 2));
  assertEquals(
    text.slice(0, 61),
    "# Roastery\n#:schema ./netrun.schema.json\n\nretries = 1\ntimeout",
  );
  assertEquals(codes, ["comments_lost"]);
  assertEquals(rewrite("# top\na = 1\n", "toml", (data) => data.set("b", 2)), {
    text: "# top\n\na = 1\nb = 2\n",
    codes: [],
  });
});

Deno.test("a comment inside a list that gets longer is warned of, not dropped in silence", () => {
  const over = "a = [\n  1, # one\n]\n";
  assertEquals(rewrite(over, "toml", (data) => data.set("a", [2])).text, "a = [\n  2, # one\n]\n");
  assertEquals(rewrite(over, "toml", (data) => data.set("a", [1, 2])), {
    text: "a = [1, 2]\n",
    codes: ["comments_lost"],
  });
});

Deno.test("a string over several lines stays one", () => {
  const over = 'a = """\nx\ny""" # text\n'.replaceAll("\n", "\r\n");
  assertEquals(
    rewrite(over, "toml", (data) => data.set("a", 'x\n"z"')).text,
    'a = """\nx\n\\"z\\"""" # text\n'.replaceAll("\n", "\r\n"),
  );
});

Deno.test("JSON keeps its indentation, line ends and byte order mark", () => {
  const over = '\uFEFF{\r\n\t"a": {\r\n\t\t"b": [1, 2]\r\n\t}\r\n}';
  assertEquals(
    rewrite(over, "json", (data) => (data.get("a") as Table).set("c", new Map([["d", 1]]))).text,
    '\uFEFF{\r\n\t"a": {\r\n\t\t"b": [1, 2],\r\n\t\t"c": {"d": 1}\r\n\t}\r\n}\r\n',
  );
});

Deno.test("JSON on a single line is written with two blanks a level", () => {
  assertEquals(
    rewrite('{"a": 1}', "json", (data) => data.set("a", [])).text,
    '{\n  "a": []\n}\n',
  );
});

Deno.test("an edge added to JSON stands on one line where the others do", () => {
  const over = `{
    "graph": {
        "nodes": [{ "name": "a" }, { "name": "b" }],
        "edges": [
            { "source_node": "a", "target_node": "b" },
            { "source_node": "b", "target_node": "a" }
        ]
    }
}
`;
  const { text } = rewrite(over, "json", (data) => {
    const edges = graphOf(data).get("edges") as Table[];
    edges.shift();
    edges.push(new Map([["source_node", "c"]]));
    edges.push(new Map([["source_node", "d"]]));
  });
  assertEquals(
    text,
    over.replace('            { "source_node": "a", "target_node": "b" },\n', "").replace(
      '"a" }\n',
      '"a" },\n            { "source_node": "c" },\n            { "source_node": "d" }\n',
    ),
  );
});

Deno.test("writing over a text that cannot be read writes a fresh one", () => {
  assertEquals(formatNetText({ a: 1 }, "toml", { over: "= broken" }), "a = 1\n");
});

Deno.test("whatever a text is written over, it reads back as the data", () => {
  for (const format of ["json", "toml"] as const) {
    const data = textData({ nulls: format === "json" });
    const lineEnds = fc.constantFrom("\n", "\r\n");
    fc.assert(
      fc.property(data, data, lineEnds, (old, changed, lineEnd) => {
        const over = formatNetText(old, format).replaceAll("\n", lineEnd);
        const text = formatNetText(changed, format, { over });
        assertEquals(ordered(parseNetText(text, format).data), ordered(changed));
      }),
      { numRuns: 300 },
    );
  }
});

Deno.test("every single value of every fixture can be changed alone", async () => {
  const fixtures = new URL("../../../conformance/fixtures/config/valid/", import.meta.url);
  let count = 0;
  for await (const { name } of Deno.readDir(fixtures)) {
    const format = /\.netrun\.(json|toml)$/.exec(name)?.[1] as NetTextFormat | undefined;
    if (format === undefined) continue;
    const over = await Deno.readTextFile(new URL(name, fixtures));
    const leaves = leavesOf(parseNetText(over, format).data);
    for (const [i, { value }] of leaves.entries()) {
      const { text, codes } = rewrite(over, format, (data) => leavesOf(data)[i]!.set("changed"));
      const expected = parseNetText(over, format).data;
      leavesOf(expected)[i]!.set("changed");
      assertEquals(ordered(parseNetText(text, format).data), ordered(expected));
      assertEquals(codes, []);
      assertEquals(changedLines(over, text), 1, `${name}: ${value}`);
      count++;
    }
  }
  assertEquals(count > 500, true);
});

Deno.test("one value changed anywhere in a text reads back changed there and nowhere else", () => {
  const change = (data: unknown, steps: number[]): unknown => {
    const [step = 0, ...rest] = steps;
    if (data instanceof Map && data.size > 0) {
      const key = [...data.keys()][step % data.size];
      return new Map(data).set(key, change(data.get(key), rest));
    }
    if (Array.isArray(data) && data.length > 0) {
      return data.with(step % data.length, change(data[step % data.length], rest));
    }
    return "changed";
  };
  for (const format of ["json", "toml"] as const) {
    fc.assert(
      fc.property(
        textData({ nulls: false }),
        fc.array(fc.nat(9), { minLength: 8 }),
        (data, path) => {
          fc.pre(data.size > 0);
          const changed = change(data, path);
          const over = formatNetText(data, format);
          const text = formatNetText(changed, format, { over });
          assertEquals(ordered(parseNetText(text, format).data), ordered(changed));
        },
      ),
      { numRuns: 300 },
    );
  }
});
