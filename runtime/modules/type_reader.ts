/**
 * What a type that is written in a module means at run time.
 *
 * @module
 */
import type { SignatureType } from "./signature.ts";
import { childOf, childrenOf, fieldOf, nameOf, type SyntaxNode } from "./syntax.ts";
import {
  bindArguments,
  constantOf,
  enumValues,
  type ModuleNames,
  type TypeDeclaration,
} from "./type_declarations.ts";
import { membersOf, type TypeMembers } from "./type_members.ts";
import {
  MAX_TYPE_DEPTH,
  type MemberShape,
  type TupleElementShape,
  type TypeShape,
} from "./type_shape.ts";
import { isOpen, reachable, union } from "./type_shape_rules.ts";
import {
  entityName,
  inside,
  keywordOf,
  resolveParameter,
  typeArgumentsOf,
  type TypeScope,
  typeText,
  type WrittenType,
} from "./type_text.ts";

const ANY: TypeShape = { kind: "any" };

/** Types of the language's library that leave a value of a primitive type. */
const PRIMITIVE_ALIASES = new Map<string, TypeShape>([
  ...["String", "Uppercase", "Lowercase", "Capitalize", "Uncapitalize"]
    .map((name): [string, TypeShape] => [name, { kind: "primitive", name: "string" }]),
  ["Number", { kind: "primitive", name: "number" }],
  ["Boolean", { kind: "primitive", name: "boolean" }],
  ["Symbol", { kind: "primitive", name: "symbol" }],
  ["BigInt", { kind: "primitive", name: "bigint" }],
  [
    "PropertyKey",
    union(
      (["string", "number", "symbol"] as const).map((name) => ({ kind: "primitive", name })),
    ),
  ],
  ["Object", ANY],
  ["Function", { kind: "function" }],
]);

/** Globals that values need not be instances of to be of the type of that name. */
const STRUCTURAL_GLOBALS = new Set(["Iterator", "AsyncIterator", "Promise", "Proxy"]);

/** How many instantiations of a generic type may arise inside others of it. */
const MAX_NESTED = 32;

/** Reads the types of one module. */
export class TypeReader {
  readonly #names: ModuleNames;
  /** Definitions by text; null while one is being made. */
  readonly #definitions = new Map<string, TypeShape | null>();
  /** Instantiations of a generic declaration: being made now, and made inside one another. */
  readonly #growth = new Map<TypeDeclaration, { open: number; nested: number }>();

  /** Reads types among these names. */
  constructor(names: ModuleNames) {
    this.#names = names;
  }

  /** What a port of this type shows and checks; undefined if the type puts no constraint. */
  describe(type: WrittenType): SignatureType | undefined {
    const shape = this.shapeOf(type);
    if (shape.kind === "any") return undefined;
    const name = typeText(type);
    if (shape.kind === "unchecked") return { name, unchecked: true };
    const definitions = reachable(shape, this.#definitions);
    return { name, type: definitions ? { shape, definitions } : { shape } };
  }

  /** The members of an object type, as far as the module tells; undefined if it is none. */
  membersOf(type: WrittenType): TypeMembers | undefined {
    return membersOf(type, this.#names);
  }

  /** The declaration in this module that a reference leads to, with its arguments bound. */
  declarationOf(
    reference: WrittenType,
  ): { declaration: TypeDeclaration; scope: TypeScope } | undefined {
    const declaration = this.#names.types.get(entityName(childOf(reference.node, "typeName")));
    return declaration && { declaration, scope: bindArguments(reference, declaration) };
  }

  /** The name that a type refers to; empty if it is no reference. */
  nameOf(type: WrittenType): string {
    return entityName(childOf(type.node, "typeName"));
  }

  /** The name by which the package knows a type: `Batch` also for `ns.Batch`, or under an alias. */
  canonicalName(node: SyntaxNode): string {
    const name = entityName(childOf(node, "typeName"));
    const imported = this.#names.imports.get(name)?.imported;
    return imported === undefined || imported === "default"
      ? name.slice(name.lastIndexOf(".") + 1)
      : imported;
  }

  /** The shape of a type. */
  shapeOf(written: WrittenType): TypeShape {
    const type = resolveParameter(written);
    const { node } = type;
    const shape = (child: SyntaxNode | undefined) =>
      child ? this.shapeOf(inside(type, child)) : ANY;
    switch (node.type) {
      case "TSTypeReference":
        return this.#reference(type);
      case "TSLiteralType":
        return literalShape(childOf(node, "literal"), type);
      case "TSTemplateLiteralType":
        return { kind: "primitive", name: "string" };
      case "TSArrayType":
        return { kind: "array", element: shape(childOf(node, "elementType")) };
      case "TSTypeOperator": {
        const operator = fieldOf(node, "operator");
        if (operator === "readonly") return shape(childOf(node, "typeAnnotation"));
        return operator === "unique"
          ? { kind: "primitive", name: "symbol" }
          : { kind: "unchecked", name: typeText(type) };
      }
      case "TSTupleType":
        return {
          kind: "tuple",
          elements: childrenOf(node, "elementTypes").map((element) => tupleElement(element, shape)),
        };
      case "TSUnionType":
        return union(childrenOf(node, "types").map(shape), typeText(type));
      case "TSIntersectionType":
        return this.#intersection(childrenOf(node, "types").map(shape), type);
      case "TSTypeLiteral":
        return this.#object(type);
      case "TSFunctionType":
      case "TSConstructorType":
        return { kind: "function" };
      case "TSTypePredicate":
        return { kind: "primitive", name: "boolean" };
      default:
        return keywordShape(node) ?? { kind: "unchecked", name: typeText(type) };
    }
  }

  #reference(type: WrittenType): TypeShape {
    const name = entityName(childOf(type.node, "typeName"));
    if (type.scope.has(name)) return ANY;
    const local = this.declarationOf(type);
    if (local) return this.#definition(type, local.declaration, local.scope);
    return this.#enumMember(name) ??
      (this.#names.imports.has(name.split(".")[0]!) ? undefined : this.#library(name, type)) ??
      { kind: "unchecked", name: typeText(type) };
  }

  /** A type of the language or the platform. */
  #library(name: string, type: WrittenType): TypeShape | undefined {
    const args = typeArgumentsOf(type.node).map((arg) => inside(type, arg));
    const [first, second] = args.map((arg) => this.shapeOf(arg));
    switch (name) {
      case "Array":
      case "ReadonlyArray":
        return { kind: "array", element: first ?? ANY };
      case "Map":
      case "ReadonlyMap":
        return { kind: "map", key: first ?? ANY, value: second ?? ANY };
      case "Set":
      case "ReadonlySet":
        return { kind: "set", element: first ?? ANY };
      case "Record":
        if (this.membersOf(type)) return this.#object(type);
        return { kind: "record", key: first ?? ANY, value: second ?? ANY };
      case "Partial":
      case "Required":
        return this.membersOf(type) ? this.#object(type) : undefined;
      case "Readonly":
        return first;
      case "NoInfer":
        return first;
    }
    const primitive = PRIMITIVE_ALIASES.get(name);
    if (primitive) return primitive;
    const isClass = /^[A-Z]/.test(name) && !STRUCTURAL_GLOBALS.has(name) &&
      typeof (globalThis as Record<string, unknown>)[name] === "function";
    return isClass ? { kind: "instance", name } : undefined;
  }

  #enumMember(name: string): TypeShape | undefined {
    const [enumName, member, ...rest] = name.split(".");
    const declaration = this.#names.types.get(enumName!);
    if (member === undefined || rest.length || declaration?.kind !== "enum") return undefined;
    const value = enumValues(declaration.node).get(member);
    return value === undefined ? undefined : { kind: "literal", value };
  }

  /** A reference to the definition of a declared type, which is made on first need. */
  #definition(type: WrittenType, declaration: TypeDeclaration, scope: TypeScope): TypeShape {
    const name = typeText(type);
    const known = this.#definitions.get(name);
    if (known === null) return { kind: "reference", name };
    if (known) return referTo(name, known);
    // A generic type may grow with each turn of its recursion: deeper than a check looks it ends,
    // and sooner if it branches.
    const growth = this.#growth.get(declaration) ?? { open: 0, nested: 0 };
    if (growth.open > MAX_TYPE_DEPTH || growth.nested >= MAX_NESTED) return ANY;
    this.#growth.set(declaration, growth);
    if (growth.open > 0) growth.nested++;
    growth.open++;
    this.#definitions.set(name, null);
    const shape = this.#declared(type, declaration, scope);
    this.#definitions.set(name, shape);
    growth.open--;
    return referTo(name, shape);
  }

  #declared(type: WrittenType, declaration: TypeDeclaration, scope: TypeScope): TypeShape {
    switch (declaration.kind) {
      case "alias": {
        const shape = this.shapeOf({ ...declaration.target, scope });
        return shape.kind === "reference" && shape.name === typeText(type) ? ANY : shape;
      }
      case "class":
        return { kind: "class", name: entityName(childOf(type.node, "typeName")) };
      case "enum":
        return union([...enumValues(declaration.node).values()].map(enumValueShape));
      case "interface": {
        const bases = declaration.declarations.flatMap((part) =>
          childrenOf(part.node, "extends").map((base) =>
            this.#heritage({ ...part, node: base, scope })
          )
        );
        return this.#intersection([this.#object(type), ...bases], type);
      }
    }
  }

  /** What an interface extends and does not merely take members from. */
  #heritage(base: WrittenType): TypeShape {
    const name = nameOf(childOf(base.node, "expression"));
    if (name === undefined) return ANY;
    if (this.#names.types.get(name)?.kind === "class") return { kind: "class", name };
    if (this.#names.types.has(name) || this.#names.imports.has(name)) return ANY;
    return this.#library(name, base) ?? ANY;
  }

  #object(type: WrittenType): TypeShape {
    const found = this.membersOf(type);
    if (!found) return { kind: "unchecked", name: typeText(type) };
    if (found.callable) return { kind: "function" };
    const index = found.index && this.shapeOf(found.index);
    if (found.members.length === 0 && !index) return ANY;
    return {
      kind: "object",
      members: found.members.map((member): MemberShape => ({
        name: member.name,
        shape: member.method ? { kind: "function" } : member.type ? this.shapeOf(member.type) : ANY,
        ...(member.optional ? { optional: true } : {}),
      })),
      ...(index ? { index } : {}),
    };
  }

  #intersection(parts: TypeShape[], type: WrittenType): TypeShape {
    const closed = parts.flatMap((part) => part.kind === "intersection" ? part.parts : [part])
      .filter((part) => !isOpen(part));
    if (closed.length > 1) return { kind: "intersection", parts: closed };
    if (closed[0]) return closed[0];
    return parts.every((part) => part.kind === "any")
      ? ANY
      : { kind: "unchecked", name: typeText(type) };
  }
}

function referTo(name: string, shape: TypeShape): TypeShape {
  const nested = ["object", "record", "array", "tuple", "map", "set", "union", "intersection"];
  return nested.includes(shape.kind) ? { kind: "reference", name } : shape;
}

function enumValueShape(value: string | number | undefined): TypeShape {
  if (value !== undefined) return { kind: "literal", value };
  return union([{ kind: "primitive", name: "number" }, { kind: "primitive", name: "string" }]);
}

function tupleElement(
  node: SyntaxNode,
  shape: (child: SyntaxNode | undefined) => TypeShape,
): TupleElementShape {
  if (node.type === "TSRestType") {
    const rest = childOf(node, "typeAnnotation")!;
    const list = shape(rest.type === "TSNamedTupleMember" ? childOf(rest, "elementType") : rest);
    return { shape: list.kind === "array" ? list.element : ANY, rest: true };
  }
  if (node.type === "TSOptionalType") {
    return { shape: shape(childOf(node, "typeAnnotation")), optional: true };
  }
  if (node.type !== "TSNamedTupleMember") return { shape: shape(node) };
  const element = shape(childOf(node, "elementType"));
  return fieldOf(node, "optional") === true
    ? { shape: element, optional: true }
    : { shape: element };
}

function literalShape(node: SyntaxNode | undefined, type: WrittenType): TypeShape {
  if (node?.type === "TemplateLiteral") return { kind: "primitive", name: "string" };
  const negative = node?.type === "UnaryExpression";
  const literal = negative ? childOf(node, "argument") : node;
  const digits = literal && fieldOf(literal, "bigint");
  if (typeof digits === "string") {
    return { kind: "bigintLiteral", digits: negative ? `-${digits}` : digits };
  }
  const value = node && (constantOf(node) ?? fieldOf(node, "value"));
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? { kind: "literal", value }
    : { kind: "unchecked", name: typeText(type) };
}

function keywordShape(node: SyntaxNode): TypeShape | undefined {
  const keyword = keywordOf(node);
  switch (keyword) {
    case "any":
    case "unknown":
      return ANY;
    case "never":
      return { kind: "never" };
    case "object":
      return { kind: "nonPrimitive" };
    case "void":
      return { kind: "primitive", name: "undefined" };
    case "string":
    case "number":
    case "boolean":
    case "bigint":
    case "symbol":
    case "null":
    case "undefined":
      return { kind: "primitive", name: keyword };
  }
}
