import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigFileError } from "../../../../runtime/schema/error.ts";
import { parseNetText } from "../../../../runtime/schema/text/net_text.ts";

/** The problems of a text as `line:column message`. */
function problemsOf(text: string): string[] {
  const error = assertThrows(() => parseNetText(text, "json"), ConfigFileError);
  return error.issues.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

/** What `JSON.parse` gives, out of Maps. */
function plain(data: unknown): unknown {
  if (data instanceof Map) {
    const object = {};
    for (const [key, value] of data) {
      Object.defineProperty(object, key, {
        value: plain(value),
        configurable: true,
        enumerable: true,
        writable: true,
      });
    }
    return object;
  }
  return Array.isArray(data) ? data.map(plain) : data;
}

Deno.test("every JSON text is read as JSON.parse reads it", () => {
  const indent = fc.constantFrom("", " ", "\t", "\n", "\r\n ");
  fc.assert(fc.property(fc.json({ maxDepth: 6 }), indent, (json, space) => {
    // Integers beyond 2^53 differ on purpose.
    fc.pre(!/\d{16}/.test(json));
    const text = JSON.stringify(JSON.parse(json), null, space);
    assertEquals(plain(parseNetText(text, "json").data), JSON.parse(text));
  }));
  for (
    const text of ['"\\u00e9\\/\\b\\f\\n\\r\\t\\"\\\\"', "-0", "1E5", "0.1e-2", " [ ] ", "\uFEFF{}"]
  ) {
    const expected = JSON.parse(text.replace("\uFEFF", ""));
    assertEquals(plain(parseNetText(text, "json").data), expected);
  }
  assertEquals(Object.is(parseNetText("-0", "json").data, -0), true);
});

Deno.test("a text that JSON.parse refuses is refused with a place, whatever it is", () => {
  const token = fc.constantFrom(..."{}[]:,\"'\\/#-+.0e \n\tatrue", "//", "/*", "null", '"a"', "1");
  fc.assert(
    fc.property(fc.array(token, { maxLength: 12 }).map((tokens) => tokens.join("")), (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      if (valid) return;
      const error = assertThrows(() => parseNetText(text, "json"), ConfigFileError);
      assertEquals(error.issues.every((issue) => issue.line! > 0 && issue.column! > 0), true);
    }),
    { numRuns: 3000 },
  );
});

Deno.test("keys keep their order, also those that objects would reorder or lose", () => {
  const { data } = parseNetText('{"b": 1, "10": 2, "__proto__": {"x": 3}, "2": 4}', "json");
  assertEquals([...data as Map<string, unknown>], [
    ["b", 1],
    ["10", 2],
    ["__proto__", new Map([["x", 3]])],
    ["2", 4],
  ]);
});

Deno.test("all mistakes that leave the meaning clear are found in one reading", () => {
  const text = `{ // a net
  'name': "a",
  retries: 01,
  "pools": ["main",],
  "timeout": NaN, "wait": -Infinity
  "on": True, "name": None /* done */
}`;
  assertEquals(problemsOf(text), [
    "1:3 comments are not allowed in JSON; TOML net files may have them",
    "2:3 single quotes; JSON strings stand in double quotes",
    '3:3 the key must stand in double quotes: "retries"',
    "3:12 `01`: JSON numbers have no leading zeros",
    "4:19 trailing comma; JSON allows none before `]`",
    "5:14 `NaN` is not a finite number, which JSON cannot hold",
    "5:27 `-Infinity` is not a finite number, which JSON cannot hold",
    "5:36 missing comma after this value",
    "6:9 `True` is written `true` in JSON",
    '6:15 the key "name" stands twice in this object; keep one',
    "6:23 `None` is written `null` in JSON",
    "6:28 comments are not allowed in JSON; TOML net files may have them",
  ]);
});

Deno.test("a mistake after which nothing is clear says what was expected where", () => {
  const cases: [text: string, problem: string][] = [
    ["", '1:1 the file is empty; the smallest net is `{"graph": {"nodes": []}}`'],
    ["{} {}", "1:4 expected the end of the file, found `{`; a JSON text is one value"],
    ['{\n"a": [1, 2', "2:6 this `[` is never closed; the file ends before its `]`"],
    ['{"a": [1}', "1:9 expected `,` or `]`, found `}`"],
    ['{"a" 1}', '1:6 expected `:` after the key "a", found `1`'],
    [
      '{"a": "x\n"}',
      "1:7 this string is not closed on its line; close it, or write a line break in it as \\n",
    ],
    ['{"a": ,}', "1:7 a comma too many; expected a value"],
    ['{"a": 1,, "b": 2}', "1:9 a comma too many; expected a key"],
    ['{"a": +1}', "1:7 a JSON number starts with a digit or `-`, not with `+`"],
    ['{"a": 1.}', "1:7 `1.` starts no number of JSON"],
    ['{"a": “x”}', "1:7 expected a value, found `“` (U+201C)"],
    ['{"a": 1e400}', "1:7 `1e400` is not a finite number, which JSON cannot hold"],
    ['{"a": main}', "1:7 `main` is no JSON value; a string stands in double quotes"],
    ['{"a": "\\q\0"}', "1:8 `\\q` is no escape of JSON; a backslash itself is `\\\\`"],
  ];
  for (const [text, problem] of cases) assertEquals(problemsOf(text)[0], problem);
});

Deno.test("a key that stands twice is reported with its path", () => {
  const text = '{"graph": {"nodes": [{"name": "a",\n "name": "b"}]}}';
  const error = assertThrows(
    () => parseNetText(text, "json", { file: "/n.json" }),
    ConfigFileError,
  );
  assertEquals(error.code, "duplicate_key");
  assertEquals(error.issues, [{
    code: "duplicate_key",
    path: ["graph", "nodes", 0, "name"],
    message: 'the key "name" stands twice in this object; keep one',
    severity: "error",
    file: "/n.json",
    line: 2,
    column: 2,
  }]);
});

Deno.test("integers beyond 2^53 keep their digits, with a warning", () => {
  const text = parseNetText('{"id": [1, -9007199254740993, 9007199254740991]}', "json");
  assertEquals(text.data, new Map([["id", [1, -9007199254740993n, 9007199254740991]]]));
  assertEquals(
    text.warnings.map(({ code, path, line, column }) => ({ code, path, line, column })),
    [
      { code: "large_integer", path: ["id", 1], line: 1, column: 12 },
    ],
  );
});

Deno.test("no more than a hundred problems and warnings are listed", () => {
  assertEquals(problemsOf(`[${"NaN,".repeat(1000)}1]`).length, 100);
  const { warnings } = parseNetText(`[${"9007199254740993,".repeat(1000)}1]`, "json");
  assertEquals(warnings.length, 100);
});

Deno.test("ten thousand levels and a number of a million digits are refused, not choked on", () => {
  for (const text of ["[".repeat(10_000), '{"a":'.repeat(10_000)]) {
    const error = assertThrows(() => parseNetText(text, "json"), ConfigFileError);
    assertEquals(error.code, "too_deep");
  }
  const error = assertThrows(() => parseNetText("9".repeat(1e6), "json"), ConfigFileError);
  assertEquals(error.code, "too_large");
});

Deno.test("ten megabytes are read, as one string, as many nodes, as many keys", () => {
  const string = "x".repeat(1e7);
  assertEquals(
    parseNetText(JSON.stringify({ string }), "json").data,
    new Map([["string", string]]),
  );
  const nodes = Array.from(
    { length: 100_000 },
    (_, i) => ({ name: `n${i}`, extra: { x: [i, 1.5] } }),
  );
  const text = parseNetText(JSON.stringify({ nodes }, null, 2), "json");
  assertEquals((text.data as Map<string, unknown[]>).get("nodes")!.length, 100_000);
  assertEquals(text.position(["nodes", 99_999, "extra"]), {
    line: 1 + 1 + 9 * 99_999 + 3,
    column: 7,
  });
  const keys = Array.from({ length: 20_000 }, (_, i) => [i, i]);
  const table = parseNetText(JSON.stringify(Object.fromEntries(keys)), "json");
  assertEquals((table.data as Map<string, unknown>).size, 20_000);
});
