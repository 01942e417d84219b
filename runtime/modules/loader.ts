/**
 * Loading the code that a net names.
 *
 * @module
 */
import { InvalidArgumentError } from "../../sim/error.ts";
import { nearestName } from "../schema/nearest_name.ts";
import { checkAllowed } from "./allow.ts";
import { ModuleImportError } from "./error.ts";
import { fileUrl, isAbsolutePath } from "./file_url.ts";
import { type ImportMap, mapSpecifier } from "./import_map.ts";
import { fileExists, filesBeside, readImportMap, realUrl } from "./project_files.ts";
import { SignatureReader } from "./read_signatures.ts";
import { type CodeReference, resolveReference } from "./reference.ts";
import type { Signature } from "./signature.ts";
import type { MadeModules } from "./module_cache.ts";
import type { ModuleImporter } from "./module_importer.ts";

/** What a {@linkcode ModuleLoader} loads by. */
export interface ModuleLoaderOptions {
  /** Absolute path or `file:` URL of the folder that relative references start from. */
  projectRoot: string;
  /**
   * Beginnings of URLs, or folders and files outside the project, whose modules may be loaded too.
   *
   * @default {[]}
   */
  allowModules?: readonly string[];
  /** In a worker of a compiled program: where that keeps the JavaScript that it has made. */
  made?: MadeModules | null | undefined;
}

/** A module as imported: its exports by name. */
export type ModuleNamespace = Readonly<Record<string, unknown>>;

/**
 * Names, checks, reads and loads the modules of one project.
 *
 * Nothing of a module runs before it is known that it may be loaded. What is loaded is kept as long
 * as the loader.
 *
 * @example A function in a file of the project
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const projectRoot = await Deno.makeTempDir();
 * await Deno.writeTextFile(`${projectRoot}/nodes.ts`, "export const double = (x: number) => 2 * x;");
 * const loader = new ModuleLoader({ projectRoot });
 * const double = await loader.loadFunction("./nodes.ts::double");
 * assertEquals(double(21), 42);
 * await Deno.remove(projectRoot, { recursive: true });
 * ```
 */
export class ModuleLoader {
  /** `file:` URL of the project root, without a slash at its end. */
  readonly rootUrl: string;
  /** Reads signatures, and keeps what it has read. */
  readonly signatures: SignatureReader;
  readonly #allowModules: readonly string[];
  readonly #made: MadeModules | null | undefined;
  readonly #loaded = new Map<string, Promise<ModuleNamespace>>();
  #importMap: { map: ImportMap | undefined } | undefined;
  #importer: Promise<ModuleImporter> | undefined;

  /**
   * Creates a loader that has loaded nothing.
   *
   * @throws {InvalidArgumentError} If the project root is not absolute.
   */
  constructor({ projectRoot, allowModules = [], made }: ModuleLoaderOptions) {
    if (!projectRoot.startsWith("file:") && !isAbsolutePath(projectRoot)) {
      throw new InvalidArgumentError(
        `Cannot load modules: \`projectRoot\` must be an absolute path or a file: URL, got "${projectRoot}"`,
      );
    }
    this.rootUrl = fileUrl(projectRoot).replace(/(?<!\/)\/$/, "");
    this.#allowModules = [...allowModules];
    this.#made = made;
    this.signatures = new SignatureReader({
      resolveBare: (specifier) => this.#resolveBare(specifier),
    });
  }

  /**
   * Finds out what a reference stands for, and whether that may be loaded.
   *
   * @param ref The reference as written, such as `./nodes.ts::double`.
   * @param kind Whether a function, or a module or any export of one, is meant.
   * @throws {ModuleImportError} If it stands for nothing, or for what may not be loaded.
   */
  resolve(ref: string, kind: "function" | "module"): CodeReference {
    const importMap = this.#projectMap(ref);
    const reference = resolveReference(ref, {
      kind,
      projectRoot: this.rootUrl,
      exists: fileExists,
      ...(importMap ? { importMap } : {}),
    });
    checkAllowed(reference, {
      projectRoot: this.rootUrl,
      allowModules: this.#allowModules,
      realUrl,
    });
    return reference;
  }

  /**
   * Loads a module, or one export of it.
   *
   * @returns The exports of the module, or the value of the export that `ref` names after `::`.
   * @throws {ModuleImportError} If it is missing, may not be loaded, or throws while loading.
   */
  async loadModule(ref: string): Promise<unknown> {
    return await this.#load(this.resolve(ref, "module"));
  }

  /**
   * Loads a function.
   *
   * @throws {ModuleImportError} If it is missing, may not be loaded, is no function, or its module
   * throws while loading.
   */
  async loadFunction(ref: string): Promise<(...args: unknown[]) => unknown> {
    const reference = this.resolve(ref, "function");
    const value = await this.#load(reference);
    if (typeof value === "function") return value as (...args: unknown[]) => unknown;
    const found = value === null ? "null" : Array.isArray(value) ? "an array" : typeof value;
    throw new ModuleImportError(
      `\`${reference.exportName}\` of ${reference.url} is no function but ${found}`,
      { specifier: ref, resolvedUrl: reference.url },
    );
  }

  /**
   * In a compiled program, makes the JavaScript of a local module and of what it imports, running
   * nothing, so that workers which may not write find it made. Elsewhere nothing is needed. What is
   * wrong with the module is told by whoever loads it.
   */
  async prepare(url: string): Promise<void> {
    if (!Deno.build.standalone) return;
    await (await this.#openImporter()).prepare(url).catch(() => {});
  }

  /**
   * Reads the signature of a function, running nothing.
   *
   * @returns The signature; a `fallback` where the source does not tell.
   * @throws {ModuleImportError} If the function is missing, or may not be loaded.
   */
  async readSignature(ref: string): Promise<Signature> {
    const reference = this.resolve(ref, "function");
    const { url, exportName = "default" } = reference;
    if (/^(?:jsr|npm|node|https?):/.test(url)) {
      return { kind: "fallback", reason: `${url} is no local file` };
    }
    if (url.startsWith("file:") && !fileExists(url)) throw notFound(reference);
    const signature = await this.signatures.readExport(url, exportName);
    if (signature) return signature;
    throw missingExport(reference, [...await this.signatures.exportNames(url)]);
  }

  async #load(reference: CodeReference): Promise<unknown> {
    if (reference.builtIn !== undefined) {
      throw new ModuleImportError(
        `\`${reference.specifier}\` is built in and has no module to load`,
        { specifier: reference.specifier, resolvedUrl: reference.url },
      );
    }
    const namespace = await this.#import(reference);
    const { exportName } = reference;
    if (exportName === undefined) return namespace;
    if (Object.hasOwn(namespace, exportName)) return namespace[exportName];
    throw missingExport(reference, Object.keys(namespace));
  }

  #import(reference: CodeReference): Promise<ModuleNamespace> {
    const { url } = reference;
    let loading = this.#loaded.get(url);
    if (!loading) {
      loading = this.#importModule(reference);
      this.#loaded.set(url, loading);
      // A file that is written later can be loaded then.
      loading.catch(() => this.#loaded.delete(url));
    }
    return loading;
  }

  async #importModule(reference: CodeReference): Promise<ModuleNamespace> {
    const { specifier, url } = reference;
    if (url.startsWith("file:") && !fileExists(url)) throw notFound(reference);
    try {
      return await this.#run(url);
    } catch (cause) {
      const text = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
      throw new ModuleImportError(`Cannot load \`${specifier}\` (${url}): ${text}`, {
        specifier,
        resolvedUrl: url,
        cause,
      });
    }
  }

  async #run(url: string): Promise<ModuleNamespace> {
    // Only Deno itself understands TypeScript and fetches packages.
    if (!Deno.build.standalone) return await import(url);
    return await (await this.#openImporter()).import(url);
  }

  async #openImporter(): Promise<ModuleImporter> {
    const { openModuleImporter } = await import("./module_importer.ts");
    return await (this.#importer ??= openModuleImporter(
      (specifier) => this.#resolveBare(specifier),
      this.#made,
    ));
  }

  #resolveBare(specifier: string): string | undefined {
    const map = this.#projectMap(specifier);
    return map && mapSpecifier(specifier, map);
  }

  /** The project's import map; a broken `deno.json` is an error only for what might be in it. */
  #projectMap(specifier: string): ImportMap | undefined {
    if (/^[./\\]|^[a-zA-Z][a-zA-Z0-9+.-]*:(?!:)/.test(specifier)) return undefined;
    try {
      this.#importMap ??= { map: readImportMap(this.rootUrl) };
    } catch (cause) {
      throw new ModuleImportError(
        `Cannot resolve \`${specifier}\` by the project's import map: ${(cause as Error).message}`,
        { specifier, cause },
      );
    }
    return this.#importMap.map;
  }
}

function notFound({ specifier, url }: CodeReference): ModuleImportError {
  const name = new URL(url).pathname.split("/").pop()!;
  const near = nearestName(name, filesBeside(url).map((file) => file.split("/").pop()!));
  const hint = near === undefined ? "" : `; did you mean ${decodeURIComponent(near)}?`;
  return new ModuleImportError(`Cannot load \`${specifier}\`: there is no file ${url}${hint}`, {
    specifier,
    resolvedUrl: url,
  });
}

function missingExport(
  { specifier, url, exportName }: CodeReference,
  exports: string[],
): ModuleImportError {
  const near = nearestName(exportName!, exports);
  const hint = near === undefined ? "" : ` (did you mean \`${near}\`?)`;
  const list = exports.length ? `it exports ${exports.join(", ")}` : "it exports nothing";
  return new ModuleImportError(
    `Cannot load \`${specifier}\`: ${url} has no export \`${exportName}\`${hint}; ${list}`,
    { specifier, resolvedUrl: url, exports },
  );
}
