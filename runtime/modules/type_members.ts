/**
 * The members of object types, gathered over aliases, interfaces and what these extend.
 *
 * @module
 */
import { childOf, childrenOf, fieldOf, isSet, keyOf, nameOf, type SyntaxNode } from "./syntax.ts";
import { bindArguments, type ModuleNames, type TypeDeclaration } from "./type_declarations.ts";
import {
  annotationOf,
  entityName,
  inside,
  resolveParameter,
  typeArgumentsOf,
  type WrittenType,
} from "./type_text.ts";

/** One member of an object type. */
export interface TypeMember {
  name: string;
  /** Absent if none is stated, or the member is a method. */
  type?: WrittenType;
  optional: boolean;
  method: boolean;
  /** The node it is written by. */
  node: SyntaxNode;
}

/** The members of an object type. */
export interface TypeMembers {
  members: TypeMember[];
  /** Type of all other properties, if the type has an index signature. */
  index?: WrittenType;
  /** The type can be called or constructed. */
  callable: boolean;
}

/** Finds members of a type that another leads to, perhaps through a declaration. */
type Below = (type: WrittenType, through?: TypeDeclaration) => TypeMembers | undefined;

/** A declaration that leads to itself more often than this is taken for endless. */
const MAX_TURNS = 3;

/** The members of an object type, as far as the module tells; undefined if it is none. */
export function membersOf(
  written: WrittenType,
  names: ModuleNames,
  path: readonly TypeDeclaration[] = [],
): TypeMembers | undefined {
  const type = resolveParameter(written);
  const { node } = type;
  const below: Below = (child, through) =>
    membersOf(child, names, through ? [...path, through] : path);
  switch (node.type) {
    case "TSTypeLiteral":
      return ownMembers(type, childrenOf(node, "members"));
    case "TSInterfaceDeclaration":
      return ownMembers(type, childrenOf(childOf(node, "body") ?? node, "body"));
    case "TSIntersectionType": {
      const parts = childrenOf(node, "types").map((part) => below(inside(type, part)));
      const known = parts.filter((part) => part !== undefined);
      return known.length ? merge(known) : undefined;
    }
    case "TSTypeReference":
    case "TSExpressionWithTypeArguments":
      return referenced(type, names, {
        below,
        isEndless: (declaration) => path.filter((on) => on === declaration).length > MAX_TURNS,
      });
  }
}

function referenced(
  type: WrittenType,
  names: ModuleNames,
  { below, isEndless }: { below: Below; isEndless: (declaration: TypeDeclaration) => boolean },
): TypeMembers | undefined {
  const { node } = type;
  const name = entityName(childOf(node, "typeName") ?? childOf(node, "expression"));
  const declaration = type.scope.has(name) ? undefined : names.types.get(name);
  if (declaration && isEndless(declaration)) return undefined;
  if (declaration?.kind === "alias") {
    return below({ ...declaration.target, scope: bindArguments(type, declaration) }, declaration);
  }
  if (declaration?.kind === "interface") {
    const scope = bindArguments(type, declaration);
    const parts = declaration.declarations.map((part) => ({ ...part, scope }));
    const bases = parts.flatMap((part) =>
      childrenOf(part.node, "extends").map((base) => below(inside(part, base), declaration))
    );
    return merge(
      [...bases, ...parts.map((part) => below(part))].filter((part) => part !== undefined),
    );
  }
  if (declaration || names.imports.has(name)) return undefined;
  const [first, second] = typeArgumentsOf(node).map((arg) => inside(type, arg));
  if (!first) return undefined;
  if (name === "Record") return second && recordMembers(first, second);
  if (!["Partial", "Required", "Readonly"].includes(name)) return undefined;
  const found = below(first);
  if (!found || name === "Readonly") return found;
  const optional = name === "Partial";
  return { ...found, members: found.members.map((member) => ({ ...member, optional })) };
}

/** `Record<"a" | "b", T>` has known members. */
function recordMembers(keys: WrittenType, value: WrittenType): TypeMembers | undefined {
  const type = resolveParameter(keys);
  const options = type.node.type === "TSUnionType" ? childrenOf(type.node, "types") : [type.node];
  const members: TypeMember[] = [];
  for (const option of options) {
    const literal = childOf(resolveParameter(inside(type, option)).node, "literal");
    const name = nameOf(literal);
    if (name === undefined) return undefined;
    members.push({ name, type: value, optional: false, method: false, node: option });
  }
  return { members, callable: false };
}

function ownMembers(type: WrittenType, nodes: SyntaxNode[]): TypeMembers {
  const found: TypeMembers = { members: [], callable: false };
  for (const node of nodes) {
    const annotation = annotationOf(node);
    if (node.type === "TSIndexSignature") {
      if (annotation) found.index = inside(type, annotation);
    } else if (/^TS(?:Call|Construct)SignatureDeclaration$/.test(node.type)) {
      found.callable = true;
    } else {
      const name = keyOf(node);
      if (name === undefined || fieldOf(node, "kind") === "set") continue;
      const method = node.type === "TSMethodSignature" && fieldOf(node, "kind") !== "get";
      found.members.push({
        name,
        ...(annotation && !method ? { type: inside(type, annotation) } : {}),
        optional: isSet(node, "optional"),
        method,
        node,
      });
    }
  }
  return found;
}

/** Later members replace earlier ones of their name, in the earlier one's place. */
function merge(parts: TypeMembers[]): TypeMembers {
  const members = new Map<string, TypeMember>();
  for (const part of parts) for (const member of part.members) members.set(member.name, member);
  const index = parts.findLast((part) => part.index)?.index;
  return {
    members: [...members.values()],
    ...(index ? { index } : {}),
    callable: parts.some((part) => part.callable),
  };
}
