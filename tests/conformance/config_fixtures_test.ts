/** Runs every fixture of `fixtures/config` by the procedure of its README. */
import { assert, assertEquals } from "@std/assert";
import { NetConfig, type ResolvedNetConfig } from "../../runtime/config/net_config.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { parseNetText } from "../../runtime/schema/text/net_text.ts";
import { NetSim } from "../../sim/net_sim.ts";
import { describeResolved, differences } from "./config_fixture.ts";

const ROOT = new URL("./fixtures/config/", import.meta.url);

interface Expectation {
  stage: "load" | "resolve" | "validate";
  error_class: string;
  code: string;
  path: (string | number)[] | null;
  message_contains: string[];
}

/** The JSON beside a fixture; undefined if there is none. */
function readBeside(folder: URL, name: string): unknown {
  try {
    return JSON.parse(Deno.readTextFileSync(new URL(name, folder)));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

class Fixture {
  readonly #folder: URL;
  readonly #name: string;

  constructor(folder: URL, name: string) {
    this.#folder = folder;
    this.#name = name;
  }

  beside<T>(ending: string): T | undefined {
    return readBeside(this.#folder, `${this.#name}.${ending}.json`) as T | undefined;
  }

  get #file(): URL {
    const json = new URL(`${this.#name}.netrun.json`, this.#folder);
    try {
      Deno.statSync(json);
      return json;
    } catch {
      return new URL(`${this.#name}.netrun.toml`, this.#folder);
    }
  }

  load(): Promise<NetConfig> {
    const overrides = this.beside<{
      data_overrides?: Record<string, unknown>;
      global_node_vars?: Record<string, string>;
      node_vars?: { path: string[]; vars: Record<string, string> }[];
    }>("overrides");
    return NetConfig.fromFile(this.#file, {
      dataOverrides: overrides?.data_overrides ?? {},
      globalNodeVars: overrides?.global_node_vars,
      nodeVars: overrides?.node_vars?.map(({ path, vars }) => [path, vars] as const),
    });
  }

  resolve(config: NetConfig): Promise<ResolvedNetConfig> {
    return config.resolve({ env: this.beside<Record<string, string>>("env") ?? {} });
  }

  get folder(): string {
    return Deno.realPathSync(this.#folder);
  }
}

function fixturesOf(kind: string): [string, Fixture][] {
  const folder = new URL(`${kind}/`, ROOT);
  const names = [...Deno.readDirSync(folder)]
    .flatMap(({ name }) => /^(.*)\.netrun\.(json|toml)$/.exec(name)?.[1] ?? [])
    .sort();
  return names.map((name) => [name, new Fixture(folder, name)]);
}

/** Whether the error's class, or one that it is derived from, is called so. */
function isOfClass(error: Error, name: string): boolean {
  for (let type = error.constructor; type?.name; type = Object.getPrototypeOf(type)) {
    if (type.name === name) return true;
  }
  return false;
}

function checkIssues(expected: Expectation, issues: readonly ConfigIssue[], message: string): void {
  const isMeant = ({ code, path }: ConfigIssue) =>
    code === expected.code &&
    (expected.path === null || JSON.stringify(path) === JSON.stringify(expected.path));
  const listed = issues.map(({ code, path }) => `${code} at ${JSON.stringify(path)}`).join("\n");
  assert(
    issues.some(isMeant),
    `no ${expected.code} at ${JSON.stringify(expected.path)} in\n${listed}`,
  );
  for (const part of expected.message_contains) {
    assert(message.includes(part), `"${part}" is not in the message: ${message}`);
  }
}

async function outcomeOf(
  fixture: Fixture,
): Promise<{ stage: string; error: unknown; issues: readonly ConfigIssue[] }> {
  let stage = "load";
  try {
    const config = await fixture.load();
    stage = "resolve";
    const resolved = await fixture.resolve(config);
    stage = "validate";
    const issues = resolved.validate().filter(({ severity }) => severity === "error");
    return { stage: issues.length > 0 ? "validate" : "none", error: undefined, issues };
  } catch (error) {
    return { stage, error, issues: error instanceof ConfigError ? error.issues : [] };
  }
}

for (const kind of ["valid", "improved", "invalid"]) {
  for (const [name, fixture] of fixturesOf(kind)) {
    const expected = fixture.beside<Record<string, unknown>>("resolved");
    if (expected !== undefined) {
      Deno.test(`${kind}/${name} resolves as recorded`, async () => {
        const resolved = await fixture.resolve(await fixture.load());
        assertEquals(resolved.validate().filter(({ severity }) => severity === "error"), []);
        new NetSim(resolved.toGraph());
        const text = JSON.stringify(expected).replaceAll("{{DIR}}", fixture.folder);
        assertEquals(differences(JSON.parse(text), describeResolved(resolved)), []);
      });
    }
    if (expected !== undefined) {
      Deno.test(`${kind}/${name} can be written and read again`, async () => {
        const config = await fixture.load();
        const reread = (data: unknown) => NetConfig.parse(data).data;
        assertEquals(reread(config.toData()), config.data);
        assertEquals(reread(config.toData({ full: true })), config.data);
        assertEquals(reread(parseNetText(config.toJson(), "json").data), config.data);
        // TOML has no null, which one of them has in a list of its free data.
        if (name === "28-extra-and-unknown-keys") return;
        assertEquals(reread(parseNetText(config.toToml(), "toml").data), config.data);
      });
    }
    const failure = fixture.beside<Expectation>("expect");
    if (failure !== undefined) {
      Deno.test(`${kind}/${name} fails as recorded`, async () => {
        const { stage, error, issues } = await outcomeOf(fixture);
        if (error !== undefined && !(error instanceof ConfigError)) throw error;
        assertEquals(stage, failure.stage);
        const message = error?.message ?? issues.map((issue) => issue.message).join("\n");
        if (error !== undefined) assert(isOfClass(error, failure.error_class), error.name);
        else assertEquals(failure.error_class, "GraphValidationError");
        checkIssues(failure, issues, message);
      });
    }
  }
}
