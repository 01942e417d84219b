import { assertEquals, assertThrows } from "@std/assert";
import { parse } from "@std/toml";
import fc from "fast-check";
import { ConfigFileError } from "../../../../runtime/schema/error.ts";
import { formatNetText } from "../../../../runtime/schema/text/format_net_text.ts";
import { parseNetText } from "../../../../runtime/schema/text/net_text.ts";
import { textData } from "./arbitrary.ts";

const fixtures = new URL("../../../conformance/fixtures/config/", import.meta.url);

/** The first problem of a text as `line:column code: message`. */
function problemOf(text: string): string {
  const error = assertThrows(() => parseNetText(text, "toml"), ConfigFileError);
  const { line, column, code, message } = error.issues[0]!;
  return `${line}:${column} ${code}: ${message}`;
}

/** Data as @std/toml gives it: plain objects, big integers rounded. */
function rounded(data: unknown): unknown {
  if (data instanceof Map) {
    return new Map([...data].sort(byKey).map(([key, value]) => [key, rounded(value)]));
  }
  if (Array.isArray(data)) return data.map(rounded);
  if (data instanceof Date) return data.toISOString();
  if (typeof data === "object" && data !== null) {
    return rounded(new Map(Object.entries(data)));
  }
  return typeof data === "bigint" ? Number(data) : Object.is(data, -0) ? 0 : data;
}

function isToml(text: string): boolean {
  try {
    parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

function byKey([a]: unknown[], [b]: unknown[]): number {
  return String(a) < String(b) ? -1 : 1;
}

Deno.test("every TOML fixture is read as @std/toml reads it", async () => {
  let count = 0;
  for (const folder of ["valid", "valid/parts", "invalid", "improved"]) {
    for await (const { name } of Deno.readDir(new URL(folder, fixtures))) {
      if (!name.endsWith(".toml")) continue;
      const text = await Deno.readTextFile(new URL(`${folder}/${name}`, fixtures));
      const read = () => parseNetText(text, "toml").data;
      if (isToml(text)) assertEquals(rounded(read()), rounded(parse(text)), name);
      else assertThrows(read, ConfigFileError);
      count++;
    }
  }
  assertEquals(count > 10, true);
});

Deno.test("what the writer writes is TOML to @std/toml too", () => {
  fc.assert(
    fc.property(textData({ nulls: false }), (data) => {
      const text = formatNetText(data, "toml");
      // These are lost or refused by that reader, whatever the text.
      fc.pre(!/__proto__|constructor|\d{17}/.test(text));
      assertEquals(rounded(parse(text)), rounded(data));
    }),
    { numRuns: 300 },
  );
});

Deno.test("tables stand in the order in which they are first named", () => {
  const { data } = parseNetText(
    '"10".a = 1\n2 = 1\n[z.y]\n[b]\n[z]\nx = 1\n[[b.list]]\nk = 1\n[b.list.sub]\n[[b.list]]\n' +
      "[__proto__]\nq = 1\n",
    "toml",
  );
  assertEquals(
    data,
    new Map<string, unknown>([
      ["10", new Map([["a", 1]])],
      ["2", 1],
      ["z", new Map<string, unknown>([["y", new Map()], ["x", 1]])],
      ["b", new Map([["list", [new Map([["k", 1], ["sub", new Map()]] as never), new Map()]]])],
      ["__proto__", new Map([["q", 1]])],
    ]),
  );
  assertEquals([...(data as Map<string, unknown>).keys()], ["10", "2", "z", "b", "__proto__"]);
});

Deno.test("dates are strings as written, in ISO 8601 form", () => {
  const { data } = parseNetText(
    "a = 2024-01-02T03:04:05Z\nb = 2024-01-02 03:04:05.50+01:00\nc = 2024-01-02\nd = 07:32:00\n" +
      "e = 1979-05-27t07:32:00z\n",
    "toml",
  );
  assertEquals([...(data as Map<string, unknown>).values()], [
    "2024-01-02T03:04:05Z",
    "2024-01-02T03:04:05.50+01:00",
    "2024-01-02",
    "07:32:00",
    "1979-05-27T07:32:00Z",
  ]);
});

Deno.test("numbers: every digit of an integer is kept, infinities are numbers", () => {
  const text = parseNetText("a = 9007199254740993\nb = 0xF\n", "toml");
  assertEquals(text.data, new Map<string, unknown>([["a", 9007199254740993n], ["b", 15]]));
  assertEquals(text.warnings.map(({ code, path, line }) => ({ code, path, line })), [
    { code: "large_integer", path: ["a"], line: 1 },
  ]);
  const { data } = parseNetText("a = inf\nb = -inf\nc = nan\nd = 1_000.5", "toml");
  assertEquals([...(data as Map<string, unknown>).values()], [Infinity, -Infinity, NaN, 1000.5]);
});

Deno.test("a mistake says where it is and what to do", () => {
  const cases: [text: string, problem: string][] = [
    ["a = 1\na = 2", "2:1 duplicate_key: the key `a` is defined twice; keep one of them"],
    [
      '[t]\n["x y"]\n["x y"]',
      '3:2 duplicate_key: the key `"x y"` is defined twice; keep one of them',
    ],
    ["a = True", "1:5 syntax: `True` is written `true` in TOML"],
    ["a = null", "1:5 syntax: TOML has no null; leave the key out"],
    ["a = main", "1:5 syntax: `main` is no TOML value; a string stands in quotes"],
    ["\uFEFFa = main", "1:5 syntax: `main` is no TOML value; a string stands in quotes"],
    ["a = [1 2]", "1:8 syntax: a comma is missing here"],
    ["a =\nb = 1", "1:4 syntax: a value is missing here"],
    [
      "a = 'x",
      '1:7 syntax: this string is not closed on its line; close it, or use """ for several lines',
    ],
    [
      "a = 1 b = 2",
      "1:7 syntax: expected the end of the line; every key stands on a line of its own",
    ],
    [
      "my key = 1",
      "1:4 syntax: expected `=` after this key; a key with spaces or signs needs quotes",
    ],
    ["a = 2024-13-01", "1:14 syntax: there is no such date"],
  ];
  for (const [text, problem] of cases) assertEquals(problemOf(text), problem);
});

Deno.test("ten thousand levels are refused with their place, however they are written", () => {
  const deep = 10_000;
  const texts = [
    `a = ${"[".repeat(deep)}${"]".repeat(deep)}`,
    `a = ${"[".repeat(deep)}`,
    `a = ${"{a=".repeat(deep)}1${"}".repeat(deep)}`,
    `a${".a".repeat(deep)} = 1`,
    `[a${".a".repeat(deep)}]`,
  ];
  for (const text of texts) {
    const error = assertThrows(() => parseNetText(text, "toml"), ConfigFileError);
    assertEquals([error.code, error.issues[0]!.line], ["too_deep", 1]);
  }
  // Brackets in strings and comments are no nesting.
  const brackets = "[{".repeat(deep);
  const text =
    `# ${brackets}\na = "${brackets}\\""\nb = '${brackets}'\nc = """"${brackets}\n\\""""\n`;
  assertEquals((parseNetText(text, "toml").data as Map<string, unknown>).size, 3);
});

Deno.test("twenty thousand keys of one table are read in order", () => {
  const keys = Array.from({ length: 20_000 }, (_, i) => `k${i}`).reverse();
  for (
    const text of [
      `[t]\n${keys.map((key) => `${key} = 1`).join("\n")}`,
      keys.map((key) => `[t.${key}]`).join("\n"),
      `t = { ${keys.map((key) => `${key} = 1`).join(", ")} }`,
    ]
  ) {
    const data = parseNetText(text, "toml").data as Map<string, Map<string, unknown>>;
    assertEquals([...data.get("t")!.keys()], keys);
  }
});

Deno.test("a string longer than the parser can read is read as a short one is", () => {
  const filler = "x".repeat(150_000);
  const basic = ['\\n\\"\\\\\\u00e9\\U0001F600\\e\\x41 é', "\\q", "\\uD800", "\0", "\\", "tail"];
  const multiline = [...basic, "\r\na\nb", "\\\n  \r\n c", ' "" ', '"', '""'];
  const literal = ["\\n\\", "\t", "\x7F"];
  const strings: [quotes: string, tails: string[]][] = [
    ['"', basic],
    ['"""', multiline],
    ["'", literal],
    ["'''", [...literal, "\r\n", "'", "''"]],
  ];
  for (const [quotes, tails] of strings) {
    for (const tail of tails) {
      const read = (start: string) => {
        const text = `a = [${quotes}${start}${tail}${quotes}, 1] # "\nb = 2\n`;
        try {
          const { data, position } = parseNetText(text, "toml");
          assertEquals(position(["b"]).column, 1);
          return (data as Map<string, string[]>).get("a")![0]!.replace(start.trim(), "");
        } catch (error) {
          if (!(error instanceof ConfigFileError)) throw error;
          return error.code;
        }
      };
      assertEquals(read(filler), read("x"), `${quotes}${tail}`);
      if (quotes.length === 3) assertEquals(read(`\r\n${filler}`), read("x"));
    }
  }
  assertEquals(parseNetText(`"${filler}" = 1`, "toml").data, new Map([[filler, 1]]));
  assertEquals(problemOf(`a = ${"1".repeat(150_000)}`).slice(0, 14), "1:5 too_large:");
  assertEquals(problemOf(`a = '${filler}\nb = 1`), "1:5 syntax: this string is never closed");
});
