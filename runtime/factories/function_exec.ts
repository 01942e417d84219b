/**
 * Running a function as a node.
 *
 * @module
 */
import type { NodeExecutionContext, NodeFunction } from "../execution/node_execution_context.ts";
import type { AnyFunction } from "../schema/node.ts";
import { isSignalPortName } from "../schema/signal.ts";
import { show } from "./args.ts";
import { NodeOutputError } from "./error.ts";
import type { FunctionPlan, ResultPlan } from "./function_plan.ts";
import { callArguments } from "./input_values.ts";
import { describeUnusedResult, sendValue } from "./send_result.ts";

/**
 * The raw node function that calls `fn` with the values of its ports and sends what it returns.
 *
 * It returns what `fn` returns; a promise only if that is one. With `plan.stream` it is a generator
 * that yields whenever something is ready to be committed.
 */
export function functionExec(fn: AnyFunction, plan: FunctionPlan): NodeFunction {
  const call: NodeFunction = (ctx, packets) => fn(...callArguments(plan, ctx, packets));
  if (plan.manualOutput) return manualExec(call);
  const send = resultSender(plan.result);
  if (plan.stream) return (ctx, packets) => streamResult(call(ctx, packets), ctx, send);
  return (ctx, packets) => {
    const result = call(ctx, packets);
    if (isGenerator(result)) return drain(result, ctx, send);
    if (!isThenable(result)) return finish(result, ctx, plan, send);
    return result.then((settled) => finish(settled, ctx, plan, send));
  };
}

type Send = (value: unknown, ctx: NodeExecutionContext) => boolean;

/** Sends values; of a node without output ports, says once that they are lost. */
function resultSender(result: ResultPlan): Send {
  let warned = false;
  return (value, ctx) => {
    const warning = warned ? undefined : describeUnusedResult(result, value);
    if (warning !== undefined) {
      warned = true;
      ctx.log(warning);
    }
    return sendValue(result, value, ctx);
  };
}

/** Sends a result that is there: at once, or value by value if it is an async iterable. */
function finish(
  result: unknown,
  ctx: NodeExecutionContext,
  plan: FunctionPlan,
  send: Send,
): unknown {
  if (plan.yields && isAsyncIterable(result)) return drainAsync(iteratorOf(result), ctx, send);
  send(result, ctx);
  return result;
}

type AnyGenerator = Generator<unknown, unknown> | AsyncGenerator<unknown, unknown>;

/** Sends every value that a generator yields. */
function drain(generator: AnyGenerator, ctx: NodeExecutionContext, send: Send): unknown {
  return Symbol.asyncIterator in generator
    ? drainAsync(generator, ctx, send)
    : drainSync(generator, ctx, send);
}

function drainSync(
  generator: Generator<unknown, unknown>,
  ctx: NodeExecutionContext,
  send: Send,
): unknown {
  let ended = false;
  try {
    for (;;) {
      const { done, value } = generator.next();
      ended = done === true;
      if (!ended || value !== undefined) send(value, ctx);
      if (ended) return value;
    }
  } finally {
    if (!ended) generator.return(undefined);
  }
}

/** Values that come one after another. */
interface ValueIterator {
  next(): Promise<IteratorResult<unknown, unknown>> | IteratorResult<unknown, unknown>;
  return?(value?: unknown): unknown;
}

async function drainAsync(
  iterator: ValueIterator,
  ctx: NodeExecutionContext,
  send: Send,
): Promise<unknown> {
  const steps = sentSteps(iterator, ctx, send);
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
  }
}

/** As {@linkcode drainAsync}, but stops for a commit whenever something was sent. */
async function* streamResult(
  result: unknown,
  ctx: NodeExecutionContext,
  send: Send,
): AsyncGenerator<undefined, unknown> {
  const settled = await result;
  if (isGenerator(settled)) return yield* sentSteps(settled, ctx, send);
  if (isAsyncIterable(settled)) return yield* sentSteps(iteratorOf(settled), ctx, send);
  send(settled, ctx);
  return settled;
}

/**
 * Sends every value of an iterator, and yields after each that put something on its way.
 *
 * On abort, and when left early, it closes the iterator, which runs the `finally` blocks of a
 * generator.
 */
async function* sentSteps(
  iterator: ValueIterator,
  ctx: NodeExecutionContext,
  send: Send,
): AsyncGenerator<undefined, unknown> {
  let ended = false;
  let closing: Promise<unknown> | undefined;
  const close = () => closing ??= Promise.resolve(iterator.return?.(undefined));
  // An asynchronous generator that waits for something closes as soon as that has come.
  const closeOnAbort = () => void close().catch(() => {});
  const isAsync = Symbol.asyncIterator in iterator;
  if (isAsync) ctx.signal.addEventListener("abort", closeOnAbort);
  try {
    for (;;) {
      const { done, value } = await iterator.next();
      ended = done === true;
      ctx.signal.throwIfAborted();
      const sent = (!ended || value !== undefined) && send(value, ctx);
      if (ended) return value;
      if (sent) yield;
    }
  } finally {
    if (isAsync) ctx.signal.removeEventListener("abort", closeOnAbort);
    if (!ended) await close();
  }
}

/** Runs a function that sends its output by `ctx` and must return nothing. */
function manualExec(call: NodeFunction): NodeFunction {
  const check = (value: unknown, ctx: NodeExecutionContext) => {
    if (value === undefined || value === null) return false;
    throw new NodeOutputError(
      ctx.nodeName,
      undefined,
      `must be nothing, since the function sends its output by \`ctx\` (\`manual_output\`), ` +
        `got ${show(value)}`,
    );
  };
  return (ctx, packets) => {
    try {
      const result = call(ctx, packets);
      if (isGenerator(result)) return drain(result, ctx, check);
      if (!isThenable(result)) return void check(result, ctx);
      return result.then(
        (value) => void check(value, ctx),
        (error) => {
          throw withPortAdvice(error, ctx);
        },
      );
    } catch (error) {
      throw withPortAdvice(error, ctx);
    }
  };
}

/** An error about a missing port, of a node that has none at all, says how ports are declared. */
function withPortAdvice(error: unknown, ctx: NodeExecutionContext): unknown {
  const isMissingPort = (error as { code?: unknown } | null)?.code === "OutputPortNotFound";
  if (!isMissingPort || [...ctx.node.out_ports.keys()].some((port) => !isSignalPortName(port))) {
    return error;
  }
  return new NodeOutputError(
    ctx.nodeName,
    undefined,
    "cannot be sent: the node has no output ports. With `manual_output` declare them as `out_ports` " +
      "of the node, in the function's `nodeConfig`, or by the type of its result",
    { cause: error },
  );
}

function isThenable(value: unknown): value is Promise<unknown> {
  return typeof value === "object" && value !== null &&
    typeof (value as { then?: unknown }).then === "function";
}

function isGenerator(value: unknown): value is AnyGenerator {
  return /^\[object (?:Async)?Generator\]$/.test(Object.prototype.toString.call(value));
}

function isAsyncIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function iteratorOf(iterable: AsyncIterable<unknown>): ValueIterator {
  return iterable[Symbol.asyncIterator]();
}
