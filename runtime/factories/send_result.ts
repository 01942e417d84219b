/**
 * From the result of a function to packets on their way.
 *
 * @module
 */
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import { isLazyPacketValue } from "../packets/lazy_value.ts";
import { typeName } from "../packets/type_name.ts";
import { nearestName } from "../schema/nearest_name.ts";
import { isSignalPortName } from "../schema/signal.ts";
import { show } from "./args.ts";
import { NodeOutputError } from "./error.ts";
import { type OutputPlan, outputsOf, type ResultPlan } from "./function_plan.ts";
import { parseValue } from "./input_values.ts";
import { isPlainObject } from "./merge.ts";

/**
 * Sends one value: what a function returned, or what it yielded once.
 *
 * @returns Whether anything was sent.
 * @throws {NodeOutputError} If the value does not fit the ports; nothing of it is sent then.
 * @throws {PacketTypeMismatch} If a member is not what its port's schema takes.
 */
export function sendValue(
  result: ResultPlan,
  value: unknown,
  ctx: NodeExecutionContext,
): boolean {
  let loaded = false;
  for (const [output, member] of route(result, value, ctx.nodeName)) {
    if (member === undefined) continue;
    load(output, member, ctx);
    loaded = true;
  }
  if (loaded) sendLoaded(ctx);
  return loaded;
}

/** The value, cut up by output port in the order of the ports. */
function route(result: ResultPlan, value: unknown, nodeName: string): [OutputPlan, unknown][] {
  switch (result.kind) {
    case "none":
      return [];
    case "single":
      return [[result.output, value]];
    case "object":
      return routeMembers(result.outputs, value, nodeName);
    case "tuple":
      return routeElements(result.outputs, value, nodeName);
  }
}

function routeMembers(
  outputs: OutputPlan[],
  value: unknown,
  nodeName: string,
): [OutputPlan, unknown][] {
  const ports = outputs.map(({ port }) => port);
  if (!isPlainObject(value)) {
    throw new NodeOutputError(
      nodeName,
      undefined,
      `must be an object with members among ${ports.join(", ")}, got ${describe(value)}`,
    );
  }
  const unknown = Object.keys(value).find((key) => !ports.includes(key));
  if (unknown !== undefined) {
    const nearest = nearestName(unknown, ports);
    throw new NodeOutputError(
      nodeName,
      undefined,
      `has the member ${JSON.stringify(unknown)}, which is none of the output ports ` +
        `(${ports.join(", ")})${nearest === undefined ? "" : `; did you mean ${nearest}?`}`,
    );
  }
  return outputs.map((output) => [
    output,
    Object.hasOwn(value, output.port) ? value[output.port] : undefined,
  ]);
}

function routeElements(
  outputs: OutputPlan[],
  value: unknown,
  nodeName: string,
): [OutputPlan, unknown][] {
  if (!Array.isArray(value) || value.length > outputs.length) {
    const ports = outputs.map(({ port }) => port).join(", ");
    const got = Array.isArray(value) ? `an array of ${value.length}` : describe(value);
    throw new NodeOutputError(nodeName, undefined, `must be an array of [${ports}], got ${got}`);
  }
  return outputs.map((output, i) => [output, value[i]]);
}

function describe(value: unknown): string {
  return typeof value === "object" && value !== null
    ? `a value of type ${typeName(value)}`
    : show(value);
}

/** Loads one value into its port. */
function load(output: OutputPlan, value: unknown, ctx: NodeExecutionContext): void {
  const { port, preCreated } = output;
  if (!preCreated) {
    ctx.loadOutputPort(port, ctx.createPacket(parseValue(output, value, "(new)", ctx)));
    return;
  }
  if (typeof value !== "string") {
    throw new NodeOutputError(
      ctx.nodeName,
      port,
      `takes the id of a packet made by \`ctx.createPacket\`, got ${describe(value)}`,
    );
  }
  const held = ctx.peekPacket(value);
  if (!isLazyPacketValue(held)) parseValue(output, held, value, ctx);
  ctx.loadOutputPort(port, value);
}

/** Sends what is loaded: by `send`, or by whatever the node has in its place. */
export function sendLoaded(ctx: NodeExecutionContext): void {
  const conditions = ctx.node.out_salvo_conditions;
  if (conditions.has("send")) {
    ctx.sendOutputSalvo("send");
    return;
  }
  for (const name of conditions.keys()) {
    if (isSignalPortName(name)) continue;
    try {
      ctx.sendOutputSalvo(name);
    } catch (error) {
      // The context knows whether the term holds; those that do not hold are passed over.
      if ((error as { code?: unknown }).code !== "SalvoConditionNotMet") throw error;
    }
  }
}

/** A function returned something although its node has no output ports. */
export function describeUnusedResult(result: ResultPlan, value: unknown): string | undefined {
  if (outputsOf(result).length > 0 || value === undefined) return undefined;
  return `Warning: the function returned ${describe(value)}, but its node has no output port; ` +
    "annotate the type of the result, or return nothing";
}
