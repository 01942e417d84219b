import { assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { ConfigFileError, ConfigSchemaError } from "../../../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../../../runtime/schema/issue.ts";
import { convertNetText } from "../../../../runtime/schema/text/convert_net_text.ts";
import { formatNetText } from "../../../../runtime/schema/text/format_net_text.ts";
import { parseNetText } from "../../../../runtime/schema/text/net_text.ts";
import { textData } from "./arbitrary.ts";

interface Fixture {
  files: Record<string, unknown>;
  runs: { argv: string[]; expected: Record<string, unknown> & { exit_code: number } }[];
}

const fixture: Fixture = JSON.parse(
  await Deno.readTextFile(
    new URL("../../../conformance/fixtures/cli/12-convert.json", import.meta.url),
  ),
);

/** Data as Maps, to compare with what a text holds. */
function data(value: unknown): unknown {
  return parseNetText(JSON.stringify(value), "json").data;
}

Deno.test("the recorded conversions come out as recorded", () => {
  let count = 0;
  for (const { argv, expected } of fixture.runs) {
    const content = fixture.files[argv[1]!];
    if (content === undefined || !argv[1]!.includes(".netrun.")) continue;
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const warnings: ConfigIssue[] = [];
    const from = argv[1]!.endsWith(".json") ? "json" : "toml";
    const to = from === "json" ? "toml" : "json";
    const options = {
      compact: argv.includes("--compact"),
      warn: (i: ConfigIssue) => warnings.push(i),
    };
    const convert = () => convertNetText(text, from, to, options);
    count++;
    if (expected.exit_code !== 0) {
      assertThrows(convert, ConfigFileError);
      continue;
    }
    const file = Object.values(expected.files_after ?? {})[0] as
      | Record<string, unknown>
      | undefined;
    const wanted = expected.stdout_toml_data ?? expected.stdout_json ?? file?.toml_data ??
      file?.json;
    assertEquals(parseNetText(convert(), to).data, data(wanted));
    assertEquals(warnings.length > 0, expected.stderr_nonempty === true);
  }
  assertEquals(count, 6);
});

Deno.test("data without nulls survives the way to TOML and back, character for character", () => {
  fc.assert(fc.property(textData({ nulls: false }), (data) => {
    const json = formatNetText(data, "json");
    assertEquals(convertNetText(convertNetText(json, "json", "toml"), "toml", "json"), json);
  }));
});

Deno.test("a dropped null is told of with its place, one in a list is an error", () => {
  const warnings: ConfigIssue[] = [];
  const warn = (issue: ConfigIssue) => warnings.push(issue);
  const options = { file: "/n.json", warn };
  assertEquals(
    convertNetText('{\n "a": {"b": null, "c": 1}}', "json", "toml", options),
    "[a]\nc = 1\n",
  );
  assertEquals(warnings.map(({ path, file, line, column }) => ({ path, file, line, column })), [
    { path: ["a", "b"], file: "/n.json", line: 2, column: 8 },
  ]);
  const error = assertThrows(
    () => convertNetText('{"a": [1,\n null]}', "json", "toml", options),
    ConfigSchemaError,
  );
  assertEquals([error.code, error.issues[0]!.line], ["not_serializable", 2]);
});

Deno.test("infinity in TOML cannot become JSON", () => {
  const error = assertThrows(() => convertNetText("a = inf", "toml", "json"), ConfigSchemaError);
  assertEquals(error.message, "a: Infinity is not a finite number (line 1, column 1)");
});

Deno.test("integers keep their digits, and compact JSON is one line", () => {
  const toml = "a = [9007199254740993, 2]\n";
  assertEquals(
    convertNetText(toml, "toml", "json", { compact: true }),
    '{"a":[9007199254740993,2]}\n',
  );
});
