/**
 * A function in a syntax tree → its signature.
 *
 * @module
 */
import { docType, type FunctionContext, type ModuleContext, placeOf } from "./function_context.ts";
import type { DocComment } from "./jsdoc.ts";
import { readParameters } from "./parameters.ts";
import { readResult } from "./returns.ts";
import type { FunctionSignature, LiteralReading, SignatureTexts } from "./signature.ts";
import { childOf, childrenOf, fieldOf, isSet, nameOf, type SyntaxNode } from "./syntax.ts";
import { annotationOf, resolveParameter, type TypeScope, type WrittenType } from "./type_text.ts";

/** What the place of a function says about it. */
export interface FunctionPlace {
  /** Name of the constant it is assigned to, or its own. */
  name?: string | undefined;
  /** The node that names it. */
  at: SyntaxNode;
  /** Its doc comment. */
  doc?: DocComment | undefined;
  /** What is assigned to its `nodeConfig`. */
  nodeConfig?: LiteralReading | undefined;
  /** The type of the constant it is assigned to. */
  type?: SyntaxNode | undefined;
}

/** Whether a node is a function, as an expression or a declaration. */
export function isFunction(node: SyntaxNode): boolean {
  return [
    "FunctionDeclaration",
    "FunctionExpression",
    "ArrowFunctionExpression",
    "TSDeclareFunction",
  ].includes(node.type);
}

/** Reads a function. */
export function readFunction(
  fn: SyntaxNode,
  place: FunctionPlace,
  module: ModuleContext,
): FunctionSignature {
  const context: FunctionContext = { ...module, doc: place.doc, scope: typeParameters(fn, place) };
  const expected = expectedTypes(place, context);
  const { inputs, arguments: args, problems } = readParameters(fn, context, expected.parameters);
  const result = readResult(fn, context, expected.result);
  return {
    kind: "function",
    ...textsOf(place, module),
    readFrom: module.hasLocations ? "source" : "function",
    async: isSet(fn, "async"),
    generator: isSet(fn, "generator"),
    yields: result.yields,
    inputs,
    arguments: args,
    result: result.result,
    annotated: result.annotated,
    problems: [...problems, ...result.problems],
  };
}

/** The texts around a function. */
export function textsOf(
  { name, at, doc, nodeConfig }: FunctionPlace,
  module: ModuleContext,
): SignatureTexts {
  return {
    ...(name === undefined ? {} : { name }),
    ...(doc?.description ? { description: doc.description } : {}),
    ...(doc?.returns?.text ? { returnsDescription: doc.returns.text } : {}),
    ...(nodeConfig ? { nodeConfig } : {}),
    ...placeOf(at, module),
  };
}

function typeParameters(fn: SyntaxNode, { doc }: Pick<FunctionPlace, "doc">): TypeScope {
  const list = childOf(fn, "typeParameters");
  const names = list
    ? childrenOf(list, "params").map((node) =>
      nameOf(childOf(node, "name")) ?? fieldOf(node, "name")
    )
    : [];
  return new Map([...names.map(String), ...doc?.templates ?? []].map((name) => [name, null]));
}

/** The types that the type of the constant states for parameters and result. */
function expectedTypes(
  { type: node, doc }: FunctionPlace,
  context: FunctionContext,
): { parameters: (WrittenType | undefined)[]; result?: WrittenType } {
  const stated = node
    ? { node, source: context.tree.text, scope: context.scope }
    : context.isJavaScript
    ? docType(doc?.type, context)
    : undefined;
  const type = stated && functionType(stated, context);
  if (!type) return { parameters: [] };
  const scope = new Map([...type.scope, ...typeParameters(type.node, {})]);
  const at = (child: SyntaxNode | undefined) => child && { ...type, node: child, scope };
  const parameters = childrenOf(type.node, "parameters")
    .filter((parameter) => nameOf(parameter) !== "this")
    .map((parameter) => at(annotationOf(parameter)));
  const result = at(annotationOf(type.node));
  return { parameters, ...(result ? { result } : {}) };
}

function functionType(written: WrittenType, { types }: FunctionContext): WrittenType | undefined {
  const type = resolveParameter(written);
  if (type.node.type === "TSFunctionType") return type;
  if (type.node.type !== "TSTypeReference") return undefined;
  const declared = types.declarationOf(type);
  if (declared?.declaration.kind !== "alias") return undefined;
  const target = resolveParameter({ ...declared.declaration.target, scope: declared.scope });
  return target.node.type === "TSFunctionType" ? target : undefined;
}
