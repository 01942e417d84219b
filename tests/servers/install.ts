/**
 * Installs the programs that tests need, as far as they are missing and can be had. Run as a program
 * it installs all; what takes minutes to build is left out with `--quick`.
 *
 * @module
 */
import { join } from "node:path";
import { runCommand } from "../../tools/check/command.ts";
import { findProgram, folderOf, SOURCES } from "./programs.ts";

/** A program and why it could not be installed; undefined if it is there now. */
export type Outcome = readonly [program: string, problem: string | undefined];

/** Installs what is missing, and never fails: tests of what cannot be had are skipped. */
export async function installPrograms({ quick }: { quick: boolean }): Promise<Outcome[]> {
  const missing = Object.entries(SOURCES)
    .filter(([program, { by }]) => !findProgram(program) && !(quick && by === "go"));
  const by = (kind: string) => missing.filter(([, source]) => source.by === kind);
  const installed = await Promise.all([
    ...by("pip").map(([program, { what }]) => attempt([program], () => byPip(program, what))),
    attempt(by("apt").map(([program]) => program), () => byApt(by("apt").map(([, s]) => s.what))),
    eachInTurn(
      by("go").map(([program, { what }]) => () => attempt([program], () => byGo(program, what))),
    ),
  ]);
  return installed.flat();
}

async function eachInTurn(works: readonly (() => Promise<Outcome[]>)[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const work of works) outcomes.push(...await work());
  return outcomes;
}

async function attempt(
  programs: readonly string[],
  work: () => Promise<string | undefined>,
): Promise<Outcome[]> {
  if (programs.length === 0) return [];
  const problem = await work().catch(String);
  return programs.map((name) => [name, findProgram(name) ? undefined : problem ?? "no such file"]);
}

async function byPip(program: string, what: string): Promise<string | undefined> {
  return await whole(program, async (folder) => {
    const venv = join(folder, "venv");
    const pip = ["-m", "pip", "--quiet", "--retries", "1", "--timeout", "20", "install", what];
    return await run("python3", ["-m", "venv", venv]) ??
      await run(join(venv, "bin", "python3"), pip) ??
      await link(folder, join(venv, "bin", program), program);
  });
}

async function byGo(program: string, what: string): Promise<string | undefined> {
  return await whole(
    program,
    (folder) => run("go", ["install", what], { GOBIN: join(folder, "bin") }),
  );
}

async function byApt(packages: readonly string[]): Promise<string | undefined> {
  if (Deno.build.os !== "linux" || Deno.uid() !== 0 || !findProgram("apt-get")) {
    return `it needs \`apt-get install ${packages.join(" ")}\` by an administrator`;
  }
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  const install = ["install", "-y", "--no-install-recommends", ...packages];
  // Lists of packages may be old, or not there at all.
  if (await run("apt-get", install, env) === undefined) return undefined;
  return await run("apt-get", ["update"], env) ?? await run("apt-get", install, env);
}

/** Has `work` fill a folder; what was left half done is done anew. */
async function whole(
  program: string,
  work: (folder: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const folder = folderOf(program);
  await Deno.remove(folder, { recursive: true }).catch(() => {});
  await Deno.mkdir(folder, { recursive: true });
  const problem = await work(folder);
  if (problem !== undefined) await Deno.remove(folder, { recursive: true });
  return problem;
}

/** Links a program where it is looked for, once it is whole. */
async function link(folder: string, target: string, program: string): Promise<undefined> {
  await Deno.mkdir(join(folder, "bin"));
  await Deno.symlink(target, join(folder, "bin", program));
}

/** Runs a command; returns what went wrong, if anything did. */
async function run(
  program: string,
  args: string[],
  env: Record<string, string> = {},
): Promise<string | undefined> {
  const { success, output } = await runCommand(program, args, { env, limitMs: 300_000 });
  if (success) return undefined;
  return `${program} ${args.join(" ")}: ${output.trim().split("\n").at(-1)}`;
}

if (import.meta.main) {
  for (const [program, problem] of await installPrograms({ quick: Deno.args[0] === "--quick" })) {
    console.log(
      problem === undefined
        ? `${program} is installed`
        : `${program} cannot be installed, its tests are skipped: ${problem}`,
    );
  }
}
