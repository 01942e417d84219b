/**
 * Of which version the folder of a cache is.
 *
 * @module
 */
import { join } from "node:path";

/** Version of everything that a cache folder holds; others are other caches. */
export const CACHE_FORMAT = 1;

/** The folder is of another version, or does not tell. */
export class UnknownFormat extends Error {}

/**
 * Marks a folder with the version, or compares it.
 *
 * @throws {UnknownFormat} If the folder is of another version, or does not tell.
 */
export function checkFormat(path: string): void {
  const file = join(path, "format.json");
  let text: string;
  try {
    text = Deno.readTextFileSync(file);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
    Deno.writeTextFileSync(file, `{"format": ${CACHE_FORMAT}}\n`, { mode: 0o600 });
    return;
  }
  const format = /^\s*\{\s*"format"\s*:\s*(\d+)\s*\}\s*$/.exec(text)?.[1];
  if (format === String(CACHE_FORMAT)) return;
  throw new UnknownFormat(
    format === undefined
      ? `${file} does not say of which format it is; remove the folder, or name another one in ` +
        "`storage_path`"
      : `${file} is of format ${format}, and this version knows ${CACHE_FORMAT}; name another ` +
        "folder in `storage_path`",
  );
}
