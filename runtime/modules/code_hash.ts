/**
 * Hashes of what a function consists of: its own text, and all code of the project that it reaches.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { importsInText, type ModulePart, type ModuleParts, moduleParts } from "./module_parts.ts";
import { dialectOf, loadParser, type Parse } from "./syntax.ts";

/** What a {@linkcode CodeHasher} reads by. */
export interface CodeHasherOptions {
  /** Returns the text of a module, or throws. By default only `file:` URLs can be read. */
  readText?: (url: string) => Promise<string>;
  /** Resolves a specifier that is no relative path or URL; undefined: it is not known. */
  resolveBare?: (specifier: string) => string | undefined;
  /** The exact version that a package's specifier stands for, if that is fixed. */
  packageVersion?: (specifier: string) => string | undefined;
  /** URL from which those of modules are reckoned, so that a project may be moved. */
  rootUrl?: string;
}

interface ReadModule {
  readonly text: string;
  /** Undefined if the text could not be parsed. */
  readonly parts: ModuleParts | undefined;
}

/**
 * Hashes functions by what they depend on.
 *
 * In the function's own module those top-level declarations count that it reaches, and the statements
 * that declare nothing, which run in any case. Other modules of the project count as a whole, with
 * what they import in turn; packages count by their versions.
 *
 * @example An edit elsewhere in the module changes nothing
 * ```ts
 * import { assertEquals, assertNotEquals } from "@std/assert";
 *
 * const hash = (text: string) =>
 *   new CodeHasher({ readText: () => Promise.resolve(text) }).hash("file:///nodes.ts", "double");
 * const before = await hash("const f = 2; export const double = (x: number) => f * x;");
 * assertEquals(
 *   await hash("const f = 2; export const double = (x: number) => f * x; export const g = 1;"),
 *   before,
 * );
 * assertNotEquals(await hash("const f = 3; export const double = (x: number) => f * x;"), before);
 * ```
 */
export class CodeHasher {
  readonly #options: Required<CodeHasherOptions>;
  readonly #modules = new Map<string, Promise<ReadModule | undefined>>();
  #parser: Promise<Parse> | undefined;

  /** Creates a hasher; it reads each module once. */
  constructor(options: CodeHasherOptions = {}) {
    this.#options = {
      readText: readFileText,
      resolveBare: () => undefined,
      packageVersion: () => undefined,
      rootUrl: "",
      ...options,
    };
  }

  /** Hash of an export and all that it reaches, in hexadecimal digits; it never throws. */
  async hash(url: string, exportName: string): Promise<string> {
    const walk = new Walk();
    await this.#reachExport(url, exportName, walk);
    const hash = createHash("sha256");
    for (const part of walk.parts) hash.update(`${part.length}:${part}`);
    return hash.digest("hex");
  }

  /**
   * Hashes of an export and all that it reaches, file by file: by path from `rootUrl`, or by name for
   * files elsewhere.
   */
  async files(url: string, exportName: string): Promise<Map<string, string>> {
    const walk = new Walk();
    await this.#reachExport(url, exportName, walk);
    const hashes = Array.from(walk.files, ([file, parts]): [string, string] => {
      const hash = createHash("sha256");
      for (const part of parts) hash.update(`${part.length}:${part}`);
      return [this.#nameOf(file), hash.digest("hex")];
    });
    return new Map(hashes);
  }

  #nameOf(url: string): string {
    const { rootUrl } = this.#options;
    const isInside = rootUrl !== "" && url.startsWith(`${rootUrl}/`);
    return decodeURI(
      isInside ? `.${url.slice(rootUrl.length)}` : url.slice(url.lastIndexOf("/") + 1),
    );
  }

  async #reachExport(url: string, name: string, walk: Walk): Promise<void> {
    if (!walk.isNew(`${url}#${name}`)) return;
    const module = await this.#module(url);
    if (!module?.parts) return this.#reachModule(url, walk);
    const { parts } = module;
    await this.#reachStatements(url, parts, walk);
    const target = parts.exports.get(name);
    if (typeof target === "string") return this.#reachName(url, parts, target, walk);
    if (target === undefined) {
      // It comes by an `export *`, if from anywhere.
      for (const source of parts.stars) await this.#reachSource(source, url, walk);
      return;
    }
    const next = this.#resolve(target.source, url);
    if (next === undefined || target.imported === "*") {
      return this.#reachSource(target.source, url, walk);
    }
    return this.#reachExport(next, target.imported, walk);
  }

  async #reachStatements(url: string, parts: ModuleParts, walk: Walk): Promise<void> {
    if (!walk.isNew(`${url}#`)) return;
    for (const source of parts.effects) await this.#reachSource(source, url, walk);
    for (const statement of parts.statements) await this.#reachPart(url, parts, statement, walk);
  }

  async #reachName(url: string, parts: ModuleParts, name: string, walk: Walk): Promise<void> {
    if (!walk.isNew(`${url}#local ${name}`)) return;
    const declaration = parts.declarations.get(name);
    if (declaration) return this.#reachPart(url, parts, declaration, walk);
    const imported = parts.imports.get(name);
    if (imported) await this.#reachSource(imported.source, url, walk);
  }

  async #reachPart(url: string, parts: ModuleParts, part: ModulePart, walk: Walk): Promise<void> {
    walk.add(url, part.text);
    for (const source of part.imports) await this.#reachSource(source, url, walk);
    for (const name of part.names) await this.#reachName(url, parts, name, walk);
  }

  /** An imported module, as a whole. */
  async #reachSource(source: string, from: string, walk: Walk): Promise<void> {
    const url = this.#resolve(source, from);
    if (url !== undefined) return await this.#reachModule(url, walk);
    const name = this.#options.resolveBare(source) ?? source;
    walk.add(from, `${name} ${this.#options.packageVersion(name) ?? ""}`);
  }

  async #reachModule(url: string, walk: Walk): Promise<void> {
    if (!walk.isNew(url)) return;
    const module = await this.#module(url);
    const { rootUrl } = this.#options;
    walk.parts.push(url.startsWith(rootUrl) ? url.slice(rootUrl.length) : url);
    walk.add(url, module?.text ?? "unreadable");
    if (!module) return;
    const sources = module.parts
      ? [...module.parts.sources, ...importsInText(module.text)]
      : importsInText(module.text);
    for (const source of new Set(sources)) await this.#reachSource(source, url, walk);
  }

  /** URL of a module of the project; undefined for packages and what else has a name of its own. */
  #resolve(specifier: string, from: string): string | undefined {
    if (/^\.{0,2}\//.test(specifier)) {
      return URL.canParse(specifier, from) ? new URL(specifier, from).href : undefined;
    }
    const url = specifier.startsWith("file:") ? specifier : this.#options.resolveBare(specifier);
    return url?.startsWith("file:") ? url : undefined;
  }

  #module(url: string): Promise<ReadModule | undefined> {
    let module = this.#modules.get(url);
    if (!module) this.#modules.set(url, module = this.#read(url));
    return module;
  }

  async #read(url: string): Promise<ReadModule | undefined> {
    let text: string;
    try {
      text = await this.#options.readText(url);
    } catch {
      return undefined;
    }
    const parse = await (this.#parser ??= loadParser());
    try {
      return { text, parts: moduleParts(parse(url, text, dialectOf(url))) };
    } catch {
      return { text, parts: undefined };
    }
  }
}

/** What was reached so far. */
class Walk {
  readonly parts: string[] = [];
  readonly files = new Map<string, string[]>();
  readonly #seen = new Set<string>();

  add(url: string, part: string): void {
    this.parts.push(part);
    const parts = this.files.get(url);
    if (parts) parts.push(part);
    else this.files.set(url, [part]);
  }

  isNew(what: string): boolean {
    if (this.#seen.has(what)) return false;
    this.#seen.add(what);
    return true;
  }
}

async function readFileText(url: string): Promise<string> {
  if (!url.startsWith("file:")) throw new TypeError("only local files are read");
  return await Deno.readTextFile(new URL(url));
}
