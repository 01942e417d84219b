/**
 * Finding what makes TypeScript out of JavaScript, and what a module imports.
 *
 * Types are replaced by spaces. What has a meaning when the program runs (an enum, say) is refused:
 * it would have to be compiled.
 *
 * @module
 */
import { SourceGaps } from "./source_gaps.ts";
import {
  childOf,
  childrenOf,
  fieldOf,
  isSet,
  locationOf,
  nameOf,
  nodesBelow,
  type SyntaxNode,
  type SyntaxTree,
} from "./syntax.ts";
import { blank, type TextEdit } from "./text_edits.ts";

/** Another module that a module names. */
export interface ModuleLink {
  /** As written. */
  readonly specifier: string;
  /**
   * - `static`: an import or re-export, needed before the module runs;
   * - `dynamic`: an `import("…")`;
   * - `data`: an import with attributes, which is no code.
   */
  readonly kind: "static" | "dynamic" | "data";
  /** Offset of the string that names it. */
  readonly start: number;
  /** Offset behind that string. */
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

/** What is to be done to a module so that it is JavaScript. */
export interface StrippedModule {
  readonly edits: readonly TextEdit[];
  readonly links: readonly ModuleLink[];
  /** Whether it asks for its own URL. */
  readonly usesMeta: boolean;
}

/**
 * Takes the types out of a module.
 *
 * @param isTypeScript Whether imports that only types use are left out, as in TypeScript.
 * @throws {SyntaxError} If it holds what is more than types; the message names file and line.
 */
export function stripTypes(tree: SyntaxTree, isTypeScript: boolean): StrippedModule {
  return new TypeStripper(tree, isTypeScript).strip();
}

/** Statements and members that a line break may end. */
const ENDED_BY_LINE = new Set([
  "ExpressionStatement",
  "VariableDeclaration",
  "ReturnStatement",
  "ThrowStatement",
  "PropertyDefinition",
  "ExportDefaultDeclaration",
]);

const MODIFIER = /\b(?:public|private|protected|readonly|override|abstract)\b/g;

class TypeStripper {
  readonly #tree: SyntaxTree;
  readonly #text: string;
  readonly #gaps: SourceGaps;
  readonly #isTypeScript: boolean;
  readonly #edits: TextEdit[] = [];
  readonly #links: ModuleLink[] = [];
  readonly #visited = new Set<SyntaxNode>();
  /** Names that are used, or declared, as values. */
  readonly #values = new Set<string>();
  readonly #typeNames = new Set<string>();
  /** Imports and exports of names: they are looked at when all uses are known. */
  readonly #imports: SyntaxNode[] = [];
  readonly #exports: SyntaxNode[] = [];
  /** Offsets behind statements that no semicolon ends. */
  readonly #openEnds = new Set<number>();
  #usesMeta = false;

  constructor(tree: SyntaxTree, isTypeScript: boolean) {
    this.#tree = tree;
    this.#text = tree.text;
    this.#gaps = new SourceGaps(tree);
    this.#isTypeScript = isTypeScript;
  }

  strip(): StrippedModule {
    for (const statement of this.#tree.body) this.#visit(statement);
    // Exports first: to export what is imported is a use of it.
    for (const clause of [...this.#exports, ...this.#imports]) this.#clause(clause);
    return {
      edits: this.#edits.map((edit) => this.#closed(edit)),
      links: this.#links,
      usesMeta: this.#usesMeta,
    };
  }

  /** Where a type ended a statement, a semicolon does: the next line might go on with a bracket. */
  #closed(edit: TextEdit): TextEdit {
    const ends = edit.end > edit.start && this.#openEnds.has(edit.end) && edit.text[0] === " ";
    return ends ? { ...edit, text: `;${edit.text.slice(1)}` } : edit;
  }

  #visit(node: SyntaxNode): void {
    // A shorthand property has one node in two fields.
    if (this.#visited.has(node)) return;
    this.#visited.add(node);
    if (isSet(node, "declare")) return this.#blankStatement(node);
    const [decorator] = childrenOf(node, "decorators");
    if (decorator) throw this.#refuse(decorator, "a decorator", "call a function instead");
    if (ENDED_BY_LINE.has(node.type) && this.#text[node.end - 1] !== ";") {
      this.#openEnds.add(node.end);
    }
    if (node.type.startsWith("TS")) return this.#typeScript(node);
    switch (node.type) {
      case "Identifier":
        this.#values.add(nameOf(node)!);
        if (isSet(node, "optional") && this.#text[node.end - 1] === "?") {
          this.#blank(node.end - 1, node.end);
        }
        break;
      case "ImportDeclaration":
      case "ExportNamedDeclaration":
      case "ExportAllDeclaration":
        return this.#importOrExport(node);
      case "ExportDefaultDeclaration":
        if (isTypeOnly(childOf(node, "declaration")!)) return this.#blankStatement(node);
        break;
      case "ForStatement":
      case "ForInStatement":
      case "ForOfStatement": {
        const declaration = childOf(node, "init") ?? childOf(node, "left");
        if (!declaration) break;
        this.#visit(declaration);
        this.#openEnds.delete(declaration.end);
        break;
      }
      case "ImportExpression":
        this.#dynamicImport(childOf(node, "source")!);
        break;
      case "MetaProperty":
        this.#usesMeta ||= nameOf(childOf(node, "meta")) === "import";
        return;
      case "MemberExpression":
        this.#visit(childOf(node, "object")!);
        if (isSet(node, "computed")) this.#visit(childOf(node, "property")!);
        return;
      case "LabeledStatement":
        return this.#visit(childOf(node, "body")!);
      case "BreakStatement":
      case "ContinueStatement":
        return;
      case "Property":
        return this.#below(node, isSet(node, "computed") ? undefined : childOf(node, "key"));
      case "PropertyDefinition":
      case "MethodDefinition":
        return this.#member(node);
      case "ClassDeclaration":
      case "ClassExpression":
        this.#classHead(node);
        break;
      case "ArrowFunctionExpression":
        this.#arrowHead(node);
        break;
    }
    this.#thisParameter(node);
    this.#below(node);
  }

  #below(node: SyntaxNode, except?: SyntaxNode): void {
    for (const child of nodesBelow(node)) {
      if (child !== except || child === childOf(node, "value")) this.#visit(child);
    }
  }

  #typeScript(node: SyntaxNode): void {
    switch (node.type) {
      case "TSTypeAnnotation": {
        const before = this.#gaps.before(node.start);
        if (/[?!]/.test(this.#text[before - 1]!)) this.#blank(before - 1, before);
        return this.#blank(node.start, node.end);
      }
      case "TSTypeParameterDeclaration":
      case "TSTypeParameterInstantiation":
        return this.#blank(node.start, node.end);
      case "TSInstantiationExpression":
        return this.#below(node);
      case "TSAsExpression":
      case "TSSatisfiesExpression": {
        const keyword = node.type === "TSAsExpression" ? "as" : "satisfies";
        const type = childOf(node, "typeAnnotation")!;
        this.#blank(this.#gaps.before(type.start) - keyword.length, node.end);
        return this.#visit(childOf(node, "expression")!);
      }
      case "TSNonNullExpression":
        this.#blank(node.end - 1, node.end);
        return this.#visit(childOf(node, "expression")!);
      case "TSTypeAssertion": {
        // Brackets, since `=> <T>{}` must not become a block.
        const behind = this.#gaps.after(childOf(node, "typeAnnotation")!.end) + 1;
        this.#edit(node.start, behind, `(${blank(this.#text.slice(node.start + 1, behind))}`);
        this.#edit(node.end, node.end, ")");
        return this.#visit(childOf(node, "expression")!);
      }
      case "TSEnumDeclaration":
        throw this.#refuse(node, "an enum", "write `const … = {…} as const` instead");
      case "TSModuleDeclaration":
        if (isTypeOnly(node)) return this.#blankStatement(node);
        throw this.#refuse(node, "a namespace with values", "write a module of its own instead");
      case "TSParameterProperty":
        throw this.#refuse(node, "a parameter property", "assign it in the constructor instead");
      case "TSImportEqualsDeclaration":
        if (fieldOf(node, "importKind") === "type") return this.#blankStatement(node);
        throw this.#refuse(node, "`import … =`", "write `import … from` instead");
      case "TSExportAssignment":
        throw this.#refuse(node, "`export =`", "write `export default` instead");
      default:
        if (isTypeOnly(node)) return this.#blankStatement(node);
        throw this.#refuse(node, `syntax of the kind ${node.type}`, "write it in JavaScript");
    }
  }

  #importOrExport(node: SyntaxNode): void {
    if (fieldOf(node, "importKind") === "type" || isTypeOnly(node)) {
      return this.#blankStatement(node);
    }
    const declaration = childOf(node, "declaration");
    if (declaration) return this.#visit(declaration);
    if (node.type === "ExportAllDeclaration") return this.#link(childOf(node, "source")!, "static");
    (node.type === "ImportDeclaration" ? this.#imports : this.#exports).push(node);
  }

  /** Leaves out of an import or export what are only types. */
  #clause(node: SyntaxNode): void {
    const specifiers = childrenOf(node, "specifiers");
    const kept = specifiers.filter((specifier) => this.#isValue(node, specifier));
    if (specifiers.length > 0 && kept.length === 0) return this.#blankStatement(node);
    const source = childOf(node, "source");
    if (kept.length < specifiers.length) this.#rewriteClause(node, kept, source);
    if (!source) return;
    this.#link(source, childrenOf(node, "attributes").length > 0 ? "data" : "static");
  }

  #isValue(clause: SyntaxNode, specifier: SyntaxNode): boolean {
    if (isSpecifierOfType(specifier)) return false;
    if (!this.#isTypeScript) return true;
    const local = nameOf(childOf(specifier, "local"))!;
    if (clause.type === "ImportDeclaration") return this.#values.has(local);
    if (childOf(clause, "source")) return true;
    const isType = this.#typeNames.has(local) && !this.#values.has(local);
    if (!isType) this.#values.add(local);
    return !isType;
  }

  #rewriteClause(
    node: SyntaxNode,
    kept: readonly SyntaxNode[],
    source: SyntaxNode | undefined,
  ): void {
    const textOf = ({ start, end }: SyntaxNode) => this.#text.slice(start, end);
    const named = kept.filter(({ type }) => /^(?:Import|Export)Specifier$/.test(type));
    const parts = kept.filter((specifier) => !named.includes(specifier)).map(textOf);
    if (named.length > 0) parts.push(`{ ${named.map(textOf).join(", ")} }`);
    const keyword = node.type === "ImportDeclaration" ? "import" : "export";
    const end = source ? source.start : node.end;
    const text = `${keyword} ${parts.join(", ")}${source ? " from " : ";"}`;
    const lines = (part: string) => part.replace(/[^\n\r]/g, "");
    // The specifiers that stay bring their own line breaks.
    const breaks = lines(this.#text.slice(node.start, end)).slice(lines(text).length);
    this.#edit(node.start, end, text + breaks);
  }

  #dynamicImport(source: SyntaxNode): void {
    if (typeof fieldOf(source, "value") === "string") return this.#link(source, "dynamic");
    this.#usesMeta = true;
    this.#edit(source.start, source.start, "import.meta.resolve(");
    this.#edit(source.end, source.end, ")");
  }

  #link(source: SyntaxNode, kind: ModuleLink["kind"]): void {
    const { line, column } = locationOf(source, this.#tree.url);
    const { start, end } = source;
    this.#links.push({ specifier: nameOf(source)!, kind, start, end, line, column });
  }

  #member(node: SyntaxNode): void {
    const key = childOf(node, "key")!;
    const isDeclared = childOf(node, "value")?.type === "TSDeclareMethod";
    if (isDeclared || isSet(node, "abstract")) return this.#blankStatement(node);
    if (isSet(node, "accessor")) {
      throw this.#refuse(node, "an `accessor`", "write a getter and a setter instead");
    }
    for (const { index, 0: word } of this.#gaps.masked(node.start, key.start).matchAll(MODIFIER)) {
      const start = node.start + index;
      // The member before may end with its line, and this one begin with a bracket now.
      const first = index === 0 ? ";" : " ";
      this.#edit(start, start + word.length, first + blank(word.slice(1)));
    }
    let behindKey = this.#gaps.after(key.end);
    if (isSet(node, "computed")) behindKey = this.#gaps.after(behindKey + 1);
    if (/[?!]/.test(this.#text[behindKey] ?? "")) this.#blank(behindKey, behindKey + 1);
    this.#below(node, isSet(node, "computed") ? undefined : key);
  }

  #classHead(node: SyntaxNode): void {
    if (isSet(node, "abstract")) this.#blank(node.start, node.start + "abstract".length);
    const interfaces = childrenOf(node, "implements");
    const [first] = interfaces;
    if (!first) return;
    for (const type of interfaces) this.#visited.add(type);
    this.#blank(this.#gaps.before(first.start) - "implements".length, interfaces.at(-1)!.end);
  }

  /** No line may end between an arrow and its parameters, or between them and `async`. */
  #arrowHead(node: SyntaxNode): void {
    const result = childOf(node, "returnType");
    if (result && this.#spansLines(result)) {
      const behind = this.#gaps.before(result.start);
      this.#blank(behind - 1, behind);
      const spaces = blank(this.#text.slice(result.start, result.end));
      this.#edit(result.start, result.end, `${spaces.slice(0, -1)})`);
      this.#visited.add(result);
    }
    const types = childOf(node, "typeParameters");
    if (types && this.#spansLines(types)) {
      const bracket = this.#gaps.after(types.end);
      this.#blank(bracket, bracket + 1);
      const spaces = blank(this.#text.slice(types.start, types.end));
      this.#edit(types.start, types.end, `(${spaces.slice(1)}`);
      this.#visited.add(types);
    }
  }

  #thisParameter(node: SyntaxNode): void {
    const [first] = childrenOf(node, "params");
    if (nameOf(first) !== "this") return;
    const behind = this.#gaps.after(first!.end);
    this.#blank(first!.start, this.#text[behind] === "," ? behind + 1 : first!.end);
    this.#visited.add(first!);
  }

  /** Takes out a whole statement or member; a semicolon ends what stands before it. */
  #blankStatement(node: SyntaxNode): void {
    const declared = childOf(node, "declaration") ?? node;
    const name = nameOf(childOf(declared, "id"));
    if (name !== undefined) this.#typeNames.add(name);
    this.#edit(node.start, node.end, `;${blank(this.#text.slice(node.start + 1, node.end))}`);
  }

  #blank(start: number, end: number): void {
    this.#edit(start, end, blank(this.#text.slice(start, end)));
  }

  #edit(start: number, end: number, text: string): void {
    this.#edits.push({ start, end, text });
  }

  #spansLines({ start, end }: SyntaxNode): boolean {
    return /[\n\r\u2028\u2029]/.test(this.#text.slice(start, end));
  }

  #refuse(node: SyntaxNode, what: string, instead: string): SyntaxError {
    const { url, line, column } = locationOf(node, this.#tree.url);
    return new SyntaxError(
      `${url}:${line}:${column}: ${what} is more than a type, and the compiled program can only ` +
        `leave types out of TypeScript; ${instead}, or run the net with Deno`,
    );
  }
}

function isSpecifierOfType(specifier: SyntaxNode): boolean {
  return fieldOf(specifier, "importKind") === "type" || fieldOf(specifier, "exportKind") === "type";
}

/** Whether nothing of a statement is left when the program runs. */
function isTypeOnly(statement: SyntaxNode): boolean {
  if (isSet(statement, "declare") || fieldOf(statement, "exportKind") === "type") return true;
  switch (statement.type) {
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSDeclareFunction":
    case "TSIndexSignature":
    case "TSNamespaceExportDeclaration":
      return true;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration": {
      const declaration = childOf(statement, "declaration");
      return declaration !== undefined && isTypeOnly(declaration);
    }
    case "TSModuleDeclaration": {
      const body = childOf(statement, "body");
      if (body?.type === "TSModuleDeclaration") return isTypeOnly(body);
      return body !== undefined && childrenOf(body, "body").every(isTypeOnly);
    }
    default:
      return false;
  }
}
