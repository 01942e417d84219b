/**
 * Loading modules of a project in the compiled program, where Deno runs only JavaScript by itself.
 *
 * @module
 */
import { type MadeModules, ModuleCache, openUserCache, programVersion } from "./module_cache.ts";
import { adviceOnPackage, Transpiler } from "./transpile.ts";

/** Imports modules of any kind that {@linkcode Transpiler} can make JavaScript. */
export interface ModuleImporter {
  /** Imports the module of a URL; errors name the user's files. */
  import(url: string): Promise<Readonly<Record<string, unknown>>>;
  /** Makes a local module and what it imports ready, without running it. */
  prepare(url: string): Promise<void>;
}

/**
 * Opens what loads modules in this program.
 *
 * @param resolveBare What the project's import map says of a bare specifier.
 * @param made Where the program that has started this worker keeps what it has made: who may not look
 * for it takes it from there.
 */
export async function openModuleImporter(
  resolveBare: (specifier: string) => string | undefined,
  made?: MadeModules | null,
): Promise<ModuleImporter> {
  const transpiler = new Transpiler({
    cache: await openUserCache().catch((error) => {
      if (!made) throw error;
      return new ModuleCache(made.folder, { isReadOnly: true });
    }),
    resolveBare,
    importPackage: (specifier) => import(specifier),
    version: made?.version ?? programVersion(),
  });
  return {
    async import(url) {
      if (/^(?:npm|jsr|https?):/.test(url)) return await importPackage(url);
      if (!url.startsWith("file:")) return await import(url);
      const ready = await transpiler.prepare(url);
      try {
        return await import(ready);
      } catch (error) {
        throw nameOriginals(error, transpiler);
      }
    },
    async prepare(url) {
      await transpiler.prepare(url);
    },
  };
}

async function importPackage(url: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await import(url);
  } catch (cause) {
    throw new TypeError(adviceOnPackage(url), { cause });
  }
}

/** An import that leads to nothing is reported for the copy, without its source map. */
function nameOriginals(error: unknown, transpiler: Transpiler): unknown {
  if (error instanceof SyntaxError || error instanceof TypeError) {
    error.message = transpiler.withOriginals(error.message);
    if (error.stack !== undefined) error.stack = transpiler.withOriginals(error.stack);
  }
  return error;
}
