/**
 * What the readers of a function's parts share.
 *
 * @module
 */
import type { DocComment, DocComments } from "./jsdoc.ts";
import type { SignatureProblem, SignatureProblemCode, SourceLocation } from "./signature.ts";
import { childOf, locationOf, type Parse, type SyntaxNode, type SyntaxTree } from "./syntax.ts";
import type { TypeReader } from "./type_reader.ts";
import {
  annotationOf,
  inside,
  type TypeScope,
  withoutParentheses,
  type WrittenType,
} from "./type_text.ts";

/** Where types are written, and how they are read there. */
export interface TypePlace {
  readonly tree: SyntaxTree;
  readonly types: TypeReader;
  readonly docs: DocComments;
}

/** What is read of a module as a whole. */
export interface ModuleContext extends TypePlace {
  /** Types of other modules whose members are needed, by their names in this one. */
  readonly importedTypes: ReadonlyMap<string, TypePlace>;
  readonly parse: Parse;
  /** Types are in doc comments. */
  readonly isJavaScript: boolean;
  /** False for the text of a function by itself, whose places mean nothing. */
  readonly hasLocations: boolean;
}

/** What is read of one function. */
export interface FunctionContext extends ModuleContext {
  readonly doc: DocComment | undefined;
  /** The function's own type parameters. */
  readonly scope: TypeScope;
}

/** Where a node stands, if that means anything. */
export function placeOf(
  node: SyntaxNode,
  { tree, hasLocations }: ModuleContext,
): { location?: SourceLocation } {
  return hasLocations ? { location: locationOf(node, tree.url) } : {};
}

/** A problem at a node. */
export function problemAt(
  code: SignatureProblemCode,
  message: string,
  node: SyntaxNode,
  context: ModuleContext,
): SignatureProblem {
  return { code, message, ...placeOf(node, context) };
}

/** The type that is stated in a field of a node. */
export function statedType(
  node: SyntaxNode,
  context: FunctionContext,
  field?: string,
): WrittenType | undefined {
  const type = annotationOf(node, field);
  return type && {
    node: withoutParentheses(type),
    source: context.tree.text,
    scope: context.scope,
  };
}

/**
 * The type in a tag of a doc comment, whose own notations are turned into TypeScript's.
 *
 * What cannot be parsed counts as not stated.
 */
export function docType(
  text: string | undefined,
  { parse, scope, tree }: Pick<FunctionContext, "parse" | "scope" | "tree">,
): WrittenType | undefined {
  if (text === undefined) return undefined;
  const source = `type Doc = (${toTypeScript(text)}\n);`;
  try {
    const node = childOf(parse(tree.url, source, "ts").body[0]!, "typeAnnotation");
    return node && inside({ node, source, scope }, withoutParentheses(node));
  } catch {
    return undefined;
  }
}

function toTypeScript(text: string): string {
  const type = text.trim().replace(/=$/, "").replace(/^!/, "");
  if (type === "*" || type === "?" || type === "") return "any";
  const nullable = /^\?(.+)$|^(.+)\?$/s.exec(type);
  if (nullable) return `(${toTypeScript((nullable[1] ?? nullable[2])!)}) | null`;
  return type.replace(/\bArray\.</g, "Array<").replace(/\b[Oo]bject\.?</g, "Record<");
}
