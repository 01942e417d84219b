import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { ConfigFileError } from "../../../../runtime/schema/error.ts";
import { decodeNetText, parseNetText } from "../../../../runtime/schema/text/net_text.ts";

const json = `{
  "graph": {
    "nodes": [
      { "name": "a" },
      { "name": "b", "é.→": { "": 1 } }
    ]
  }
}`;

const toml = `[graph] # here
extra.ui = { zoom = 1 }

[[graph.nodes]]
name = "a"

  [[graph.nodes]]
  name = "b"
  [graph.nodes.in_ports."é.→"]
  "" = 1
`;

Deno.test("a position in JSON is that of the key, or of the item of a list", () => {
  const { position } = parseNetText(json, "json");
  assertEquals(position(["graph"]), { line: 2, column: 3 });
  assertEquals(position(["graph", "nodes", 1]), { line: 5, column: 7 });
  assertEquals(position(["graph", "nodes", 1, "name"]), { line: 5, column: 9 });
  assertEquals(position(["graph", "nodes", 1, "é.→", ""]), { line: 5, column: 31 });
});

Deno.test("a position in TOML is that of the key in its header or its line", () => {
  const { position } = parseNetText(toml, "toml");
  assertEquals(position(["graph"]), { line: 1, column: 2 });
  assertEquals(position(["graph", "extra", "ui", "zoom"]), { line: 2, column: 14 });
  assertEquals(position(["graph", "nodes"]), { line: 4, column: 9 });
  assertEquals(position(["graph", "nodes", 1]), { line: 7, column: 3 });
  assertEquals(position(["graph", "nodes", 1, "name"]), { line: 8, column: 3 });
  assertEquals(position(["graph", "nodes", 1, "in_ports", "é.→", ""]), { line: 10, column: 3 });
});

Deno.test("what is not in the text has the position of its nearest ancestor", () => {
  for (const [text, format] of [[json, "json"], [toml, "toml"]] as const) {
    const { position } = parseNetText(text, format);
    const node = position(["graph", "nodes", 0]);
    assertEquals(position(["graph", "nodes", 0, "factory", "x", 3]), node);
    assertEquals(position(["graph", "nodes", 7]), position(["graph", "nodes"]));
    assertEquals(position(["pools", "main"]), { line: 1, column: 1 });
    assertEquals(
      position(["graph", "nodes", 0, "name", "x"]),
      position(["graph", "nodes", 0, "name"]),
    );
  }
  assertEquals(parseNetText("\n  []", "json").position([]), { line: 2, column: 3 });
});

Deno.test("lines end with LF, CRLF or CR, and a byte order mark takes no column", () => {
  for (const lineEnd of ["\n", "\r\n", "\r"]) {
    const { position } = parseNetText(`\uFEFF{"a": 1,${lineEnd} "b": 2}`, "json");
    assertEquals(position(["a"]), { line: 1, column: 2 });
    assertEquals(position(["b"]), { line: 2, column: 2 });
  }
});

Deno.test("bytes that are not UTF-8 are refused with the line of the first", () => {
  const bytes = new TextEncoder().encode('{\n "é": "?"}');
  assertEquals(decodeNetText(bytes), '{\n "é": "?"}');
  bytes[bytes.indexOf(0x3F)] = 0xFF;
  const error = assertThrows(() => decodeNetText(bytes, { file: "/n.json" }), ConfigFileError);
  assertEquals(
    error.message,
    "/n.json: the file is not UTF-8 text; save it as UTF-8 (line 2, column 8)",
  );

  const utf16 = new Uint8Array([0xFF, 0xFE, 0x7B, 0x00]);
  const wide = assertThrows(() => decodeNetText(utf16), ConfigFileError);
  assertStringIncludes(wide.message, "but UTF-16");
});

Deno.test("an error names the file it was handed", () => {
  for (const format of ["json", "toml"] as const) {
    const options = { file: "/nets/a.netrun" };
    const error = assertThrows(() => parseNetText("{", format, options), ConfigFileError);
    assertEquals([error.filePath, error.issues[0]!.file], [options.file, options.file]);
  }
});
