/**
 * From the packets of an epoch to the arguments of a function.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import { PacketTypeMismatch } from "../execution/error.ts";
import type { CallArgument, SignatureArgument } from "../modules/signature.ts";
import { typeName } from "../packets/type_name.ts";
import type * as z from "zod";
import { NodeInputError } from "./error.ts";
import type { FunctionPlan, InputPlan, PortPlan } from "./function_plan.ts";

/** Packets of an epoch by input port. */
export type PacketsByPort = Readonly<Record<string, readonly PacketId[]>>;

/** The packets of one port; none if it has no entry. */
export function packetsOf(packets: PacketsByPort, port: string): readonly PacketId[] {
  // A port may be called like a member that every object has.
  return Object.hasOwn(packets, port) ? packets[port]! : [];
}

/**
 * The arguments of a function, out of the packets of its epoch, which are consumed.
 *
 * @throws {NodeInputError} If a port holds no packet, or several where one is taken.
 * @throws {PacketTypeMismatch} If a value is not what the port's schema takes.
 */
export function callArguments(
  plan: FunctionPlan,
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
): unknown[] {
  const { inputs } = plan;
  const values = inputs.map((input) => inputValue(input, ctx, packetsOf(packets, input.port)));
  const valueOf = (name: string) => values[inputs.findIndex(({ port }) => port === name)];
  return plan.arguments.map((argument) => argumentValue(argument, valueOf, ctx));
}

/** The value that a function gets of a port. */
type ValueOfPort = (name: string) => unknown;

/** What the function gets of one port. */
function inputValue(
  input: InputPlan,
  ctx: NodeExecutionContext,
  ids: readonly PacketId[],
): unknown {
  const { port, batch, optional, schema } = input;
  if (batch !== undefined) {
    if (ids.length > 0 || optional || batch.empty) return ids.map((id) => take(input, id, ctx));
  } else if (ids.length > 1) {
    throw new NodeInputError(
      ctx.nodeName,
      port,
      `the function takes one packet of it, but the epoch holds ${ids.length}; let its condition ` +
        "take one, or give the parameter the type `Batch`",
    );
  } else if (ids.length === 1) return take(input, ids[0]!, ctx);
  else if (optional) return schema === undefined ? undefined : defaultOf(schema);
  throw new NodeInputError(ctx.nodeName, port, "the epoch holds no packet of it");
}

function take(input: InputPlan, id: PacketId, ctx: NodeExecutionContext): unknown {
  return parseValue(input, ctx.consumePacket(id), id, ctx);
}

/** What a schema makes of a value that is not there. */
function defaultOf(schema: z.ZodType): unknown {
  const result = schema.safeParse(undefined);
  return result.success ? result.data : undefined;
}

/**
 * What a port's schema makes of a value; the value itself if there is none, or nothing is checked.
 *
 * @throws {PacketTypeMismatch} If the schema refuses it, with every problem.
 */
export function parseValue(
  { port, schema, type }: PortPlan,
  value: unknown,
  packetId: PacketId,
  ctx: NodeExecutionContext,
): unknown {
  if (schema === undefined || !ctx.node.execution_config.type_checking_enabled) return value;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const expected = typeof type === "object" && type !== null && "name" in type
    ? String(type.name)
    : "what its schema accepts";
  const hint = result.error.issues.map(({ path, message }) =>
    path.length === 0 ? message : `${path.map(String).join(".")}: ${message}`
  ).join("; ");
  throw new PacketTypeMismatch(ctx.nodeName, port, packetId, expected, typeName(value), hint);
}

function argumentValue(
  argument: CallArgument,
  valueOf: ValueOfPort,
  ctx: NodeExecutionContext,
): unknown {
  if (argument.kind !== "object") return memberValue(argument, valueOf, ctx);
  const members = argument.members.map((member): [string, unknown] => [
    member.kind === "port" ? member.port : member.name,
    memberValue(member, valueOf, ctx),
  ]);
  return Object.fromEntries(members);
}

function memberValue(
  argument: SignatureArgument,
  valueOf: ValueOfPort,
  ctx: NodeExecutionContext,
): unknown {
  if (argument.kind === "port") return valueOf(argument.port);
  switch (argument.name) {
    case "ctx":
      return ctx;
    case "print":
      return (...args: unknown[]) => ctx.print(...args);
    case "log":
      return (...args: Parameters<NodeExecutionContext["log"]>) => ctx.log(...args);
  }
}
