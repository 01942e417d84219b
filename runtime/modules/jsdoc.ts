/**
 * Doc comments: their text, and the tags that speak of parameters, results and types.
 *
 * @module
 */
import type { SyntaxComment, SyntaxNode, SyntaxTree } from "./syntax.ts";

/** A type, if stated, and a text of a tag. */
export interface DocTag {
  /** What stands in braces. */
  type?: string;
  text: string;
}

/** A `@param` tag. */
export interface DocParameter extends DocTag {
  /** `b`, or `size.w` for a property of an object. */
  name: string;
  /** Written as `[b]` or `[b=2]`. */
  optional: boolean;
}

/** What a doc comment says. */
export interface DocComment {
  /** The text before the first tag, dedented. */
  description: string;
  parameters: DocParameter[];
  returns?: DocTag;
  /** Names of type parameters (`@template`). */
  templates: string[];
  /** `@type {type}`. */
  type?: string;
  /** `@typedef {type} Name`. */
  typedef?: { name: string; type: string };
}

/** The doc comments of a text, found by what follows them. */
export class DocComments {
  readonly #tree: SyntaxTree;
  readonly #comments: SyntaxComment[];

  /** Looks at the comments of a tree. */
  constructor(tree: SyntaxTree) {
    this.#tree = tree;
    this.#comments = tree.comments.filter(({ block, text }) => block && text.startsWith("*"));
  }

  /** The doc comment that stands right before a node. */
  before(node: SyntaxNode): DocComment | undefined {
    let low = 0;
    let high = this.#comments.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#comments[middle]!.end <= node.start) low = middle + 1;
      else high = middle;
    }
    const comment = this.#comments[low - 1];
    if (!comment || !this.#onlyTriviaBetween(comment.end, node.start)) return undefined;
    return parseDocComment(comment.text);
  }

  /** All types that comments define by `@typedef`. */
  *typedefs(): Iterable<{ name: string; type: string }> {
    for (const { text } of this.#comments) {
      if (!text.includes("@typedef")) continue;
      const { typedef } = parseDocComment(text);
      if (typedef) yield typedef;
    }
  }

  #onlyTriviaBetween(start: number, end: number): boolean {
    return /^(?:\s|\/\/[^\n]*\n)*$/.test(this.#tree.text.slice(start, end));
  }
}

/** Reads the text of a doc comment (what stands between `/*` and its end). */
export function parseDocComment(text: string): DocComment {
  const lines = text.replace(/^\*/, "").split(/\r?\n/).map((line) => line.replace(/^\s*\*? ?/, ""));
  const blocks: string[] = [""];
  let fenced = false;
  for (const line of lines) {
    if (line.trimStart().startsWith("```")) fenced = !fenced;
    if (!fenced && /^\s*@[a-zA-Z]/.test(line)) blocks.push(line.trimStart());
    else blocks[blocks.length - 1] += `\n${line}`;
  }
  const doc: DocComment = { description: blocks[0]!.trim(), parameters: [], templates: [] };
  for (const block of blocks.slice(1)) addTag(doc, block);
  return doc;
}

function addTag(doc: DocComment, block: string): void {
  const [, tag, rest] = /^@([a-zA-Z]+)\s*(.*)$/s.exec(block)!;
  const { type, text } = splitType(rest!);
  const typed = type === undefined ? {} : { type };
  switch (tag) {
    case "param":
    case "arg":
    case "argument": {
      const name = /^\[\s*([\w$.]+)[^\]]*\]|^([\w$.]+)/.exec(text);
      if (!name) return;
      doc.parameters.push({
        ...typed,
        name: (name[1] ?? name[2])!,
        optional: name[1] !== undefined || /=$/.test(type ?? ""),
        text: withoutDash(text.slice(name[0].length)),
      });
      return;
    }
    case "returns":
    case "return":
      doc.returns = { ...typed, text: withoutDash(text) };
      return;
    case "template":
      doc.templates.push(...(text.match(/^[\w$]+(?:\s*,\s*[\w$]+)*/)?.[0].split(/\s*,\s*/) ?? []));
      return;
    case "type":
      if (type !== undefined) doc.type = type;
      return;
    case "typedef": {
      const name = /^[\w$]+/.exec(text)?.[0];
      if (name !== undefined && type !== undefined) doc.typedef = { name, type };
    }
  }
}

/** Splits `{type} text`, where the type may hold braces of its own. */
function splitType(text: string): DocTag {
  if (!text.startsWith("{")) return { text };
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) {
      return { type: text.slice(1, i).trim(), text: text.slice(i + 1).trimStart() };
    }
  }
  return { text };
}

function withoutDash(text: string): string {
  return text.trim().replace(/^-\s+/, "");
}
