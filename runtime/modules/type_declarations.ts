/**
 * The types that a module declares or imports at its top level.
 *
 * @module
 */
import {
  childOf,
  childrenOf,
  fieldOf,
  nameOf,
  type SyntaxNode,
  type SyntaxTree,
} from "./syntax.ts";
import { inside, typeArgumentsOf, type TypeScope, type WrittenType } from "./type_text.ts";

/** A type declared in the module. */
export type TypeDeclaration =
  | { kind: "alias"; parameters: SyntaxNode[]; target: WrittenType }
  /** Several declarations of one name are one interface. */
  | { kind: "interface"; parameters: SyntaxNode[]; declarations: WrittenType[] }
  | { kind: "enum"; node: SyntaxNode }
  | { kind: "class" };

/** A name that comes from another module. */
export interface ImportedName {
  source: string;
  /** Name of the export there; `*` for the module's namespace. */
  imported: string;
}

/** The names in a module that can stand in types. */
export interface ModuleNames {
  types: Map<string, TypeDeclaration>;
  imports: Map<string, ImportedName>;
}

/** Collects the declared types and the imported names of a module. */
export function collectNames(tree: SyntaxTree): ModuleNames {
  const names: ModuleNames = { types: new Map(), imports: new Map() };
  for (const statement of tree.body) {
    if (statement.type === "ImportDeclaration") addImports(statement, names);
    const exported = /^Export(?:Named|Default)Declaration$/.test(statement.type)
      ? childOf(statement, "declaration")
      : undefined;
    addType(exported ?? statement, tree, names);
  }
  return names;
}

function addImports(statement: SyntaxNode, { imports }: ModuleNames): void {
  const source = nameOf(childOf(statement, "source")) ?? "";
  for (const specifier of childrenOf(statement, "specifiers")) {
    const local = nameOf(childOf(specifier, "local"));
    if (local === undefined) continue;
    const imported = specifier.type === "ImportDefaultSpecifier"
      ? "default"
      : nameOf(childOf(specifier, "imported")) ?? "*";
    imports.set(local, { source, imported });
  }
}

function addType(node: SyntaxNode, { text: source }: SyntaxTree, { types }: ModuleNames): void {
  const name = nameOf(childOf(node, "id"));
  if (name === undefined) return;
  const parameterList = childOf(node, "typeParameters");
  const parameters = parameterList ? childrenOf(parameterList, "params") : [];
  const scope = new Map();
  switch (node.type) {
    case "TSTypeAliasDeclaration": {
      const target = childOf(node, "typeAnnotation");
      if (target) {
        types.set(name, { kind: "alias", parameters, target: { node: target, source, scope } });
      }
      return;
    }
    case "TSInterfaceDeclaration": {
      const known = types.get(name);
      const declaration = { node, source, scope };
      if (known?.kind === "interface") known.declarations.push(declaration);
      else types.set(name, { kind: "interface", parameters, declarations: [declaration] });
      return;
    }
    case "TSEnumDeclaration":
      types.set(name, { kind: "enum", node });
      return;
    case "ClassDeclaration":
      types.set(name, { kind: "class" });
  }
}

/** Binds the arguments of a reference, or their defaults, to the parameters of a declaration. */
export function bindArguments(reference: WrittenType, declaration: TypeDeclaration): TypeScope {
  const scope = new Map<string, WrittenType | null>();
  if (!("parameters" in declaration)) return scope;
  const source = declaration.kind === "alias" ? declaration.target : declaration.declarations[0]!;
  const args = typeArgumentsOf(reference.node);
  for (const [i, parameter] of declaration.parameters.entries()) {
    const name = nameOf(childOf(parameter, "name")) ?? String(fieldOf(parameter, "name"));
    const byDefault = childOf(parameter, "default");
    if (args[i]) scope.set(name, inside(reference, args[i]));
    else scope.set(name, byDefault ? { ...source, node: byDefault, scope: new Map(scope) } : null);
  }
  return scope;
}

/**
 * The values of an enum by member, in order; undefined for one that is computed.
 *
 * Members without an initialiser count on from the number before them.
 */
export function enumValues(node: SyntaxNode): Map<string, string | number | undefined> {
  const values = new Map<string, string | number | undefined>();
  let next: number | undefined = 0;
  for (const member of childrenOf(childOf(node, "body") ?? node, "members")) {
    const initializer = childOf(member, "initializer");
    const value: string | number | undefined = initializer ? constantOf(initializer) : next;
    next = typeof value === "number" ? value + 1 : undefined;
    values.set(nameOf(childOf(member, "id")) ?? "", value);
  }
  return values;
}

/** The string or number that a literal, or a negated one, stands for. */
export function constantOf(node: SyntaxNode): string | number | undefined {
  const value = fieldOf(node, "value");
  if (node.type === "Literal") {
    return typeof value === "string" || typeof value === "number" ? value : undefined;
  }
  const operand = node.type === "UnaryExpression" && childOf(node, "argument");
  const number = operand ? constantOf(operand) : undefined;
  if (typeof number !== "number" || fieldOf(node, "operator") !== "-") return undefined;
  return -number;
}
