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
import { madeModules } from "../../runtime/modules/module_cache.ts";
import { ModuleLoader } from "../../runtime/modules/loader.ts";
import { explainDenial } from "../../runtime/pools/permission_denial.ts";
import type { Pool } from "../../runtime/pools/pool.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import type { Io } from "../io.ts";
import { describeIssue } from "../output.ts";
import { attempt, type Checkup, failed } from "./checkup.ts";
import type { LoadProblem, LoadRequest } from "./load_worker.ts";

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
      const started = await attempt(
        check,
        () => inTime(startPool(engine, id)),
        adviceOf(resolved, id),
      );
      yield started;
      for (const message of warnings.splice(0)) yield { check, status: "warn", message };
      if (started.status === "ok") yield* checkLoading(resolved, id);
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

/** Loads the code of a pool's nodes on a worker of its kind: there it may do less than here. */
async function* checkLoading(resolved: ResolvedNetConfig, id: string): AsyncGenerator<Checkup> {
  const check = `code on ${id}`;
  const references = referencesOn(resolved, id);
  const pool = await openLoadingPool(resolved, id);
  if (pool === undefined || references.length === 0) return;
  try {
    await using opened = pool;
    const load = async () => {
      await opened.start();
      const { projectRootPath: projectRoot } = resolved;
      const request: LoadRequest = { projectRoot, made: madeModules(), references };
      await opened.send(0, "load", request);
      return (await opened.recv()).data as LoadProblem[];
    };
    const problems = await inTime(load());
    const { type, ...spec } = resolved.data.pools.get(id)!.spec;
    for (const { node, message } of problems) {
      const error = new Error(`node "${node}": ${message}`);
      const permissions = "permissions" in spec ? spec.permissions : undefined;
      explainDenial(error, { poolId: id, type, permissions });
      yield failed(check, error, "grant the pool what its code needs, or correct the module");
    }
    if (problems.length > 0) return;
    yield {
      check,
      status: "ok",
      message: `a worker loads ${counted(references.length, "module")}`,
    };
  } catch (error) {
    yield failed(check, error, "run the net to see what the worker says");
  }
}

/** What the nodes of a pool load there: each reference once. */
function referencesOn(
  { data, projectRootPath: projectRoot }: ResolvedNetConfig,
  id: string,
): LoadRequest["references"] {
  const loader = new ModuleLoader({ projectRoot });
  const found = new Map<string, string>();
  for (const { name, factory, factory_args, execution_config } of data.graph.nodes) {
    const { pools, exec_node_func } = execution_config;
    if (!pools.includes(id)) continue;
    const builtIn = typeof factory === "string"
      ? loader.resolve(factory, "module").builtIn
      : undefined;
    const made = builtIn === undefined
      ? factory
      : builtIn === "function"
      ? factory_args.func
      : undefined;
    for (const ref of [exec_node_func, made]) {
      if (typeof ref === "string" && !found.has(ref)) found.set(ref, name);
    }
  }
  return [...found].map(([ref, node]) => ({ node, ref }));
}

/** One worker of the kind of a pool; undefined for those that are not of this machine's making. */
async function openLoadingPool(
  { data, projectRootPath: projectRoot }: ResolvedNetConfig,
  poolId: string,
): Promise<Pool | undefined> {
  const worker = `${new URL("./load_worker.ts", import.meta.url)}::loadReferences`;
  const spec = data.pools.get(poolId)?.spec;
  const place = { poolId, projectRoot, onOutput: () => {} };
  if (spec?.type === "thread") {
    const { ThreadPool } = await import("../../runtime/pools/thread_pool.ts");
    return new ThreadPool(worker, { ...spec, ...place, num_workers: 1 });
  }
  if (spec?.type === "multiprocess") {
    const { MultiprocessPool } = await import("../../runtime/pools/multiprocess_pool.ts");
    return new MultiprocessPool(worker, {
      ...spec,
      ...place,
      num_processes: 1,
      threads_per_process: 1,
    });
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
