/**
 * Running TypeScript where only JavaScript runs: in the compiled program.
 *
 * @module
 */
import { hashName, type ModuleCache } from "./module_cache.ts";
import { writeCopy } from "./module_copy.ts";
import { fileExists } from "./project_files.ts";
import { type ModuleLink, type StrippedModule, stripTypes } from "./strip_types.ts";
import { dialectOf, loadParser, type Parse } from "./syntax.ts";

/** What a {@linkcode Transpiler} works by. */
export interface TranspilerOptions {
  /** Where the JavaScript is kept. */
  cache: ModuleCache;
  /** What the project's import map says of a bare specifier. */
  resolveBare?: (specifier: string) => string | undefined;
  /** Tries to load a package, to see whether this program holds it. */
  importPackage: (specifier: string) => Promise<unknown>;
  /** Stands for the version of this code: what another one made is not taken. */
  version: string;
}

/** A file of the user's, and the modules it leads to. */
interface ModuleFile {
  readonly url: string;
  readonly text: string;
  /** A hash of the text and of what its links lead to. */
  readonly digest: string;
  /** Absent for JavaScript that cannot be parsed: importing it tells why. */
  readonly stripped?: StrippedModule;
  /** The URL that each link leads to, in order; a package keeps its name. */
  readonly targets: readonly string[];
  /** Whether it cannot run as it is, whatever it imports. */
  readonly isForeign: boolean;
}

const TYPESCRIPT = /\.m?ts$/;
const JAVASCRIPT = /\.m?js$/;
/** Beginnings of what is resolved against the module that names it. */
const RELATIVE = /^(?:\.{0,2}\/|file:)/;

/**
 * Turns the modules of a project into JavaScript.
 *
 * A module that is TypeScript, or leads to one, has a copy in the cache, whose imports lead to the
 * copies of others. The name of a copy is a hash of all that the module leads to: an edit makes a new
 * one, and whichever way a module is reached, it is the same copy, so it runs once.
 */
export class Transpiler {
  readonly #options: TranspilerOptions;
  /** As first read by this program, which is how Deno keeps modules too. */
  readonly #files = new Map<string, Promise<ModuleFile>>();
  readonly #originals = new Map<string, string>();
  #parse: Promise<Parse> | undefined;

  /** Creates one that has read nothing. */
  constructor(options: TranspilerOptions) {
    this.#options = options;
  }

  /**
   * Makes a module ready to be imported.
   *
   * @param url `file:` URL of the module.
   * @returns The URL to import: its own, or that of its copy.
   * @throws {SyntaxError} If a module holds what cannot be left out as a type.
   * @throws {TypeError} If a module imports what does not exist, or is not in this program.
   */
  async prepare(url: string): Promise<string> {
    refuseKind(url, url);
    const files = await this.#follow(url);
    const copies = new Map<string, string>();
    for (const from of files.keys()) {
      const reached = reachableFrom(from, files);
      if (reached.some(({ isForeign }) => isForeign)) {
        copies.set(from, this.#options.cache.url(this.#copyName(from, reached)));
      }
    }
    const written = [...copies].map(([from, copy]) => this.#write(files.get(from)!, copy, copies));
    const isNew = (await Promise.all(written)).includes(true);
    if (isNew) await this.#options.cache.prune(Date.now());
    return copies.get(url) ?? url;
  }

  /** A text, such as that of an error, that names the user's files instead of their copies. */
  withOriginals(text: string): string {
    for (const [copy, original] of this.#originals) text = text.replaceAll(copy, original);
    return text;
  }

  /** Reads a module and all that it leads to. */
  async #follow(url: string): Promise<Map<string, ModuleFile>> {
    const files = new Map<string, ModuleFile>();
    let waiting = [url];
    while (waiting.length > 0) {
      const read = await Promise.all(waiting.map((next) => this.#file(next)));
      for (const file of read) files.set(file.url, file);
      waiting = [...new Set(read.flatMap(modulesOf))].filter((next) => !files.has(next));
    }
    return files;
  }

  /** Writes the copy of a module unless it is there; returns whether it was not. */
  async #write(
    { url, text, stripped, targets }: ModuleFile,
    copy: string,
    copies: ReadonlyMap<string, string>,
  ): Promise<boolean> {
    this.#originals.set(copy, url);
    const name = copy.slice(copy.lastIndexOf("/") + 1);
    if (await this.#options.cache.has(name)) return false;
    const led = targets.map((target) => copies.get(target) ?? target);
    const js = writeCopy({ url, text, stripped: stripped!, targets: led });
    await this.#options.cache.write(name, js);
    return true;
  }

  #file(url: string): Promise<ModuleFile> {
    let reading = this.#files.get(url);
    if (!reading) {
      reading = this.#read(url);
      this.#files.set(url, reading);
      // A file that is corrected can be loaded then.
      reading.catch(() => this.#files.delete(url));
    }
    return reading;
  }

  async #read(url: string): Promise<ModuleFile> {
    const text = await Deno.readTextFile(new URL(url));
    const stripped = await this.#strip(url, text);
    const links = stripped?.links ?? [];
    const mapped = links.map(({ specifier }) => this.#mapped(specifier));
    const targets = await Promise.all(links.map((link, i) => this.#target(link, mapped[i], url)));
    return {
      url,
      text,
      digest: hashName([url, text, ...targets]),
      ...(stripped ? { stripped } : {}),
      targets,
      isForeign: TYPESCRIPT.test(new URL(url).pathname) || mapped.some((to) => to !== undefined),
    };
  }

  /** Reading the syntax costs more than all else, so what it says is kept too. */
  async #strip(url: string, text: string): Promise<StrippedModule | undefined> {
    const { cache, version } = this.#options;
    const dialect = dialectOf(url);
    const name = `${hashName([version, dialect, text])}.json`;
    const known = await cache.read(name);
    if (known !== undefined) return JSON.parse(known) as StrippedModule;
    const parse = await (this.#parse ??= loadParser());
    let stripped: StrippedModule;
    try {
      stripped = stripTypes(parse(url, text, dialect), dialect === "ts");
    } catch (error) {
      if (dialect === "js") return undefined;
      throw located(error, url);
    }
    await cache.write(name, JSON.stringify(stripped));
    return stripped;
  }

  /** What the project's import map makes of a specifier that is no path or URL. */
  #mapped(specifier: string): string | undefined {
    if (/^(?:\.{0,2}\/|[a-z][a-z0-9+.-]*:)/i.test(specifier)) return undefined;
    return this.#options.resolveBare?.(specifier);
  }

  /** The URL that a link leads to. */
  async #target(link: ModuleLink, mapped: string | undefined, from: string): Promise<string> {
    const target = mapped ?? link.specifier;
    const isNeeded = link.kind === "static";
    if (RELATIVE.test(target)) {
      const { href } = new URL(target, from);
      if (isNeeded && !fileExists(href)) {
        throw new TypeError(`${placeOf(link, from)}: there is no file ${href} to import`);
      }
      if (isNeeded) refuseKind(href, placeOf(link, from));
      return href;
    }
    if (isNeeded && !/^(?:node|data):/.test(target)) await this.#tryPackage(link, target, from);
    return target;
  }

  async #tryPackage(link: ModuleLink, target: string, from: string): Promise<void> {
    try {
      await this.#options.importPackage(target);
    } catch (cause) {
      const name = target === link.specifier ? target : `${link.specifier} (${target})`;
      throw new TypeError(
        `${placeOf(link, from)}: ${adviceOnPackage(name)}`,
        { cause },
      );
    }
  }

  #copyName(from: string, reached: readonly ModuleFile[]): string {
    const { cache, version } = this.#options;
    return `${
      hashName([version, cache.folder, from, ...reached.map(({ digest }) => digest).sort()])
    }.js`;
  }
}

/** The files that a module imports, as far as they are code. */
function modulesOf({ stripped, targets }: ModuleFile): string[] {
  return targets.filter((target, i) => stripped!.links[i]!.kind !== "data" && isModule(target));
}

/** Whether a module may lead on to others; the runtime loads other kinds by itself, or refuses. */
function isModule(url: string): boolean {
  if (!url.startsWith("file:")) return false;
  const { pathname } = new URL(url);
  return (TYPESCRIPT.test(pathname) || JAVASCRIPT.test(pathname)) && fileExists(url);
}

function reachableFrom(url: string, files: ReadonlyMap<string, ModuleFile>): ModuleFile[] {
  const reached = new Set([url]);
  // A set is walked to what is added on the way.
  for (const next of reached) for (const to of modulesOf(files.get(next)!)) reached.add(to);
  return [...reached].map((next) => files.get(next)!);
}

function refuseKind(url: string, place: string): void {
  const [extension] = /\.(?:[jt]sx|cts)$/.exec(new URL(url).pathname) ?? [];
  if (extension === undefined) return;
  throw new SyntaxError(
    `${place}: the compiled program cannot run ${extension} files; write the module in .ts, or run ` +
      "the net with Deno",
  );
}

/** What to do about a package that is not in this program. */
export function adviceOnPackage(name: string): string {
  return `the compiled program does not hold ${name}; of packages, modules can import zod and ` +
    "@netrun/netrun there. Run the net with Deno, which loads any: " +
    "deno run -A jsr:@netrun/netrun/cli";
}

function placeOf({ line, column }: ModuleLink, from: string): string {
  return `${from}:${line}:${column}`;
}

/** The parser's errors say the place, but not the file. */
function located(error: unknown, url: string): unknown {
  const place = (error as { loc?: { line: number; column: number } }).loc;
  if (!(error instanceof SyntaxError) || !place) return error;
  const message = error.message.replace(/ \(\d+:\d+\)$/, "");
  return new SyntaxError(`${url}:${place.line}:${place.column + 1}: ${message}`, { cause: error });
}
