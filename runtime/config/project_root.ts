/**
 * The folder that relative paths of a configuration start from.
 *
 * @module
 */
import { dirname, isAbsolute, resolve } from "node:path";

/**
 * The absolute project root.
 *
 * @param override `project_root_override`, without a reference.
 * @param basePath Folder of the configuration's file, else undefined for the working folder.
 */
export function projectRootOf(override: string | null, basePath: string | undefined): string {
  if (override !== null && isAbsolute(override)) return override;
  const base = basePath ?? Deno.cwd();
  return override === null ? resolve(base) : resolve(base, override);
}

/** The folder of a file. */
export function folderOf(file: string): string {
  return dirname(file);
}

/** A path that is absolute, or starts from `root`. */
export function absolutePath(root: string, path: string): string {
  return isAbsolute(path) ? path : resolve(root, path);
}
