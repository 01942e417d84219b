/**
 * What `netrun doctor` looks at of a net: its file, code, pools, storage and folder.
 *
 * @module
 */
import { join } from "node:path";
import { NetConfig, type ResolvedNetConfig } from "../../runtime/config/net_config.ts";
import { buildEngine } from "../../runtime/net/build.ts";
import type { Engine } from "../../runtime/net/engine.ts";
import { loadNetCode, type NetCode } from "../../runtime/net/net_code.ts";
import type { BackendConfig } from "../../runtime/schema/backend.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import type { Io } from "../io.ts";
import { describeIssue } from "../output.ts";
import { attempt, type Checkup, failed } from "./checkup.ts";

/** Longest time for a pool to start, or a backend to answer. */
const ANSWER_MS = 60_000;
/** More problems of a kind than these are counted, not shown. */
const MAX_SHOWN = 20;

/** Checks a net: file, structure, folder, code, pools, storage. */
export async function* checkNet(file: string, io: Io): AsyncGenerator<Checkup> {
  let resolved: ResolvedNetConfig;
  let issues: readonly ConfigIssue[];
  try {
    resolved = await (await NetConfig.fromFile(file)).resolve();
    issues = [...resolved.warnings, ...resolved.validate()];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return yield* describeIssues(error.issues, io, error.filePath);
  }
  yield* describeIssues(issues, io, file);
  if (issues.some(({ severity }) => severity === "error")) return;
  yield { check: "net", status: "ok", message: `${file} is valid, and all it refers to is there` };
  yield await checkFolder(resolved.projectRootPath);
  let code: NetCode;
  try {
    code = await loadNetCode(resolved, {});
  } catch (error) {
    return yield failed("code", error, "correct the module, or the reference to it");
  }
  const { length } = resolved.data.graph.nodes;
  yield { check: "code", status: "ok", message: `the code of all ${length} nodes can be loaded` };
  yield* checkPools(resolved, code);
  for (const [name, backend] of resolved.data.storage?.backends ?? []) {
    yield await checkBackend(name, backend);
  }
}

function* describeIssues(
  issues: readonly ConfigIssue[],
  io: Io,
  file: string | undefined,
): Generator<Checkup> {
  for (const issue of issues.slice(0, MAX_SHOWN)) {
    const status = issue.severity === "error" ? "fail" : "warn";
    const message = describeIssue(io, issue, file);
    if (issue.code === "env_missing") yield { check: "environment", status, message };
    else {
      const advice = "`netrun validate` lists all problems with their places";
      yield { check: "net", status, message, advice };
    }
  }
  const more = issues.length - MAX_SHOWN;
  if (more <= 0) return;
  const status = issues.some(({ severity }) => severity === "error") ? "fail" : "warn";
  yield { check: "net", status, message: `${more} more problems`, advice: "`netrun validate`" };
}

async function checkFolder(root: string): Promise<Checkup> {
  return await attempt("folder", async () => {
    const path = join(root, `.netrun-doctor-${crypto.randomUUID()}`);
    await Deno.writeTextFile(path, "");
    await Deno.remove(path);
    return `${root} can be written`;
  }, "failed epochs cannot be kept there: name a file by `run --dead-letters`");
}

/** Starts each pool, makes its nodes known to it, and ends it. */
async function* checkPools(resolved: ResolvedNetConfig, code: NetCode): AsyncGenerator<Checkup> {
  const warnings: string[] = [];
  const onWarning = ({ message }: { message: string }) => void warnings.push(message);
  const engine = buildEngine(resolved, code, { onWarning, echo: () => {} });
  try {
    for (const id of engine.pools.keys()) {
      const check = `pool ${id}`;
      yield await attempt(check, () => inTime(startPool(engine, id)), adviceOf(resolved, id));
      for (const message of warnings.splice(0)) yield { check, status: "warn", message };
    }
  } finally {
    await engine.storage?.close();
  }
}

async function startPool({ pools, nodes }: Engine, id: string): Promise<string> {
  const pool = pools.get(id)!;
  const its = [...nodes.values()].filter(({ settings, functions: { exec } }) =>
    exec && settings.pools.includes(id)
  );
  try {
    await pool.start();
    for (const { layout, functions } of its) {
      await pool.register({ layout, exec: functions.exec! });
    }
    return `starts with ${counted(pool.workerCount, "worker")} for ${counted(its.length, "node")}`;
  } finally {
    await pool.close();
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function adviceOf({ data }: ResolvedNetConfig, id: string): string {
  const spec = data.pools.get(id)?.spec;
  switch (spec?.type) {
    case "remote":
      return `see that \`netrun serve-pool\` runs at ${spec.url} with the same token and code`;
    case "multiprocess":
      return "allow subprocesses by --allow-run, and what the pool's permissions name";
    default:
      return "correct the pool in the net file, or what its nodes refer to";
  }
}

async function checkBackend(name: string, config: BackendConfig<never>): Promise<Checkup> {
  return await attempt(`storage ${name}`, async () => {
    await using backend = openBackend(config);
    const key = `netrun-doctor-${crypto.randomUUID()}`;
    const signal = AbortSignal.timeout(ANSWER_MS);
    await backend.write(key, new TextEncoder().encode(key), { signal });
    try {
      const read = new TextDecoder().decode(await backend.read(key, { signal }));
      if (read !== key) throw new Error(`${backend.name} does not give back what was written`);
    } finally {
      await backend.delete(key, { signal });
    }
    return `${backend.name} can be written, read and deleted from`;
  }, "see to its credentials, address and rights in `storage.backends` of the net file");
}

/** The result of a task, if it comes in time. */
async function inTime<T>(task: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new Error(`there is no answer after ${ANSWER_MS / 1000} s`)),
    ANSWER_MS,
  );
  try {
    return await Promise.race([task, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
