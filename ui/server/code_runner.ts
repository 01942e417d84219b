/**
 * Running what needs code of the project in a process that can read its folder and nothing else.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { runProcess } from "../../runtime/process.ts";
import { AnswerCache } from "./answer_cache.ts";
import { answer, type CodeCall } from "./code_calls.ts";
import type { CodeReply } from "./code_reply.ts";
import { RequestFailure } from "./wire.ts";

/** Seconds that a call may take. */
const TIMEOUT = 10;
/** Processes at a time: each has a Deno in it. */
const MAX_PROCESSES = 2;

/** Names of variables that Deno itself needs. */
const KEPT_VARIABLES = [
  "PATH",
  "HOME",
  "USERPROFILE",
  "SYSTEMROOT",
  "TEMP",
  "DENO_DIR",
  "JSR_URL",
  "NPM_CONFIG_REGISTRY",
  "DENO_TLS_CA_STORE",
  "DENO_CERT",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
];

/** Factories that are made of arguments alone. */
const PURE_FACTORY = /^netrun(?::|\.node_factories\.)(?:broadcast|join|command|read|write)$/;

/** A call with those who wait for its answer. */
interface WaitingCall {
  readonly call: CodeCall;
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: unknown) => void;
}

/** Answers calls in one or two processes at a time. */
export class CodeRunner {
  readonly #root: string;
  readonly #answers: AnswerCache;
  #waiting: WaitingCall[] = [];
  #running = 0;

  /** Answers calls about the folder `root`. */
  constructor(root: string) {
    this.#root = root;
    this.#answers = new AnswerCache(root);
  }

  /**
   * Answers a call.
   *
   * @throws {RequestFailure} `invalid_config` with what the code or its files say, or `timeout`.
   */
  async run(call: CodeCall): Promise<unknown> {
    if (isPure(call)) return await answer(call).catch(refuse);
    // What a recipe does is not known by what it is given.
    if (call.kind === "recipe") return await this.#ask(call);
    const question = JSON.stringify([call, environment(namedVariables(call))]);
    return await this.#answers.get(question, () => this.#ask(call));
  }

  async #ask(call: CodeCall): Promise<unknown> {
    return await new Promise((resolve, reject) => {
      this.#waiting.push({ call, resolve, reject });
      // What is asked in one go is answered in one go.
      queueMicrotask(() => this.#start());
    });
  }

  #start(): void {
    while (this.#running < MAX_PROCESSES && this.#waiting.length > 0) {
      const [first] = this.#waiting;
      const batch = isShared(first!.call)
        ? this.#waiting.filter(({ call }) => isShared(call))
        : [first!];
      this.#waiting = this.#waiting.filter((waiting) => !batch.includes(waiting));
      this.#running++;
      void this.#answer(batch).finally(() => {
        this.#running--;
        this.#start();
      });
    }
  }

  async #answer(batch: readonly WaitingCall[]): Promise<void> {
    let replies: readonly CodeReply[];
    try {
      replies = await this.#runInChild(batch.map(({ call }) => call));
    } catch (error) {
      const [only] = batch;
      if (batch.length === 1) return only!.reject(error);
      // Whose code hangs or dies is found out one by one.
      for (const waiting of batch) await this.#answer([waiting]);
      return;
    }
    for (const [i, { resolve, reject }] of batch.entries()) {
      const { value, error, issues } = replies[i]!;
      if (error === undefined) resolve(value);
      else reject(new RequestFailure("invalid_config", error, issues && { issues }));
    }
  }

  async #runInChild(calls: readonly CodeCall[]): Promise<CodeReply[]> {
    const mark = crypto.randomUUID();
    const names = [...new Set(calls.flatMap(namedVariables))];
    await using cache = await temporaryCache();
    const input = { mark, calls, root: this.#root, names, ...cache };
    const result = await runProcess({
      command: this.#command(names),
      cwd: this.#root,
      env: environment(names),
      clearEnv: true,
      input: new TextEncoder().encode(JSON.stringify(input)),
      timeout: TIMEOUT,
    });
    if (result.timedOut) {
      throw new RequestFailure("timeout", `Code of the project took more than ${TIMEOUT} seconds`);
    }
    const output = new TextDecoder().decode(result.stdout);
    const at = output.lastIndexOf(mark);
    if (at >= 0) return JSON.parse(output.slice(at + mark.length));
    const said = new TextDecoder().decode(result.stderr).trim().split("\n").slice(-8).join("\n");
    throw new RequestFailure("invalid_config", `Code of the project failed: ${said}`);
  }

  #command(names: readonly string[]): string[] {
    if (Deno.build.standalone) return [Deno.execPath(), "__ui-child"];
    const entry = new URL("./child.ts", import.meta.url);
    return [
      Deno.execPath(),
      "run",
      "--no-prompt",
      "--quiet",
      "--no-lock",
      // Checked where it was written; here only speed counts.
      "--no-check",
      `--allow-read=${this.#root}`,
      ...names.length === 0 ? [] : [`--allow-env=${names.join(",")}`],
      entry.protocol === "file:" ? fileURLToPath(entry) : entry.href,
    ];
  }
}

/** The compiled program makes JavaScript of TypeScript, in a folder that goes with the call. */
async function temporaryCache(): Promise<{ cache?: string } & AsyncDisposable> {
  if (!Deno.build.standalone) return { async [Symbol.asyncDispose]() {} };
  const cache = await Deno.makeTempDir({ prefix: "netrun-ui-" });
  return { cache, [Symbol.asyncDispose]: () => Deno.remove(cache, { recursive: true }) };
}

/** Whether a call may be answered in one process with others: it is about one node and quick. */
function isShared({ kind }: CodeCall): boolean {
  return kind === "preview" || kind === "describe" || kind === "check";
}

function isPure(call: CodeCall): boolean {
  if (call.kind === "describe" || call.kind === "check") return PURE_FACTORY.test(call.ref);
  if (call.kind === "factories") return call.refs.length === 0;
  if (call.kind !== "preview") return false;
  const { factory } = JSON.parse(call.node);
  return typeof factory === "string" && PURE_FACTORY.test(factory);
}

function refuse(error: unknown): never {
  throw new RequestFailure("invalid_config", error instanceof Error ? error.message : `${error}`);
}

/** Variables of the environment that the call's document refers to. */
function namedVariables(call: CodeCall): string[] {
  const text = "document" in call ? call.document : "node" in call ? call.node : "";
  const names = [...text.matchAll(/"\$env"\s*:\s*"([A-Za-z_][A-Za-z0-9_]*)"/g)].map(([, name]) =>
    name!
  );
  return [...new Set(names)];
}

function environment(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    [...KEPT_VARIABLES, ...names].flatMap((name) => {
      const value = Deno.env.get(name);
      return value === undefined ? [] : [[name, value]];
    }),
  );
}
