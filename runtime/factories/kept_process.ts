/**
 * A program that stays between epochs: it answers each line of JSON with a line of JSON.
 *
 * @module
 */
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import { toJsonText } from "../formats/json_text.ts";
import { readLines } from "../formats/read_lines.ts";
import { type ProcessOptions, type RunningProcess, startProcess } from "../process.ts";
import { CommandError } from "./error.ts";
import { isPlainObject } from "./merge.ts";

/** Printed lines that wait for an epoch to appear in. */
const MAX_WAITING_LINES = 1000;

/** Lines of standard error that an error shows. */
const MAX_ERROR_LINES = 20;

/** A question that waits for its answer. */
interface Question {
  ctx: NodeExecutionContext;
  answer(value: Record<string, unknown>): void;
  fail(error: unknown): void;
}

/** The process that serves at the moment. */
interface Served {
  child: RunningProcess;
  writer: WritableStreamDefaultWriter<Uint8Array>;
  question: Question | undefined;
  /** Printed while no question was open. */
  waiting: string[];
  /** The last lines of standard error. */
  errors: string[];
}

/**
 * One process, started when first asked, and again after it has ended.
 *
 * Questions are asked one after another, in the order in which they come.
 */
export class KeptProcess {
  readonly #options: ProcessOptions;
  #served: Served | undefined;
  #last: Promise<unknown> = Promise.resolve();

  /** Prepares the process, starting nothing yet. */
  constructor(options: ProcessOptions) {
    // Python holds back what it prints into a pipe, and the first answer would never come.
    this.#options = { ...options, env: { PYTHONUNBUFFERED: "1", ...options.env }, stdin: "piped" };
  }

  /**
   * Asks the process, once all questions before are answered.
   *
   * @param inputs Values by input port.
   * @param ctx The context of the epoch: what the process prints goes there, and its abort ends the
   * process.
   * @returns Values by output port.
   * @throws {CommandError} If the process ends, or answers that it failed.
   */
  async ask(
    inputs: Record<string, unknown>,
    ctx: NodeExecutionContext,
  ): Promise<Record<string, unknown>> {
    const before = this.#last;
    const turn = Promise.withResolvers<void>();
    this.#last = turn.promise;
    try {
      await before;
      ctx.signal.throwIfAborted();
      return await this.#exchange(`${toJsonText(inputs)}\n`, ctx);
    } finally {
      turn.resolve();
    }
  }

  /** Ends the process, if there is one. */
  async stop(): Promise<void> {
    const served = this.#served;
    this.#served = undefined;
    await served?.child.stop();
  }

  async #exchange(line: string, ctx: NodeExecutionContext): Promise<Record<string, unknown>> {
    const served = this.#served ??= this.#start(ctx.nodeName);
    const stop = () => void this.stop();
    ctx.signal.addEventListener("abort", stop);
    try {
      return await new Promise((answer, fail) => {
        served.question = { ctx, answer, fail };
        printWaiting(served);
        // A process that has ended says so itself, when its output ends.
        served.writer.write(new TextEncoder().encode(line)).catch(() => {});
      });
    } catch (error) {
      ctx.signal.throwIfAborted();
      throw error;
    } finally {
      served.question = undefined;
      ctx.signal.removeEventListener("abort", stop);
    }
  }

  #start(nodeName: string): Served {
    let child: RunningProcess;
    try {
      child = startProcess(this.#options);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
      const [program] = this.#options.command;
      throw new CommandError(
        nodeName,
        `cannot be started: there is no program ${JSON.stringify(program)}`,
        { exitCode: -1, stderr: "" },
      );
    }
    const served: Served = {
      child,
      writer: child.stdin!.getWriter(),
      question: undefined,
      waiting: [],
      errors: [],
    };
    void this.#readAnswers(served, nodeName);
    return served;
  }

  /** Hands answers to questions until the process ends. */
  async #readAnswers(served: Served, nodeName: string): Promise<void> {
    const { child } = served;
    const errors = readErrors(served);
    // What it had started may hold its outputs open, which would keep us waiting.
    void child.status.then(() => child.stop());
    try {
      for await (const { text } of readLines(child.stdout, "command")) {
        const answer = parseObject(text);
        if (answer === undefined) print(served, text);
        else if (served.question !== undefined) settle(served.question, answer);
      }
    } catch {
      // A line too long to be an answer: the process is of no use any more.
      await child.stop();
    }
    await errors;
    const { exitCode } = await child.status;
    if (this.#served === served) this.#served = undefined;
    served.writer.close().catch(() => {});
    const how = exitCode < 0
      ? `was ended by signal ${-exitCode}`
      : `ended with status ${exitCode} before it answered`;
    const stderr = served.errors.join("\n");
    served.question?.fail(new CommandError(nodeName, how, { exitCode, stderr }));
  }
}

/** Prints standard error, line by line. */
async function readErrors(served: Served): Promise<void> {
  try {
    for await (const { text } of readLines(served.child.stderr, "command")) {
      served.errors.push(text);
      if (served.errors.length > MAX_ERROR_LINES) served.errors.shift();
      print(served, text);
    }
  } catch {
    // A line too long to be shown; what follows is not read.
  }
}

/** Prints a line in the epoch that is being served, or in the next one. */
function print(served: Served, line: string): void {
  if (served.question !== undefined) served.question.ctx.print(line);
  else if (served.waiting.length < MAX_WAITING_LINES) served.waiting.push(line);
}

/** Prints what came while no epoch was being served. */
function printWaiting(served: Served): void {
  for (const line of served.waiting.splice(0)) print(served, line);
}

/** Answers a question; an answer `{"$error": …}` is a failure. */
function settle(question: Question, answer: Record<string, unknown>): void {
  const { $error: error } = answer;
  if (error === undefined) {
    question.answer(answer);
    return;
  }
  const { type, message } = isPlainObject(error) ? error : { type: undefined, message: error };
  const failure = new Error(String(message ?? "the command failed"));
  if (typeof type === "string" && type !== "") failure.name = type;
  question.fail(failure);
}

/** The JSON object that a line is; undefined for any other line. */
function parseObject(line: string): Record<string, unknown> | undefined {
  if (!/^\s*\{/.test(line)) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isPlainObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
