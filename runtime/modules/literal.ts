/**
 * Values written in source as literals.
 *
 * @module
 */
import type { LiteralReading } from "./signature.ts";
import {
  bareExpression,
  childOf,
  childrenOf,
  fieldOf,
  isSet,
  keyOf,
  locationOf,
  type SyntaxNode,
} from "./syntax.ts";

/**
 * Reads the value that an expression writes out, running nothing.
 *
 * What is no literal (a name, a call, a spread) becomes null and is listed in `computed`.
 */
export function readLiteral(node: SyntaxNode, url: string): LiteralReading {
  const computed: string[][] = [];
  return { value: valueOf(node, [], computed), computed, location: locationOf(node, url) };
}

function valueOf(wrapped: SyntaxNode, path: string[], computed: string[][]): unknown {
  const node = bareExpression(wrapped);
  switch (node.type) {
    case "Literal":
      // Regular expressions and bigints are no plain data.
      if (typeof fieldOf(node, "value") !== "object" && !("bigint" in node)) {
        return fieldOf(node, "value");
      }
      if (fieldOf(node, "raw") === "null") return null;
      break;
    case "TemplateLiteral": {
      const quasis = childrenOf(node, "quasis");
      if (quasis.length > 1) break;
      return (fieldOf(quasis[0]!, "value") as { cooked: string }).cooked;
    }
    case "UnaryExpression": {
      const value = valueOf(childOf(node, "argument")!, path, []);
      if (typeof value !== "number") break;
      if (fieldOf(node, "operator") === "-") return -value;
      if (fieldOf(node, "operator") === "+") return value;
      break;
    }
    case "ArrayExpression":
      return childrenOf(node, "elements").map((element, i) =>
        valueOf(element, [...path, String(i)], computed)
      );
    case "ObjectExpression":
      return objectOf(node, path, computed);
  }
  computed.push(path);
  return null;
}

function objectOf(node: SyntaxNode, path: string[], computed: string[][]): unknown {
  const object: Record<string, unknown> = {};
  for (const property of childrenOf(node, "properties")) {
    const key = keyOf(property);
    const value = childOf(property, "value");
    if (key === undefined || !value) {
      computed.push([...path, "*"]);
      continue;
    }
    const isMethod = isSet(property, "method") || fieldOf(property, "kind") !== "init";
    if (isMethod) computed.push([...path, key]);
    // Defined, not assigned: a key `__proto__` is a key like any other.
    Object.defineProperty(object, key, {
      value: isMethod ? null : valueOf(value, [...path, key], computed),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}
