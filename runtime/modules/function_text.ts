/**
 * The text that `Function.prototype.toString` gives → a signature without types.
 *
 * @module
 */
import type { ModuleContext } from "./function_context.ts";
import { isFunction, readFunction } from "./function_signature.ts";
import { DocComments } from "./jsdoc.ts";
import type { Signature, SignatureProblemCode } from "./signature.ts";
import { childOf, childrenOf, nodesBelow, type Parse, type SyntaxNode } from "./syntax.ts";
import { TypeReader } from "./type_reader.ts";

/** A function, a method, and a method with a private name, each made a whole module. */
const WRAPPERS: [string, string][] = [["(", "\n)"], ["({", "\n})"], ["(class {", "\n})"]];

/**
 * Reads a function by its own text.
 *
 * @param text What its `toString()` gives.
 * @param name Its `name`.
 */
export function readFunctionText(text: string, name: string, parse: Parse): Signature {
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) {
    return unreadable(
      "unreadable",
      `\`${name}\` is native or bound, so that it shows no parameters`,
    );
  }
  if (/^class\b/.test(text)) {
    return unreadable("unreadable", `\`${name}\` is a class; write a function`);
  }
  for (const [before, after] of WRAPPERS) {
    const source = before + text + after;
    let tree;
    try {
      tree = parse("function:", source, "js");
    } catch {
      continue;
    }
    const fn = firstFunction(tree.body[0]);
    if (!fn) continue;
    const context: ModuleContext = {
      tree,
      types: new TypeReader({ types: new Map(), imports: new Map() }),
      docs: new DocComments(tree),
      importedTypes: new Map(),
      parse,
      isJavaScript: true,
      hasLocations: false,
    };
    return readFunction(fn, { name: name || undefined, at: fn }, context);
  }
  return unreadable("unreadable", `the text of \`${name}\` cannot be read`);
}

function unreadable(code: SignatureProblemCode, reason: string): Signature {
  const message = `${reason}; declare its ports with \`node(spec, fn)\``;
  return { kind: "unreadable", problem: { code, message } };
}

function firstFunction(node: SyntaxNode | undefined): SyntaxNode | undefined {
  if (!node || isFunction(node)) return node;
  const members = childOf(node, "body") ?? node;
  const [member] = [...childrenOf(members, "properties"), ...childrenOf(members, "body")];
  const value = member && childOf(member, "value");
  if (value) return isFunction(value) ? value : undefined;
  for (const child of nodesBelow(node)) {
    const found = firstFunction(child);
    if (found) return found;
  }
}
