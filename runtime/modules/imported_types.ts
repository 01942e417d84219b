/**
 * Types of other files whose members are output ports: `Outputs<Imported>`.
 *
 * All other imported types are only shown, so that most files are read by themselves.
 *
 * @module
 */
import type { TypePlace } from "./function_context.ts";
import { DocComments } from "./jsdoc.ts";
import { childOf, childrenOf, nameOf, type SyntaxNode, type SyntaxTree } from "./syntax.ts";
import { collectNames, type ImportedName, type ModuleNames } from "./type_declarations.ts";
import { TypeReader } from "./type_reader.ts";

/** Longer chains of re-exports are taken for endless. */
const MAX_HOPS = 16;

/** Parses the module that `source` names in the module `from`; undefined if it is not at hand. */
export type OpenModule = (source: string, from: string) => Promise<SyntaxTree | undefined>;

/** Finds the imported types that a module spreads over ports, by the names they have in it. */
export async function findImportedTypes(
  tree: SyntaxTree,
  names: ModuleNames,
  open: OpenModule,
): Promise<Map<string, TypePlace>> {
  const found = new Map<string, TypePlace>();
  for (const [, name] of tree.text.matchAll(/\bOutputs\s*<\s*([\w$]+)/g)) {
    const imported = names.imports.get(name!);
    if (!imported || found.has(name!)) continue;
    const place = await findType(imported, tree.url, name!, open);
    if (place) found.set(name!, place);
  }
  return found;
}

/** Follows an imported type to the file that declares it. */
async function findType(
  { source, imported }: ImportedName,
  from: string,
  alias: string,
  open: OpenModule,
  hops = 0,
): Promise<TypePlace | undefined> {
  let tree: SyntaxTree | undefined;
  try {
    tree = hops < MAX_HOPS ? await open(source, from) : undefined;
  } catch {
    // A file that cannot be parsed tells nothing; that is no reason to give up the one it is for.
  }
  if (!tree) return undefined;
  const names = collectNames(tree);
  const targets = exportTargets(tree, imported);
  const local = targets.find((target) => typeof target === "string");
  const declaration = local === undefined ? undefined : names.types.get(local);
  if (declaration) {
    // The reference that is followed uses the importing file's name for it.
    names.types.set(alias, declaration);
    return { tree, types: new TypeReader(names), docs: new DocComments(tree) };
  }
  const through = local === undefined ? undefined : names.imports.get(local);
  const elsewhere = targets.filter((target) => typeof target !== "string");
  for (const next of through ? [through] : elsewhere) {
    const place = await findType(next, tree.url, alias, open, hops + 1);
    if (place) return place;
  }
}

/** What an exported name may lead to: a name in the module, or one of another. */
function exportTargets(tree: SyntaxTree, name: string): (string | ImportedName)[] {
  const targets: (string | ImportedName)[] = [];
  const stars: ImportedName[] = [];
  for (const statement of tree.body) {
    const source = nameOf(childOf(statement, "source"));
    const declared = nameOf(childOf(childOf(statement, "declaration") ?? statement, "id"));
    if (statement.type === "ExportAllDeclaration" && !childOf(statement, "exported")) {
      if (name !== "default") stars.push({ source: source!, imported: name });
    } else if (statement.type === "ExportDefaultDeclaration") {
      const value = nameOf(childOf(statement, "declaration"));
      if (name === "default" && (declared ?? value)) targets.push((declared ?? value)!);
    } else if (statement.type === "ExportNamedDeclaration") {
      if (declared === name) targets.push(name);
      const local = exportedAs(statement, name);
      if (local !== undefined) targets.push(source ? { source, imported: local } : local);
    }
  }
  return [...targets, ...stars];
}

function exportedAs(statement: SyntaxNode, name: string): string | undefined {
  const specifier = childrenOf(statement, "specifiers")
    .find((specifier) => nameOf(childOf(specifier, "exported")) === name);
  return specifier && nameOf(childOf(specifier, "local"));
}
