/** Running the fixtures of `fixtures/cli`, and comparing what came of them. */
import { assert, assertEquals } from "@std/assert";
import { parse as parseToml } from "@std/toml";
import { dirname, join } from "node:path";

/** What a call of the program left. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

/** Calls the program. */
export type Program = (
  argv: readonly string[],
  surroundings: { cwd: string; env: Record<string, string>; stdin: string },
) => Promise<Outcome>;

interface ExpectedFile {
  json?: unknown;
  toml_data?: unknown;
  text?: string;
}

interface Expected {
  exit_code: number;
  stdout_json?: unknown;
  stdout_json_subset?: unknown;
  stdout_toml_data?: unknown;
  stdout_text?: string;
  stderr_nonempty?: boolean;
  files_after?: Record<string, ExpectedFile>;
  errors?: { type?: string | string[]; loc?: string }[];
}

interface Run {
  argv: string[];
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  compare: string;
  expected: Expected;
}

/** One fixture: files, and calls of the program in their folder, one after another. */
export interface CliFixture {
  name: string;
  files: Record<string, unknown>;
  runs: Run[];
}

/** Reads all fixtures. */
export function cliFixtures(): CliFixture[] {
  const folder = new URL("./fixtures/cli/", import.meta.url);
  return [...Deno.readDirSync(folder)].map(({ name }) => name).sort()
    .map((name) => JSON.parse(Deno.readTextFileSync(new URL(name, folder))));
}

/** Does what a fixture says with the program. */
export async function runFixture(fixture: CliFixture, program: Program): Promise<void> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "netrun-cli-" }));
  try {
    for (const [path, content] of Object.entries(fixture.files)) {
      await Deno.mkdir(dirname(join(folder, path)), { recursive: true });
      const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
      await Deno.writeTextFile(join(folder, path), text);
    }
    for (const run of fixture.runs) {
      const { cwd = ".", env = {}, stdin = "" } = run;
      const outcome = await program(run.argv, { cwd: join(folder, cwd), env, stdin });
      try {
        await compare(run, outcome, folder);
      } catch (error) {
        const call = `netrun ${run.argv.join(" ")}\n${outcome.stdout}\n${outcome.stderr}`;
        throw new Error(`${call}\n${(error as Error).message}`, { cause: error });
      }
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function compare(
  { expected, compare }: Run,
  outcome: Outcome,
  folder: string,
): Promise<void> {
  const { code, stdout, stderr } = outcome;
  assertEquals(code, expected.exit_code, stderr);
  if (compare === "exit-code-only") return;
  assert(!/\n\s+at /.test(stderr), "no stack");
  if (compare === "exit") assertEquals(stdout, "");
  if (expected.stderr_nonempty) assert(stderr !== "", "something on standard error");
  const filled = fill(expected, folder) as Expected;
  if ("stdout_json" in filled) assertEquals(JSON.parse(stdout), filled.stdout_json);
  if ("stdout_json_subset" in filled) {
    assertEquals(subset(JSON.parse(stdout), filled.stdout_json_subset), filled.stdout_json_subset);
  }
  if ("stdout_toml_data" in filled) assertEquals(parseToml(stdout), filled.stdout_toml_data);
  if (filled.stdout_text !== undefined) assertEquals(stdout, filled.stdout_text);
  if (filled.errors) compareErrors(JSON.parse(stdout).errors, filled.errors);
  for (const [path, file] of Object.entries(filled.files_after ?? {})) {
    const text = await Deno.readTextFile(join(folder, path));
    if ("json" in file) assertEquals(JSON.parse(text), file.json);
    if ("toml_data" in file) assertEquals(parseToml(text), file.toml_data);
    if (file.text !== undefined) assertEquals(text, file.text);
  }
}

function fill(value: unknown, folder: string): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll("${DIR}", folder));
}

/** Of `actual` the keys that `expected` has. */
function subset(actual: unknown, expected: unknown): unknown {
  if (typeof expected !== "object" || expected === null || Array.isArray(expected)) return actual;
  return Object.fromEntries(
    Object.entries(expected).map(([key, value]) => [
      key,
      subset((actual as Record<string, unknown>)[key], value),
    ]),
  );
}

/** Each expected error has one of its own, whatever the order. */
function compareErrors(
  actual: { type: string; loc: string }[],
  expected: NonNullable<Expected["errors"]>,
): void {
  const left = [...actual];
  // Those that say more are matched first.
  const byDetail = [...expected].sort((a, b) => Object.keys(b).length - Object.keys(a).length);
  for (const { type, loc } of byDetail) {
    const index = left.findIndex((error) =>
      (type === undefined || [type].flat().includes(error.type)) &&
      (loc === undefined || error.loc.replaceAll(" → ", ".") === loc)
    );
    assert(index >= 0, `${JSON.stringify({ type, loc })} is not in ${JSON.stringify(left)}`);
    left.splice(index, 1);
  }
  assertEquals(left, []);
}
