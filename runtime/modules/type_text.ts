/**
 * Types as written, and their text in one normal form.
 *
 * @module
 */
import { childOf, childrenOf, fieldOf, isSet, keyOf, nameOf, type SyntaxNode } from "./syntax.ts";

/** What names of type parameters stand for; null for those of the function itself. */
export type TypeScope = ReadonlyMap<string, WrittenType | null>;

/** A type where it is written. */
export interface WrittenType {
  readonly node: SyntaxNode;
  /** The source that the node's offsets point into. */
  readonly source: string;
  readonly scope: TypeScope;
}

/** Another node of the same source. */
export function inside(type: WrittenType, node: SyntaxNode): WrittenType {
  return { ...type, node };
}

/** The type in an annotation (`: T`) that stands in a field of a node. */
export function annotationOf(node: SyntaxNode, field = "typeAnnotation"): SyntaxNode | undefined {
  const annotation = childOf(node, field);
  if (annotation?.type !== "TSTypeAnnotation") return annotation;
  return childOf(annotation, "typeAnnotation");
}

/** The type arguments of a reference. */
export function typeArgumentsOf(node: SyntaxNode): SyntaxNode[] {
  const list = childOf(node, "typeArguments") ?? childOf(node, "typeParameters");
  return list ? childrenOf(list, "params") : [];
}

/** Which keyword a keyword type is: `string` for `TSStringKeyword`. */
export function keywordOf(node: SyntaxNode): string | undefined {
  return /^TS(\w+)Keyword$/.exec(node.type)?.[1]?.toLowerCase();
}

/** The type beneath parentheses. */
export function withoutParentheses(node: SyntaxNode): SyntaxNode {
  const inner = node.type === "TSParenthesizedType" ? childOf(node, "typeAnnotation") : undefined;
  return inner ? withoutParentheses(inner) : node;
}

/** `a.b.c` of a name in a type. */
export function entityName(node: SyntaxNode | undefined): string {
  if (node?.type === "TSQualifiedName") {
    return `${entityName(childOf(node, "left"))}.${nameOf(childOf(node, "right"))}`;
  }
  return nameOf(node) ?? "";
}

/**
 * The text of a type: single spaces, double quotes, `T[]` for `Array<T>`, type parameters replaced
 * by what they stand for.
 */
export function typeText(type: WrittenType): string {
  const node = withoutParentheses(type.node);
  const text = (child: SyntaxNode | undefined) => child ? typeText(inside(type, child)) : "any";
  switch (node.type) {
    case "TSTypeReference":
      return referenceText(inside(type, node));
    case "TSLiteralType": {
      const literal = childOf(node, "literal");
      const value = literal?.type === "Literal" ? fieldOf(literal, "value") : undefined;
      return typeof value === "string" ? JSON.stringify(value) : sourceText(inside(type, node));
    }
    case "TSArrayType":
      return `${grouped(inside(type, childOf(node, "elementType")!), ARRAY_GROUPS)}[]`;
    case "TSTypeOperator":
      return `${fieldOf(node, "operator")} ${
        grouped(inside(type, childOf(node, "typeAnnotation")!), OPERATOR_GROUPS)
      }`;
    case "TSUnionType":
      return childrenOf(node, "types").map((option) => grouped(inside(type, option), UNION_GROUPS))
        .join(" | ");
    case "TSIntersectionType":
      return childrenOf(node, "types").map((part) => grouped(inside(type, part), OPERATOR_GROUPS))
        .join(" & ");
    case "TSTupleType":
      return `[${childrenOf(node, "elementTypes").map(text).join(", ")}]`;
    case "TSNamedTupleMember":
      return `${nameOf(childOf(node, "label"))}${isSet(node, "optional") ? "?" : ""}: ${
        text(childOf(node, "elementType"))
      }`;
    case "TSOptionalType":
      return `${text(childOf(node, "typeAnnotation"))}?`;
    case "TSRestType":
      return `...${text(childOf(node, "typeAnnotation"))}`;
    case "TSTypePredicate":
      return "boolean";
    case "TSTypeLiteral": {
      const members = childrenOf(node, "members").map((member) => memberText(inside(type, member)));
      return members.length ? `{ ${members.join("; ")} }` : "{}";
    }
    default:
      return keywordOf(node) ?? sourceText(inside(type, node));
  }
}

const FUNCTIONS = ["TSFunctionType", "TSConstructorType", "TSConditionalType"];
const UNION_GROUPS = new Set(FUNCTIONS);
const OPERATOR_GROUPS = new Set([...FUNCTIONS, "TSUnionType"]);
const ARRAY_GROUPS = new Set([
  ...OPERATOR_GROUPS,
  "TSIntersectionType",
  "TSTypeOperator",
  "TSInferType",
  "TSTypeQuery",
]);

/** Puts parentheses around a type of one of these kinds, also if it stands for a parameter. */
function grouped(type: WrittenType, kinds: ReadonlySet<string>): string {
  const node = withoutParentheses(resolveParameter(type).node);
  const isLoose = kinds === ARRAY_GROUPS &&
    (isReference(node, "ReadonlyArray") || childOf(node, "literal")?.type === "UnaryExpression");
  const text = typeText(type);
  return kinds.has(node.type) || isLoose ? `(${text})` : text;
}

/** What a type parameter stands for; any other type is itself. */
export function resolveParameter(type: WrittenType): WrittenType {
  const node = withoutParentheses(type.node);
  if (node.type !== "TSTypeReference") return inside(type, node);
  const bound = type.scope.get(entityName(childOf(node, "typeName")));
  return bound ? resolveParameter(bound) : inside(type, node);
}

function referenceText(type: WrittenType): string {
  const resolved = resolveParameter(type);
  if (resolved.node !== type.node) return typeText(resolved);
  const args = typeArgumentsOf(type.node);
  const [first] = args;
  if (args.length === 1 && first) {
    if (isReference(type.node, "Array")) return `${grouped(inside(type, first), ARRAY_GROUPS)}[]`;
    if (isReference(type.node, "ReadonlyArray")) {
      return `readonly ${grouped(inside(type, first), ARRAY_GROUPS)}[]`;
    }
  }
  const name = entityName(childOf(type.node, "typeName"));
  return args.length
    ? `${name}<${args.map((arg) => typeText(inside(type, arg))).join(", ")}>`
    : name;
}

function isReference(node: SyntaxNode, name: string): boolean {
  return node.type === "TSTypeReference" && nameOf(childOf(node, "typeName")) === name;
}

function memberText(type: WrittenType): string {
  const { node } = type;
  const annotation = annotationOf(node);
  const readonly = isSet(node, "readonly") ? "readonly " : "";
  if (node.type === "TSPropertySignature") {
    const key = keyOf(node);
    if (key !== undefined && annotation) {
      const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? key : JSON.stringify(key);
      const mark = isSet(node, "optional") ? "?" : "";
      return `${readonly}${name}${mark}: ${typeText(inside(type, annotation))}`;
    }
  }
  return sourceText(type).replace(/[;,]$/, "");
}

/** As written, with comments dropped and all white space single. */
function sourceText({ node, source }: WrittenType): string {
  return source.slice(node.start, node.end)
    .replace(
      /("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`(?:[^`\\]|\\.)*`)|\/\*.*?\*\/|\/\/[^\n]*/gs,
      (_, quoted) => quoted ?? " ",
    )
    .replace(/\s+/g, " ").trim();
}
