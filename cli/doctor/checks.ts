/**
 * What `netrun doctor` looks at, one check after another.
 *
 * @module
 */
import { join } from "node:path";
import { NetConfig, type ResolvedNetConfig } from "../../runtime/config/net_config.ts";
import { runProcess } from "../../runtime/process.ts";
import { version } from "../version.ts";

/** What a check found. */
export interface Checkup {
  /** What was looked at. */
  readonly check: string;
  /** Whether it is as it should be. */
  readonly status: "ok" | "warn" | "fail";
  /** What was found. */
  readonly message: string;
  /** What to do. */
  readonly advice?: string;
}

const OLDEST_DENO = [2, 6] as const;
const REGISTRY_MS = 3000;

/** Checks the runtime and what it may do. */
export async function* checkSystem(): AsyncGenerator<Checkup> {
  yield checkRuntime();
  yield await checkPermissions();
  yield await attempt("workers", startWorker, "pools of type thread cannot be used");
  yield await attempt("subprocesses", startSubprocess, "allow it with --allow-run");
  yield await checkRegistry();
}

/** Checks a net: file, structure, code, folder. */
export async function* checkNet(file: string): AsyncGenerator<Checkup> {
  let resolved: ResolvedNetConfig;
  try {
    resolved = await (await NetConfig.fromFile(file)).resolve();
  } catch (error) {
    yield fail("net", error, "`netrun validate` lists all problems");
    return;
  }
  const errors = resolved.validate().filter(({ severity }) => severity === "error");
  yield errors.length === 0
    ? { check: "net", status: "ok", message: `${file} is valid` }
    : fail("net", errors[0]!.message, `\`netrun validate\` lists all ${errors.length} problems`);
  if (errors.length > 0) return;
  yield await attempt("code", () => loadCode(resolved), "correct the reference or the module");
  yield await checkFolder(resolved.projectRootPath);
}

function checkRuntime(): Checkup {
  const message = `netrun ${version}, Deno ${Deno.version.deno}, ${Deno.build.target}`;
  const [major = 0, minor = 0] = Deno.version.deno.split(".").map(Number);
  const isOld = major < OLDEST_DENO[0] || (major === OLDEST_DENO[0] && minor < OLDEST_DENO[1]);
  return isOld
    ? { check: "versions", status: "warn", message, advice: "use Deno 2.6 or later" }
    : { check: "versions", status: "ok", message };
}

async function checkPermissions(): Promise<Checkup> {
  const names = ["read", "write", "run", "env", "net"] as const;
  const missing: string[] = [];
  for (const name of names) {
    const { state } = await Deno.permissions.query({ name });
    if (state !== "granted") missing.push(`--allow-${name}`);
  }
  const check = "permissions";
  if (missing.length === 0) return { check, status: "ok", message: "everything is allowed" };
  return {
    check,
    status: "warn",
    message: `not allowed in general: ${missing.join(", ")}`,
    advice: "nets that need it will say so; `deno run -A` allows everything",
  };
}

async function startWorker(): Promise<string> {
  const url = "data:application/javascript,self.postMessage('here')";
  const worker = new Worker(url, { type: "module" });
  try {
    await new Promise((resolve, reject) => {
      worker.onmessage = resolve;
      worker.onerror = (event) => {
        event.preventDefault();
        reject(new Error(event.message));
      };
    });
    return `a worker starts; ${navigator.hardwareConcurrency} cores`;
  } finally {
    worker.terminate();
  }
}

async function startSubprocess(): Promise<string> {
  const { exitCode } = await runProcess({ command: [Deno.execPath(), "--version"], timeout: 10 });
  if (exitCode !== 0) throw new Error(`${Deno.execPath()} ended with ${exitCode}`);
  return "a subprocess starts";
}

async function checkRegistry(): Promise<Checkup> {
  const check = "registry";
  try {
    const signal = AbortSignal.timeout(REGISTRY_MS);
    const response = await fetch("https://jsr.io/@netrun/netrun/meta.json", { signal });
    await response.body?.cancel();
    return { check, status: "ok", message: "jsr.io answers" };
  } catch (error) {
    return {
      check,
      status: "warn",
      message: `jsr.io does not answer: ${(error as Error).message}`,
      advice: "packages that are not in Deno's cache yet cannot be loaded",
    };
  }
}

async function loadCode(resolved: ResolvedNetConfig): Promise<string> {
  const { Net } = await import("../../runtime/net/net.ts");
  await Net.create(resolved);
  return `the functions of ${resolved.data.graph.nodes.length} nodes load, and their pools exist`;
}

async function checkFolder(root: string): Promise<Checkup> {
  return await attempt("folder", async () => {
    const path = join(root, `.netrun-doctor-${crypto.randomUUID()}`);
    await Deno.writeTextFile(path, "");
    await Deno.remove(path);
    return `${root} can be written`;
  }, "failed epochs cannot be kept there: name a file by `run --dead-letters`");
}

async function attempt(
  check: string,
  task: () => Promise<string>,
  advice: string,
): Promise<Checkup> {
  try {
    return { check, status: "ok", message: await task() };
  } catch (error) {
    return fail(check, error, advice);
  }
}

function fail(check: string, error: unknown, advice: string): Checkup {
  const message = error instanceof Error ? error.message : String(error);
  return { check, status: "fail", message, advice };
}
