/**
 * Telling functions that work on packets from those that work on values.
 *
 * @module
 */
import type { CallArgument, FunctionSignature, Signature } from "./signature.ts";

const RAW_TEXT =
  /^(?:async\s+)?(?:function\b\s*\*?\s*[\w$]*\s*)?\(?\s*_?(?:ctx|context)\s*(?:,\s*_?packets\s*)?(?:\)|=>)/;

/** Whether the text of a function says that it takes `(ctx, packets)`, without parsing it. */
export function isClearlyRaw(text: string): boolean {
  return RAW_TEXT.test(text);
}

/**
 * Whether a function may take `(ctx, packets)`; false only if its signature says something else.
 * Names and types both count: `(_, waiting: Record<string, string[]>)` may.
 */
export function mayBeRaw(signature: Signature): boolean {
  if (signature.kind === "declared") return false;
  if (signature.kind !== "function" || signature.problems.length > 0) return true;
  const [first, second, ...more] = signature.arguments;
  if (more.length > 0) return false;
  if (first === undefined) return signature.result.kind === "none";
  return isContext(first, signature) && (second === undefined || isPackets(second, signature));
}

/** The parameters of a function as a person would name them: `(row, limit)`. */
export function parametersOf(signature: Signature): string {
  if (signature.kind !== "function") return "values";
  const names = signature.arguments.map((argument) =>
    argument.kind === "object" ? "{…}" : argument.kind === "port" ? argument.port : argument.name
  );
  return `(${names.join(", ")})`;
}

function isContext(argument: CallArgument, signature: FunctionSignature): boolean {
  if (argument.kind === "reserved") return argument.name === "ctx";
  if (argument.kind === "object") return signature.arguments.length === 2;
  return /^_|ctx|context/i.test(argument.port) ||
    /Context/.test(typeName(argument.port, signature) ?? "");
}

function isPackets(argument: CallArgument, signature: FunctionSignature): boolean {
  if (argument.kind !== "port") return argument.kind === "object";
  const type = typeName(argument.port, signature);
  return /^_|packet/i.test(argument.port) || type === undefined || /Record|Packet|\{/.test(type);
}

function typeName(port: string, { inputs }: FunctionSignature): string | undefined {
  return inputs.find(({ name }) => name === port)?.type?.name;
}
