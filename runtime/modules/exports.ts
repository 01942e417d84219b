/**
 * The exports of one module, read from its syntax tree.
 *
 * @module
 */
import type { ModuleContext, TypePlace } from "./function_context.ts";
import { docType, placeOf, problemAt } from "./function_context.ts";
import { isFunction, readFunction, textsOf } from "./function_signature.ts";
import { type DocComment, DocComments } from "./jsdoc.ts";
import { readLiteral } from "./literal.ts";
import type { LiteralReading, Signature, SourceLocation } from "./signature.ts";
import {
  bareExpression,
  childOf,
  childrenOf,
  fieldOf,
  lastNameOf,
  nameOf,
  type Parse,
  type SyntaxNode,
  type SyntaxTree,
} from "./syntax.ts";
import type { ModuleNames } from "./type_declarations.ts";
import { TypeReader } from "./type_reader.ts";
import { annotationOf } from "./type_text.ts";

/** What an exported name leads to. */
export type ExportTarget = Signature | ReExport;

/** An export that is written in another module. */
export interface ReExport {
  kind: "reExport";
  /** Specifier of the other module, as written. */
  source: string;
  /** Name of the export there; `*` for the module's namespace. */
  imported: string;
  location?: SourceLocation;
}

/** The exports of one module. */
export interface ModuleExports {
  exports: Map<string, ExportTarget>;
  /** Every `export * from`. */
  stars: ReExport[];
}

/** Something at the top level of a module that has a name. */
interface LocalValue {
  /** The node that names it. */
  at: SyntaxNode;
  /** Function, class or expression; absent if the source does not tell. */
  value?: SyntaxNode | undefined;
  /** Its type annotation. */
  type?: SyntaxNode | undefined;
  doc: DocComment | undefined;
}

/** What {@linkcode readExports} needs beside the tree. */
export interface ExportOptions {
  names: ModuleNames;
  parse: Parse;
  isJavaScript: boolean;
  importedTypes: ReadonlyMap<string, TypePlace>;
}

/** Reads the exports of a module. */
export function readExports(
  tree: SyntaxTree,
  { names, parse, isJavaScript, importedTypes }: ExportOptions,
): ModuleExports {
  const context: ModuleContext = {
    tree,
    types: new TypeReader(names),
    docs: new DocComments(tree),
    importedTypes,
    parse,
    isJavaScript,
    hasLocations: true,
  };
  if (isJavaScript) addTypedefs(names, context);
  return new ExportReader(context, names).read();
}

function addTypedefs(names: ModuleNames, context: ModuleContext): void {
  for (const { name, type } of context.docs.typedefs()) {
    const target = docType(type, { ...context, scope: new Map() });
    if (target) names.types.set(name, { kind: "alias", parameters: [], target });
  }
}

class ExportReader {
  readonly #context: ModuleContext;
  readonly #names: ModuleNames;
  readonly #values = new Map<string, LocalValue>();
  readonly #nodeConfigs = new Map<string, LiteralReading>();
  readonly #found: ModuleExports = { exports: new Map(), stars: [] };
  /** Names to export, read when all that they may lead to is known. */
  readonly #exported = new Map<string, string | LocalValue | ReExport>();

  constructor(context: ModuleContext, names: ModuleNames) {
    this.#context = context;
    this.#names = names;
  }

  read(): ModuleExports {
    for (const statement of this.#context.tree.body) this.#statement(statement);
    for (const [name, local] of this.#exported) {
      const target = typeof local === "string"
        ? this.#local(local)
        : "source" in local
        ? local
        : this.#value(name, local);
      if (target) this.#found.exports.set(name, target);
    }
    return this.#found;
  }

  #statement(statement: SyntaxNode): void {
    // `export declare function` is of this kind too, and declares a value.
    const isType = fieldOf(statement, "exportKind") === "type";
    if (isType && !childOf(statement, "declaration")) return;
    switch (statement.type) {
      case "ExportNamedDeclaration": {
        const declaration = childOf(statement, "declaration");
        if (!declaration) return this.#specifiers(statement);
        for (const name of this.#declare(declaration, statement)) this.#exported.set(name, name);
        return;
      }
      case "ExportDefaultDeclaration":
        return this.#default(statement);
      case "ExportAllDeclaration": {
        const from = this.#reExport(statement, "*");
        const exported = nameOf(childOf(statement, "exported"));
        if (exported === undefined) this.#found.stars.push(from);
        else this.#exported.set(exported, from);
        return;
      }
      case "ExpressionStatement":
        return this.#assignment(childOf(statement, "expression"));
      default:
        this.#declare(statement, statement);
    }
  }

  /** Remembers what a declaration names, and returns the names. */
  #declare(node: SyntaxNode, statement: SyntaxNode): string[] {
    if (node.type === "VariableDeclaration") {
      return childrenOf(node, "declarations").flatMap((declarator) =>
        this.#variable(declarator, statement)
      );
    }
    const at = childOf(node, "id");
    const name = nameOf(at);
    const hasValue = isFunction(node) ||
      ["ClassDeclaration", "TSEnumDeclaration"].includes(node.type);
    if (!at || name === undefined || !hasValue) return [];
    const known = this.#values.get(name);
    // Of an overload set the implementation counts; its texts may stand at the first overload.
    const value = node.type === "TSDeclareFunction" && known?.value ? known.value : node;
    const doc = this.#context.docs.before(statement) ?? known?.doc;
    this.#values.set(name, { at, value, doc });
    return [name];
  }

  #variable(declarator: SyntaxNode, statement: SyntaxNode): string[] {
    const at = childOf(declarator, "id")!;
    const name = nameOf(at);
    if (name === undefined) {
      const names = [...boundNames(at)];
      for (const [name, node] of names) this.#values.set(name, { at: node, doc: undefined });
      return names.map(([name]) => name);
    }
    this.#values.set(name, {
      at,
      value: childOf(declarator, "init"),
      type: annotationOf(at),
      doc: this.#context.docs.before(declarator) ?? this.#context.docs.before(statement),
    });
    return [name];
  }

  #default(statement: SyntaxNode): void {
    const value = childOf(statement, "declaration");
    if (!value || /^TS(?:Interface|TypeAlias)/.test(value.type)) return;
    const [name] = this.#declare(value, statement);
    if (name !== undefined) this.#exported.set("default", name);
    else {
      const doc = this.#context.docs.before(statement) ?? this.#context.docs.before(value);
      this.#exported.set("default", { at: value, value, doc });
    }
  }

  #specifiers(statement: SyntaxNode): void {
    for (const specifier of childrenOf(statement, "specifiers")) {
      if (fieldOf(specifier, "exportKind") === "type") continue;
      const local = nameOf(childOf(specifier, "local"));
      const exported = nameOf(childOf(specifier, "exported")) ?? local;
      if (local === undefined || exported === undefined) continue;
      if (!childOf(statement, "source")) this.#exported.set(exported, local);
      else this.#exported.set(exported, this.#reExport(statement, local));
    }
  }

  #reExport(statement: SyntaxNode, imported: string): ReExport {
    const source = nameOf(childOf(statement, "source")) ?? "";
    return { kind: "reExport", source, imported, ...placeOf(statement, this.#context) };
  }

  /** `name.nodeConfig = <literal>`. */
  #assignment(node: SyntaxNode | undefined): void {
    const target = node?.type === "AssignmentExpression" ? childOf(node, "left") : undefined;
    const value = node && childOf(node, "right");
    const object = target?.type === "MemberExpression" ? childOf(target, "object") : undefined;
    const owner = object && nameOf(bareExpression(object));
    if (!target || !value || owner === undefined || lastNameOf(target) !== "nodeConfig") return;
    this.#nodeConfigs.set(owner, readLiteral(value, this.#context.tree.url));
  }

  /** What a name of the module leads to; undefined for a type. */
  #local(name: string, seen: ReadonlySet<string> = new Set()): ExportTarget | undefined {
    const local = this.#values.get(name);
    if (local) return this.#value(name, local, new Set([...seen, name]));
    const imported = this.#names.imports.get(name);
    if (imported) return { kind: "reExport", ...imported };
    if (this.#names.types.has(name)) return undefined;
    return { kind: "fallback", reason: `\`${name}\` is not declared in the module` };
  }

  #value(name: string, local: LocalValue, seen: ReadonlySet<string> = new Set()): ExportTarget {
    const value = local.value && bareExpression(local.value);
    const place = {
      name: value && nameOf(childOf(value, "id")) || (name === "default" ? undefined : name),
      at: local.at,
      doc: local.doc,
      nodeConfig: this.#nodeConfigs.get(name),
      type: local.type,
    };
    if (!value) return this.#giveUp(`the source does not show what \`${name}\` is`, local.at);
    if (isFunction(value)) return readFunction(value, place, this.#context);
    if (value.type === "Identifier") {
      const alias = nameOf(value)!;
      const target = seen.has(alias) ? undefined : this.#local(alias, seen);
      return target ?? this.#giveUp(`\`${name}\` leads back to itself`, local.at);
    }
    if (value.type === "CallExpression" && this.#isNodeCall(value)) {
      const [spec] = childrenOf(value, "arguments");
      if (spec) {
        return {
          kind: "declared",
          ...textsOf(place, this.#context),
          spec: readLiteral(spec, this.#context.tree.url),
        };
      }
    }
    return this.#refuse(name, value, local.at) ??
      this.#giveUp(`\`${name}\` is the result of an expression, not a written function`, local.at);
  }

  #refuse(name: string, value: SyntaxNode, at: SyntaxNode): Signature | undefined {
    if (/^Class/.test(value.type)) {
      const message = `\`${name}\` is a class; write a function, or wrap one by \`node(spec, fn)\``;
      return { kind: "unreadable", problem: problemAt("unreadable", message, at, this.#context) };
    }
    const plain = [
      "Literal",
      "TemplateLiteral",
      "ObjectExpression",
      "ArrayExpression",
      "TSEnumDeclaration",
    ];
    if (!plain.includes(value.type)) return undefined;
    const message = `\`${name}\` is no function`;
    return { kind: "unreadable", problem: problemAt("not_a_function", message, at, this.#context) };
  }

  #giveUp(reason: string, at: SyntaxNode): Signature {
    return { kind: "fallback", reason, ...placeOf(at, this.#context) };
  }

  /** A call of `node`, imported under whatever name. */
  #isNodeCall(call: SyntaxNode): boolean {
    const callee = childOf(call, "callee");
    if (callee?.type === "MemberExpression") {
      const owner = this.#names.imports.get(nameOf(childOf(callee, "object")) ?? "");
      return owner?.imported === "*" && lastNameOf(callee) === "node";
    }
    return this.#names.imports.get(nameOf(callee) ?? "")?.imported === "node";
  }
}

/** The names that a pattern binds. */
function* boundNames(pattern: SyntaxNode): Iterable<[string, SyntaxNode]> {
  switch (pattern.type) {
    case "Identifier":
      yield [nameOf(pattern)!, pattern];
      return;
    case "ObjectPattern":
      for (const property of childrenOf(pattern, "properties")) {
        const value = childOf(property, "value") ?? childOf(property, "argument");
        if (value) yield* boundNames(value);
      }
      return;
    case "ArrayPattern":
      for (const element of childrenOf(pattern, "elements")) yield* boundNames(element);
      return;
    case "AssignmentPattern":
      yield* boundNames(childOf(pattern, "left")!);
      return;
    case "RestElement":
      yield* boundNames(childOf(pattern, "argument")!);
  }
}
