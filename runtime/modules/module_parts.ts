/**
 * The top level of a module, taken apart: what it declares, imports, exports and does.
 *
 * @module
 */
import {
  childOf,
  childrenOf,
  fieldOf,
  nameOf,
  nodesBelow,
  type SyntaxNode,
  type SyntaxTree,
} from "./syntax.ts";

/** A piece of a module. */
export interface ModulePart {
  /** Its source text. */
  readonly text: string;
  /** Every name in it: those of its own too, and of properties. */
  readonly names: ReadonlySet<string>;
  /** Modules that it imports while it runs. */
  readonly imports: readonly string[];
}

/** A name that comes from another module. */
export interface ImportedName {
  readonly source: string;
  /** Its name there; `*` for all of the module. */
  readonly imported: string;
}

/** A module, taken apart. */
export interface ModuleParts {
  /** What each top-level name is declared as. */
  readonly declarations: Map<string, ModulePart>;
  /** Names that are imported. */
  readonly imports: Map<string, ImportedName>;
  /** What each export leads to: a name of this module, or of another one. */
  readonly exports: Map<string, string | ImportedName>;
  /** Modules of which everything is exported. */
  readonly stars: string[];
  /** Statements that declare nothing: they run whenever the module is loaded. */
  readonly statements: ModulePart[];
  /** Modules that are imported for what they do. */
  readonly effects: string[];
  /** Every module that is imported. */
  readonly sources: Set<string>;
}

/** Takes a module apart. */
export function moduleParts(tree: SyntaxTree): ModuleParts {
  const parts: ModuleParts = {
    declarations: new Map(),
    imports: new Map(),
    exports: new Map(),
    stars: [],
    statements: [],
    effects: [],
    sources: new Set(),
  };
  for (const statement of tree.body) addStatement(parts, tree, statement);
  return parts;
}

/** Specifiers of the modules that a text imports, found without understanding it. */
export function importsInText(text: string): string[] {
  const pattern = /\b(?:from|import)\s*\(?\s*(["'])([^"'\n]+)\1/g;
  return Array.from(text.matchAll(pattern), ([, , specifier]) => specifier!);
}

function addStatement(parts: ModuleParts, tree: SyntaxTree, statement: SyntaxNode): void {
  switch (statement.type) {
    case "ImportDeclaration":
      return addImport(parts, statement);
    case "ExportAllDeclaration": {
      const source = sourceOf(statement)!;
      parts.sources.add(source);
      const exported = nameOf(childOf(statement, "exported"));
      if (exported === undefined) parts.stars.push(source);
      else parts.exports.set(exported, { source, imported: "*" });
      return;
    }
    case "ExportNamedDeclaration":
      return addNamedExport(parts, tree, statement);
    case "ExportDefaultDeclaration": {
      const declaration = childOf(statement, "declaration")!;
      const part = partOf(tree, declaration);
      const name = nameOf(childOf(declaration, "id"));
      if (name !== undefined) parts.declarations.set(name, part);
      parts.declarations.set("default", part);
      parts.exports.set("default", name ?? "default");
      return;
    }
  }
  const names = declare(parts, tree, statement);
  if (names.length === 0) parts.statements.push(partOf(tree, statement));
}

function addImport(parts: ModuleParts, statement: SyntaxNode): void {
  const source = sourceOf(statement)!;
  if (fieldOf(statement, "importKind") === "type") return;
  parts.sources.add(source);
  const specifiers = childrenOf(statement, "specifiers");
  if (specifiers.length === 0) parts.effects.push(source);
  for (const specifier of specifiers) {
    const local = nameOf(childOf(specifier, "local"))!;
    const imported = specifier.type === "ImportNamespaceSpecifier"
      ? "*"
      : nameOf(childOf(specifier, "imported")) ?? "default";
    parts.imports.set(local, { source, imported });
  }
}

function addNamedExport(parts: ModuleParts, tree: SyntaxTree, statement: SyntaxNode): void {
  const declaration = childOf(statement, "declaration");
  if (declaration) {
    for (const name of declare(parts, tree, declaration)) parts.exports.set(name, name);
    return;
  }
  const source = sourceOf(statement);
  if (source !== undefined && fieldOf(statement, "exportKind") !== "type") {
    parts.sources.add(source);
  }
  for (const specifier of childrenOf(statement, "specifiers")) {
    const local = nameOf(childOf(specifier, "local"))!;
    const exported = nameOf(childOf(specifier, "exported")) ?? local;
    parts.exports.set(exported, source === undefined ? local : { source, imported: local });
  }
}

/** Adds what a statement declares, and returns the names. */
function declare(parts: ModuleParts, tree: SyntaxTree, statement: SyntaxNode): string[] {
  if (statement.type === "VariableDeclaration") {
    return childrenOf(statement, "declarations").flatMap((declarator) => {
      const part = partOf(tree, declarator);
      const names = [...namesIn(childOf(declarator, "id")!)];
      for (const name of names) parts.declarations.set(name, part);
      return names;
    });
  }
  const isDeclaration = /Declaration$|^TSDeclareFunction$/.test(statement.type);
  const name = isDeclaration ? nameOf(childOf(statement, "id")) : undefined;
  if (name === undefined) return [];
  const part = partOf(tree, statement);
  const known = parts.declarations.get(name);
  // Overloads, merged interfaces and namespaces have several declarations.
  parts.declarations.set(name, known ? joined(known, part) : part);
  return [name];
}

function joined(a: ModulePart, b: ModulePart): ModulePart {
  return {
    text: `${a.text}\n${b.text}`,
    names: new Set([...a.names, ...b.names]),
    imports: [...a.imports, ...b.imports],
  };
}

function partOf(tree: SyntaxTree, node: SyntaxNode): ModulePart {
  return {
    text: tree.text.slice(node.start, node.end),
    names: namesIn(node),
    imports: dynamicImports(node),
  };
}

function namesIn(node: SyntaxNode): Set<string> {
  const names = new Set<string>();
  for (const { type, name } of allBelow(node)) {
    if (type === "Identifier" || type === "JSXIdentifier") names.add(name as string);
  }
  return names;
}

function dynamicImports(node: SyntaxNode): string[] {
  const specifiers: string[] = [];
  for (const below of allBelow(node)) {
    if (below.type !== "ImportExpression") continue;
    const specifier = nameOf(childOf(below, "source"));
    if (specifier !== undefined) specifiers.push(specifier);
  }
  return specifiers;
}

/** A node and all nodes in it, without recursion: expressions can be nested deeply. */
function* allBelow(node: SyntaxNode): Iterable<SyntaxNode & { readonly name?: unknown }> {
  const stack = [node];
  for (let next = stack.pop(); next; next = stack.pop()) {
    yield next;
    stack.push(...nodesBelow(next));
  }
}

function sourceOf(statement: SyntaxNode): string | undefined {
  return nameOf(childOf(statement, "source"));
}
