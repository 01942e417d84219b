/**
 * What `netrun doctor` looks at without a net: the runtime and what it may do.
 *
 * @module
 */
import { runProcess } from "../../runtime/process.ts";
import { version } from "../version.ts";
import { attempt, type Checkup } from "./checkup.ts";

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
