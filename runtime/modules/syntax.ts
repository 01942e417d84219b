/**
 * Syntax trees: parsing them, and reading their nodes without trusting their shape.
 *
 * A node of a kind that is not known here simply has none of the fields that are asked for.
 *
 * @module
 */
import type { SourceLocation } from "./signature.ts";

/** A node of a syntax tree (ESTree with TypeScript's kinds). */
export interface SyntaxNode {
  readonly type: string;
  /** Offset of its first character. */
  readonly start: number;
  /** Offset behind its last one. */
  readonly end: number;
  readonly loc?: { readonly start: { readonly line: number; readonly column: number } } | null;
}

/** A comment; `text` is what stands between its delimiters. */
export interface SyntaxComment {
  readonly block: boolean;
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** A parsed source text. */
export interface SyntaxTree {
  readonly url: string;
  readonly text: string;
  readonly body: readonly SyntaxNode[];
  /** In the order of the text. */
  readonly comments: readonly SyntaxComment[];
}

/** How a text is to be understood. */
export type Dialect = "ts" | "tsx" | "js";

/** Parses a text. Throws a `SyntaxError` with `loc` if it cannot. */
export type Parse = (url: string, text: string, dialect: Dialect) => SyntaxTree;

/** Loads the parser: only what reads source pays for it. */
export async function loadParser(): Promise<Parse> {
  const [{ Parser }, { tsPlugin }] = await Promise.all([
    import("acorn"),
    import("@sveltejs/acorn-typescript"),
  ]);
  const extend = (jsx: boolean) => Parser.extend(tsPlugin({ jsx }) as never, knowYield as never);
  const parsers = new Map<Dialect, typeof Parser>([["js", Parser.extend(knowYield as never)]]);
  return (url, text, dialect) => {
    // Extending takes some milliseconds, and most programs have files of one dialect.
    const parser = parsers.get(dialect) ?? extend(dialect === "tsx");
    parsers.set(dialect, parser);
    const comments: SyntaxComment[] = [];
    const program = parser.parse(text, {
      sourceType: "module",
      ecmaVersion: "latest",
      locations: true,
      onComment: (block, text, start, end) => comments.push({ block, text, start, end }),
    });
    return { url, text, body: childrenOf(program, "body"), comments: inOrder(comments) };
  };
}

/**
 * Makes the parser's tokenizer ask the scope whether `yield` is a keyword, after which a `/` begins a
 * regular expression. By itself it goes by brackets and colons, which return types and parentheses
 * around a generator upset.
 */
function knowYield(Base: new (...args: never[]) => { inGenerator: boolean }): unknown {
  return class extends Base {
    inGeneratorContext(): boolean {
      return this.inGenerator;
    }
  };
}

/** The parser may try a stretch of text several times, and reports its comments each time. */
function inOrder(comments: SyntaxComment[]): SyntaxComment[] {
  const byStart = new Map(comments.map((comment) => [comment.start, comment]));
  return [...byStart.values()].sort((a, b) => a.start - b.start);
}

/** How the text of a module is to be understood, by the end of its URL. */
export function dialectOf(url: string): Dialect {
  const path = /^(?:file|https?):/.test(url) ? new URL(url).pathname : url;
  if (/\.[jt]sx$/.test(path)) return "tsx";
  if (/\.[cm]?js$/.test(path) || /^data:(?:text|application)\/javascript/.test(url)) return "js";
  return "ts";
}

/** A field of a node, whatever it is. */
export function fieldOf(node: SyntaxNode, name: string): unknown {
  return (node as unknown as Record<string, unknown>)[name];
}

/** The node in a field, if there is one. */
export function childOf(node: SyntaxNode, name: string): SyntaxNode | undefined {
  const field = fieldOf(node, name);
  return isNode(field) ? field : undefined;
}

/** The nodes in a field that holds a list; holes are left out. */
export function childrenOf(node: SyntaxNode, name: string): SyntaxNode[] {
  const field = fieldOf(node, name);
  return Array.isArray(field) ? field.filter(isNode) : [];
}

/** Whether a field holds `true`. */
export function isSet(node: SyntaxNode, name: string): boolean {
  return fieldOf(node, name) === true;
}

/** The name of an identifier, or the text of a string literal in a name's place. */
export function nameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === "Identifier" || node?.type === "PrivateIdentifier") {
    return fieldOf(node, "name") as string;
  }
  const value = node?.type === "Literal" ? fieldOf(node, "value") : undefined;
  return typeof value === "string" || typeof value === "number" ? String(value) : undefined;
}

/** The name of a property's or member's key; undefined if it is computed. */
export function keyOf(node: SyntaxNode): string | undefined {
  return isSet(node, "computed") ? undefined : nameOf(childOf(node, "key"));
}

/** `a` for `a`, `c` for `a.b.c`. */
export function lastNameOf(node: SyntaxNode | undefined): string | undefined {
  if (node?.type === "TSQualifiedName") return nameOf(childOf(node, "right"));
  if (node?.type === "MemberExpression" && !isSet(node, "computed")) {
    return nameOf(childOf(node, "property"));
  }
  return nameOf(node);
}

/** All nodes right below a node. */
export function* nodesBelow(node: SyntaxNode): Iterable<SyntaxNode> {
  for (const field of Object.values(node)) {
    if (isNode(field)) yield field;
    else if (Array.isArray(field)) { for (const item of field) if (isNode(item)) yield item; }
  }
}

/** Where a node begins. */
export function locationOf(node: SyntaxNode, url: string): SourceLocation {
  const { line, column } = node.loc?.start ?? { line: 1, column: 0 };
  return { url, line, column: column + 1 };
}

/** The expression beneath parentheses, `as`, `satisfies` and `!`. */
export function bareExpression(node: SyntaxNode): SyntaxNode {
  const wrappers = [
    "ParenthesizedExpression",
    "TSAsExpression",
    "TSSatisfiesExpression",
    "TSNonNullExpression",
    "TSTypeAssertion",
  ];
  const inner = wrappers.includes(node.type) ? childOf(node, "expression") : undefined;
  return inner ? bareExpression(inner) : node;
}

function isNode(field: unknown): field is SyntaxNode {
  return typeof field === "object" && field !== null &&
    typeof (field as SyntaxNode).type === "string" &&
    typeof (field as SyntaxNode).start === "number";
}
