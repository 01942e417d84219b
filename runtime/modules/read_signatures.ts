/**
 * Signatures of the functions that modules export, without running a module.
 *
 * @module
 */
import { type ModuleExports, readExports, type ReExport } from "./exports.ts";
import { readFunctionText } from "./function_text.ts";
import { findImportedTypes } from "./imported_types.ts";
import type { FallbackSignature, Signature } from "./signature.ts";
import { dialectOf, loadParser, type Parse } from "./syntax.ts";
import { collectNames } from "./type_declarations.ts";

/** What a {@linkcode SignatureReader} reads by. */
export interface SignatureReaderOptions {
  /** Returns the text of a module, or throws. By default only `file:` URLs can be read. */
  readText?: (url: string) => Promise<string>;
  /** Resolves a specifier that is no relative path or URL; undefined: it is a package. */
  resolveBare?: (specifier: string) => string | undefined;
}

/** What a module exports, or why that cannot be told. */
type ModuleResult = ModuleExports | FallbackSignature;

/** A module as it was when its text was this. */
interface ReadModule {
  text: string;
  /** Texts of other modules that were looked into; undefined for one that could not be read. */
  others: Map<string, string | undefined>;
  result: Promise<ModuleResult>;
}

/**
 * Reads what modules export, following re-exports from file to file.
 *
 * A text is parsed once, as long as it stays the same. What the reader does not understand gives a
 * `fallback` signature that says why and where; it never throws for a module's sake.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reader = new SignatureReader({
 *   readText: () => Promise.resolve("export const area = (w: number, h: number) => w * h;"),
 * });
 * const signature = await reader.readExport("file:///shapes.ts", "area");
 * assertEquals(signature?.kind === "function" && signature.inputs.map(({ name }) => name), ["w", "h"]);
 * ```
 */
export class SignatureReader {
  readonly #readText: (url: string) => Promise<string>;
  readonly #resolveBare: (specifier: string) => string | undefined;
  readonly #modules = new Map<string, ReadModule>();
  #parser: Promise<Parse> | undefined;

  /** Creates a reader that has read nothing yet. */
  constructor(options: SignatureReaderOptions = {}) {
    this.#readText = options.readText ?? readFileText;
    this.#resolveBare = options.resolveBare ?? (() => undefined);
  }

  /**
   * The signature of one export of a module.
   *
   * @returns The signature; undefined if the module surely has no such export.
   */
  async readExport(url: string, exportName: string): Promise<Signature | undefined> {
    return await this.#find(url, exportName, new Set());
  }

  /**
   * The signatures of all exports that are known by name, also those of `export *`.
   *
   * @throws {SyntaxError} If the module itself cannot be parsed.
   */
  async readModule(url: string): Promise<Map<string, Signature>> {
    const module = await this.#module(url);
    if (!isModule(module)) throw syntaxError(module);
    const signatures = new Map<string, Signature>();
    for (const name of await this.exportNames(url)) {
      const signature = await this.readExport(url, name);
      if (signature) signatures.set(name, signature);
    }
    return signatures;
  }

  /** Names of all exports of a module that reading finds. */
  async exportNames(url: string): Promise<Set<string>> {
    const names = new Set<string>();
    const seen = new Set<string>();
    const visit = async (url: string): Promise<void> => {
      if (seen.has(url)) return;
      seen.add(url);
      const module = await this.#module(url);
      if (!isModule(module)) return;
      for (const name of module.exports.keys()) {
        if (seen.size === 1 || name !== "default") names.add(name);
      }
      for (const star of module.stars) {
        const target = this.#resolve(star.source, url);
        if (target !== undefined) await visit(target);
      }
    };
    await visit(url);
    return names;
  }

  /**
   * The signature of a function by its own text: names, defaults and kind, but no types.
   *
   * @param fn Any function; of a class, a native or a bound function nothing can be read.
   */
  // deno-lint-ignore ban-types
  async readFunction(fn: Function): Promise<Signature> {
    return readFunctionText(Function.prototype.toString.call(fn), fn.name, await this.#parse());
  }

  /** Finds an export; undefined if there surely is none of that name. */
  async #find(url: string, name: string, seen: Set<string>): Promise<Signature | undefined> {
    const key = `${url}::${name}`;
    if (seen.has(key)) return undefined;
    seen.add(key);
    const module = await this.#module(url);
    if (!isModule(module)) return module;
    const target = module.exports.get(name);
    if (target) return target.kind === "reExport" ? this.#follow(target, url, seen) : target;
    if (name === "default") return undefined;
    let unknown: Signature | undefined;
    for (const star of module.stars) {
      const found = await this.#follow({ ...star, imported: name }, url, seen);
      if (found?.kind === "fallback") unknown ??= found;
      else if (found) return found;
    }
    return unknown;
  }

  async #follow(
    { source, imported, location }: ReExport,
    from: string,
    seen: Set<string>,
  ): Promise<Signature | undefined> {
    const place = location ? { location } : {};
    if (imported === "*") {
      const message = `\`${source}\` is exported as a whole, which is no function`;
      return { kind: "unreadable", problem: { code: "not_a_function", message, ...place } };
    }
    const url = this.#resolve(source, from);
    if (url !== undefined) return await this.#find(url, imported, seen);
    return {
      kind: "fallback",
      reason: `\`${imported}\` comes from the package ${source}`,
      ...place,
    };
  }

  /** The URL of an imported module whose source may be at hand. */
  #resolve(specifier: string, from: string): string | undefined {
    if (/^\.{0,2}\//.test(specifier)) {
      return URL.canParse(specifier, from) ? new URL(specifier, from).href : undefined;
    }
    const url = /^(?:file|https?|data):/.test(specifier) ? specifier : this.#resolveBare(specifier);
    return url && !/^(?:jsr|npm|node):/.test(url) ? url : undefined;
  }

  async #module(url: string): Promise<ModuleResult> {
    let text: string;
    try {
      text = await this.#readText(url);
    } catch (error) {
      return { kind: "fallback", reason: `cannot read ${url}: ${messageOf(error)}` };
    }
    const known = this.#modules.get(url);
    if (known?.text === text && await this.#isCurrent(known)) return known.result;
    const others: ReadModule["others"] = new Map();
    const module = { text, others, result: this.#read(url, text, others) };
    this.#modules.set(url, module);
    return module.result;
  }

  async #isCurrent({ others, result }: ReadModule): Promise<boolean> {
    await result;
    for (const [url, text] of others) {
      if (await this.#readText(url).catch(() => undefined) !== text) return false;
    }
    return true;
  }

  /** Reads a module, and notes in `others` which texts it looked into beside its own. */
  async #read(url: string, text: string, others: ReadModule["others"]): Promise<ModuleResult> {
    const parse = await this.#parse();
    const open = async (source: string, from: string) => {
      const other = this.#resolve(source, from);
      if (other === undefined) return undefined;
      const text = await this.#readText(other).catch(() => undefined);
      others.set(other, text);
      return text === undefined ? undefined : parse(other, text, dialectOf(other));
    };
    try {
      const dialect = dialectOf(url);
      const tree = parse(url, text, dialect);
      const names = collectNames(tree);
      const importedTypes = await findImportedTypes(tree, names, open);
      const isJavaScript = dialect === "js" || /\.jsx$/.test(new URL(url).pathname);
      return readExports(tree, { names, parse, isJavaScript, importedTypes });
    } catch (error) {
      const place = placeOfError(error);
      return {
        kind: "fallback",
        reason: `cannot parse the module: ${messageOf(error).replace(/ \(\d+:\d+\)$/, "")}`,
        ...(place ? { location: { url, line: place.line, column: place.column + 1 } } : {}),
      };
    }
  }

  #parse(): Promise<Parse> {
    return this.#parser ??= loadParser();
  }
}

/**
 * Reads the signatures of all exports of a module from its text, running nothing.
 *
 * @param url Absolute URL of the module; its extension tells TypeScript, TSX and JavaScript apart.
 * @param text Source text of the module.
 * @param read Returns the text of another module that this one re-exports from; without it such
 * exports give a `fallback`.
 * @returns Signatures by export name, in order.
 * @throws {SyntaxError} If the text cannot be parsed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const signatures = await readSignatures(
 *   "file:///nodes.ts",
 *   "export function add(a: number, b = 1): number { return a + b; }",
 * );
 * const add = signatures.get("add");
 * assertEquals(
 *   add?.kind === "function" && add.inputs.map(({ name, optional }) => [name, optional]),
 *   [["a", false], ["b", true]],
 * );
 * ```
 */
export async function readSignatures(
  url: string,
  text: string,
  read?: (url: string) => Promise<string>,
): Promise<Map<string, Signature>> {
  const readText = (wanted: string) => {
    if (wanted === url) return Promise.resolve(text);
    return read ? read(wanted) : Promise.reject(new TypeError("no function to read it was given"));
  };
  return await new SignatureReader({ readText }).readModule(url);
}

function isModule(module: ModuleResult): module is ModuleExports {
  return "exports" in module;
}

async function readFileText(url: string): Promise<string> {
  if (!url.startsWith("file:")) throw new TypeError("only local files are read");
  return await Deno.readTextFile(new URL(url));
}

function syntaxError({ reason, location }: FallbackSignature): SyntaxError {
  const place = location ? `${location.url}:${location.line}:${location.column}: ` : "";
  return new SyntaxError(place + reason);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function placeOfError(error: unknown): { line: number; column: number } | undefined {
  const place = (error as { loc?: { line?: unknown; column?: unknown } } | null)?.loc;
  return typeof place?.line === "number" && typeof place.column === "number"
    ? { line: place.line, column: place.column }
    : undefined;
}
