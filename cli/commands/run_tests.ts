/**
 * `netrun test`: runs flow tests.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { formatNetText } from "../../runtime/schema/text/format_net_text.ts";
import { compareFlow } from "../../runtime/testing/compare_flow.ts";
import {
  type FlowExpectation,
  type FlowTestFile,
  readFlowTest,
  runFlowTest,
} from "../../runtime/testing/flow.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { printJson, shortPath, writeFile } from "../output.ts";

/** The command. */
export const test: Command = {
  description:
    "Runs flow tests: files *.nettest.json and *.nettest.toml, which say what a net is given and\n" +
    "what must come out. Waits for retries and rate limits take no time.",
  positionals: [{ name: "FILE|DIR", many: true, help: "tests, or folders of tests (this one)" }],
  options: [
    { name: "filter", value: "TEXT", help: "only tests whose path or title holds this" },
    { name: "update", help: "write what came out into the tests as what must" },
    { name: "json", help: "print the results as JSON" },
  ],
  examples: [
    ["netrun test", "all tests below this folder"],
    ["netrun test --update sums.nettest.toml", "takes what comes out as right"],
  ],
  run: runTests,
};

interface TestResult {
  file: string;
  title: string | null;
  ok: boolean;
  differences: string[];
}

async function runTests(call: CommandCall): Promise<number> {
  const { io } = call;
  const given = call.positionals.length > 0 ? call.positionals : ["."];
  const paths: string[] = [];
  for (const path of given) paths.push(...await testsIn(resolve(io.cwd, path)));
  const results: TestResult[] = [];
  for (const path of paths) {
    const result = await runOne(call, path);
    if (!result) continue;
    results.push(result);
    if (!call.flag("json")) io.out(describe(result, call));
  }
  if (results.length === 0) {
    throw new CommandError("No flow tests found: they are called *.nettest.json or *.nettest.toml");
  }
  const failed = results.filter(({ ok }) => !ok).length;
  if (call.flag("json")) printJson(call, results);
  else io.out(`${results.length - failed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

async function testsIn(path: string): Promise<string[]> {
  const stat = await Deno.stat(path).catch((error) => {
    throw new CommandError(`Cannot read ${path}: ${error.message}`, { cause: error });
  });
  if (stat.isFile) return [path];
  const tests: string[] = [];
  for (const entry of (await Array.fromAsync(Deno.readDir(path))).sort(byName)) {
    const inner = join(path, entry.name);
    if (entry.isDirectory && !entry.name.startsWith(".") && entry.name !== "node_modules") {
      tests.push(...await testsIn(inner));
    } else if (/\.nettest\.(json|toml)$/.test(entry.name)) tests.push(inner);
  }
  return tests;
}

function byName(a: { name: string }, b: { name: string }): number {
  return a.name < b.name ? -1 : 1;
}

/** Runs a test; undefined if it was not meant. */
async function runOne(call: CommandCall, path: string): Promise<TestResult | undefined> {
  const filter = call.value("filter");
  let title: string | null = null;
  try {
    const file = await readFlowTest(path);
    title = file.test.title ?? null;
    if (filter !== undefined && !`${path} ${title ?? ""}`.includes(filter)) return undefined;
    const actual = await runFlowTest(file);
    if (call.flag("update")) {
      await update(file, actual);
      return { file: path, title, ok: true, differences: [] };
    }
    const { expect } = file.test;
    if (expect === undefined) {
      const differences = ["it expects nothing: write `expect`, or run it once with --update"];
      return { file: path, title, ok: false, differences };
    }
    const differences = compareFlow(expect, actual);
    return { file: path, title, ok: differences.length === 0, differences };
  } catch (error) {
    return { file: path, title, ok: false, differences: [(error as Error).message] };
  }
}

/** Writes what came out: what the test states already, else queues and numbers of epochs. */
async function update(file: FlowTestFile, actual: Required<FlowExpectation>): Promise<void> {
  const stated = Object.keys(file.test.expect ?? { queues: 1, epochs_per_node: 1 });
  const keys = new Set([...stated, ...actual.errors.length > 0 ? ["errors"] : []]);
  const expect = Object.fromEntries(
    [...keys].map((key) => [key, actual[key as keyof FlowExpectation]]),
  );
  file.data.set("expect", expect);
  const text = formatNetText(file.data, file.format, { over: file.source });
  if (text !== file.source) await writeFile(file.path, text);
}

function describe({ file, title, ok, differences }: TestResult, call: CommandCall): string {
  const name = `${shortPath(call.io, file)}${title === null ? "" : ` (${title})`}`;
  return [`${ok ? "ok" : "FAILED"}  ${name}`, ...differences.map((text) => `  ${text}`), ""]
    .join("\n");
}
