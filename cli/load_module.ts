/**
 * Loading a module when it is needed.
 *
 * @module
 */

/**
 * Imports a module of this folder. Its URL is computed, since Deno reads at the start whatever it can
 * see that a module may import, and that would be the whole package.
 */
export async function loadModule<Module>(path: string): Promise<Module> {
  return await import(new URL(path, import.meta.url).href);
}
