import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { resolveTemplate } from "../../../runtime/tools/template.ts";

const variables = { NAME: "rye", NAMES: "both", X: "$NAME '\"\\&", EMPTY: "" };

Deno.test("known variables are replaced, in every form that a shell expands", () => {
  const cases: [template: string, preview: string][] = [
    ["$NAME ${NAME}", "rye rye"],
    ["$NAMES $NAMEX ${NAME}X $NAME.x", "both $NAMEX ryeX rye.x"],
    ['"$NAME" "it\'s $NAME"', '"rye" "it\'s rye"'],
    ["$EMPTY|", "|"],
    ["$(echo $NAME) `$NAME`", "$(echo rye) `rye`"],
    [`"$(echo '$NAME' "$NAME")"`, `"$(echo '$NAME' "rye")"`],
  ];
  for (const [template, preview] of cases) {
    assertEquals(resolveTemplate(template, variables), preview);
  }
});

Deno.test("everything else stays as it is written", () => {
  for (
    const template of [
      "$UNKNOWN ${UNKNOWN}",
      "$$ $$NAME $1 $@ $",
      "${NAME:-x} ${NAME%y} ${#NAME}",
      "'$NAME' '${NAME}'",
      '\\$NAME "\\$NAME"',
      "'it'\\''s $'",
      "$toString $__proto__",
    ]
  ) assertEquals(resolveTemplate(template, variables), template);
});

Deno.test("inserted text is not looked at again", () => {
  assertEquals(resolveTemplate("$X $NAME", variables), `${variables.X} rye`);
});

Deno.test("without variables a template is its own preview", () => {
  fc.assert(fc.property(fc.string(), (text) => resolveTemplate(text, {}) === text));
});

Deno.test("a megabyte with ten thousand variables is replaced in one pass", () => {
  const names = Array.from({ length: 10_000 }, (_, i) => `V${i}`);
  const values = Object.fromEntries(names.map((name) => [name, "$V1"]));
  const template = names.map((name) => `$${name} `.padEnd(100, "-")).join("");
  const preview = resolveTemplate(template, values);
  assertEquals(preview.split("$V1").length - 1, 10_000);
});
