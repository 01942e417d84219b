/**
 * Writes the files, and the parts of files, that are generated from the source.
 *
 * With `--check` nothing is written: it fails if something is not as it would be generated.
 *
 * @module
 */
import { cliMarkdown } from "../cli/markdown.ts";
import { describeObjects, type FieldDescription } from "../runtime/schema/field_list.ts";
import { netConfigJsonSchema } from "../runtime/schema/json_schema.ts";

const ROOT = new URL("../", import.meta.url);
const cliPage = await cliMarkdown();

/** A generated file: its path, and its text from the text that is there now. */
interface Generated {
  path: string;
  generate: (current: string) => string;
}

/** Everything that is generated. */
export const generated: Generated[] = [
  {
    path: "docs/netrun.schema.json",
    generate: () => `${JSON.stringify(netConfigJsonSchema(), null, 2)}\n`,
  },
  {
    path: "docs/configuration.md",
    generate: (current) => replaceBetween(current, "fields", fieldTables()),
  },
  { path: "docs/cli.md", generate: () => cliPage },
];

/** The text with a new part between the marks `<!-- name -->` and `<!-- end of name -->`. */
export function replaceBetween(text: string, name: string, part: string): string {
  const [start, end] = [`<!-- ${name} -->\n`, `<!-- end of ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from === -1 || to < from) {
    throw new Error(`There is no place for generated ${name}: ${start.trim()} … ${end} is missing`);
  }
  return text.slice(0, from + start.length) + part + text.slice(to);
}

/** A table of the fields of each configuration object. */
function fieldTables(): string {
  const tables = describeObjects().map(({ name, description, fields }) => {
    const rows = fields.map((field) =>
      `| \`${field.name}\` | ${typeCell(field)} | ${defaultCell(field)} | ${field.description} |`
    );
    return [
      `### ${name}`,
      "",
      description,
      "",
      "| key | type | default | meaning |",
      "| --- | --- | --- | --- |",
      ...rows,
    ].join("\n");
  });
  // Formatting would align the columns and so rewrite whole tables for one new word.
  return `<!-- deno-fmt-ignore-start -->\n\n${
    tables.join("\n\n")
  }\n\n<!-- deno-fmt-ignore-end -->\n`;
}

function typeCell({ type, isReferable }: FieldDescription): string {
  return `${type}${isReferable ? " °" : ""}`.replaceAll("|", "\\|");
}

function defaultCell({ isRequired, default: value }: FieldDescription): string {
  if (isRequired) return "required";
  return value === undefined ? "–" : `\`${JSON.stringify(value)}\``;
}

async function readOrEmpty(file: URL): Promise<string> {
  try {
    return await Deno.readTextFile(file);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

if (import.meta.main) {
  const isCheck = Deno.args.includes("--check");
  let stale = 0;
  for (const { path, generate } of generated) {
    const file = new URL(path, ROOT);
    const current = await readOrEmpty(file);
    const text = generate(current);
    if (text === current) continue;
    stale++;
    if (!isCheck) await Deno.writeTextFile(file, text);
    console.error(isCheck ? `${path} is not as generated: run deno task gen` : `wrote ${path}`);
  }
  if (isCheck && stale > 0) Deno.exit(1);
}
