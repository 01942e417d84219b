/**
 * The result of a function → output ports.
 *
 * @module
 */
import {
  docType,
  type FunctionContext,
  placeOf,
  problemAt,
  statedType,
} from "./function_context.ts";
import type { OutputSignature, ResultSignature, SignatureProblem } from "./signature.ts";
import { childOf, childrenOf, isSet, nameOf, nodesBelow, type SyntaxNode } from "./syntax.ts";
import type { TypeMember } from "./type_members.ts";
import {
  inside,
  keywordOf,
  resolveParameter,
  typeArgumentsOf,
  type WrittenType,
} from "./type_text.ts";

/** What the result of a function comes to. */
export interface ReadResult {
  result: ResultSignature;
  annotated: boolean;
  yields: boolean;
  problems: SignatureProblem[];
}

/** Types that a value is routed without. */
const PROMISES = new Set(["Promise", "PromiseLike"]);

/** Types whose values are yielded one by one, whoever returns them. */
const STREAMS = new Set([
  "AsyncIterable",
  "AsyncIterator",
  "AsyncIterableIterator",
  "AsyncGenerator",
  "Generator",
  "ReadableStream",
]);

/** Types that a generator function may be said to return; an array is one of them. */
const ITERABLES = new Set([
  ...STREAMS,
  "Iterable",
  "Iterator",
  "IterableIterator",
  "IteratorObject",
  "AsyncIteratorObject",
]);

/** Longer chains of aliases and wrappers are taken for endless. */
const MAX_CHAIN = 32;

/**
 * Reads what a function returns.
 *
 * @param fn The function.
 * @param context Its module and doc comment.
 * @param expected The return type that the place of the function states.
 */
export function readResult(
  fn: SyntaxNode,
  context: FunctionContext,
  expected?: WrittenType,
): ReadResult {
  const generator = isSet(fn, "generator");
  const annotation = statedType(fn, context, "returnType") ?? expected ??
    (context.isJavaScript ? docType(context.doc?.returns?.type, context) : undefined);
  const description = context.doc?.returns?.text;
  if (!annotation) {
    const result: ResultSignature = returnsValue(fn)
      ? { kind: "single", port: outputPort("out", undefined, fn, context, { description }) }
      : { kind: "none" };
    return { result, annotated: false, yields: generator, problems: [] };
  }
  const { type, yields } = unwrap(annotation, generator, context);
  const problems: SignatureProblem[] = [];
  const result = resultOf(type, description, context, problems);
  return { result, annotated: true, yields: yields || generator, problems };
}

/** The type that is routed: what a promise resolves to, or a stream yields. */
function unwrap(
  annotation: WrittenType,
  generator: boolean,
  { types }: FunctionContext,
): { type: WrittenType | undefined; yields: boolean } {
  let type: WrittenType = resolveParameter(annotation);
  let yields = false;
  for (let i = 0; i < MAX_CHAIN && type.node.type === "TSTypeReference"; i++) {
    const name = types.canonicalName(type.node);
    const declared = types.declarationOf(type);
    const isStream: boolean = !yields && (generator ? ITERABLES : STREAMS).has(name);
    if (!declared && (isStream || PROMISES.has(name))) {
      yields ||= isStream;
      const [inner] = typeArgumentsOf(type.node);
      if (!inner) return { type: undefined, yields };
      type = resolveParameter(inside(type, inner));
    } else if (declared?.declaration.kind === "alias") {
      const target = resolveParameter({ ...declared.declaration.target, scope: declared.scope });
      if (!isWrapperOrNothing(target.node, generator, types)) break;
      type = target;
    } else break;
  }
  return { type, yields };
}

/** A named type is one value on one port, unless the name stands for one of these. */
function isWrapperOrNothing(
  node: SyntaxNode,
  generator: boolean,
  types: FunctionContext["types"],
): boolean {
  if (isNothing(node)) return true;
  if (node.type !== "TSTypeReference") return false;
  const name = types.canonicalName(node);
  return PROMISES.has(name) || (generator ? ITERABLES : STREAMS).has(name);
}

function isNothing(node: SyntaxNode): boolean {
  return ["void", "undefined", "null", "never"].includes(keywordOf(node) ?? "") ||
    (node.type === "TSTypePredicate" && isSet(node, "asserts"));
}

function resultOf(
  type: WrittenType | undefined,
  description: string | undefined,
  context: FunctionContext,
  problems: SignatureProblem[],
): ResultSignature {
  const single = (value: WrittenType | undefined): ResultSignature => ({
    kind: "single",
    port: outputPort("out", value, value?.node, context, { description }),
  });
  if (!type) return single(undefined);
  const { node } = type;
  if (isNothing(node)) return { kind: "none" };
  if (node.type === "TSTypeLiteral") {
    const found = context.types.membersOf(type)!;
    if (found.members.length === 0 || found.callable) return single(type);
    return { kind: "object", ports: memberPorts(found.members, context, problems) };
  }
  if (node.type === "TSTupleType") {
    const elements = childrenOf(node, "elementTypes");
    const labelled = elements.length > 0 &&
      elements.every((element) => element.type === "TSNamedTupleMember");
    return labelled
      ? { kind: "tuple", ports: labelPorts(type, elements, context, problems) }
      : single(type);
  }
  const [argument] = typeArgumentsOf(node);
  const marker = argument && context.types.canonicalName(node);
  if (!argument || (marker !== "Out" && marker !== "Outputs")) return single(type);
  const value = resolveParameter(inside(type, argument));
  if (marker === "Out") return single(value);
  const imported = context.importedTypes.get(context.types.nameOf(value));
  const place: FunctionContext = { ...context, ...imported };
  const found = place.types.membersOf(value);
  if (!found) {
    problems.push(problemAt(
      "unreadable",
      "the members of the type in `Outputs<…>` cannot be read; write the object type inline, " +
        "declare it in this file or in one that it is imported from by its path, or declare the " +
        "ports with `node()`",
      node,
      context,
    ));
  }
  return { kind: "object", ports: memberPorts(found?.members ?? [], place, problems) };
}

function memberPorts(
  members: TypeMember[],
  context: FunctionContext,
  problems: SignatureProblem[],
): OutputSignature[] {
  const ports = members.map(({ name, type, optional, node }) =>
    outputPort(name, type, node, context, {
      optional,
      description: context.docs.before(node)?.description,
    })
  );
  refuseDuplicates(ports, members.map(({ node }) => node), context, problems);
  return ports;
}

function labelPorts(
  type: WrittenType,
  elements: SyntaxNode[],
  context: FunctionContext,
  problems: SignatureProblem[],
): OutputSignature[] {
  const ports = elements.map((element) => {
    const value = childOf(element, "elementType");
    const name = nameOf(childOf(element, "label")) ?? "";
    const optional = isSet(element, "optional");
    return outputPort(name, value && inside(type, value), element, context, { optional });
  });
  refuseDuplicates(ports, elements, context, problems);
  return ports;
}

function refuseDuplicates(
  ports: OutputSignature[],
  nodes: SyntaxNode[],
  context: FunctionContext,
  problems: SignatureProblem[],
): void {
  const names = new Set<string>();
  for (const [i, { name }] of ports.entries()) {
    if (names.has(name)) {
      problems.push(
        problemAt("duplicate_port", `two outputs are named \`${name}\``, nodes[i]!, context),
      );
    }
    names.add(name);
  }
}

function outputPort(
  name: string,
  written: WrittenType | undefined,
  node: SyntaxNode | undefined,
  context: FunctionContext,
  { optional = false, description }: { optional?: boolean; description?: string | undefined },
): OutputSignature {
  const reference = written && resolveParameter(written);
  const preCreated = reference?.node.type === "TSTypeReference" &&
    context.types.canonicalName(reference.node) === "PreCreatedPacket";
  const [inner] = preCreated ? typeArgumentsOf(reference.node) : [];
  const type = preCreated ? inner && inside(reference, inner) : written;
  const described = type && context.types.describe(type);
  return {
    name,
    ...(described ? { type: described } : {}),
    optional,
    ...(preCreated ? { preCreated: true } : {}),
    ...(description ? { description } : {}),
    ...(node ? placeOf(node, context) : {}),
  };
}

/** Whether the body is an expression, or returns or yields a value by itself. */
function returnsValue(fn: SyntaxNode): boolean {
  const body = childOf(fn, "body");
  if (!body) return false;
  return body.type !== "BlockStatement" || holdsReturn(body);
}

function holdsReturn(node: SyntaxNode): boolean {
  if (node.type === "ReturnStatement") return childOf(node, "argument") !== undefined;
  if (node.type === "YieldExpression") return true;
  // A function or class inside has returns of its own.
  if (/Function|^Class/.test(node.type)) return false;
  for (const child of nodesBelow(node)) if (holdsReturn(child)) return true;
  return false;
}
