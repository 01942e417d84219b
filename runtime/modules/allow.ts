/**
 * Which code may be loaded: what the project holds or names as a package, and what its user allows.
 *
 * @module
 */
import { ModuleImportError } from "./error.ts";
import { fileUrl, isAbsolutePath, joinUrl } from "./file_url.ts";
import { type CodeReference, SCHEME } from "./reference.ts";

/** What {@linkcode checkAllowed} goes by. */
export interface AllowOptions {
  /** Absolute path or `file:` URL of the folder whose modules may be loaded. */
  projectRoot: string;
  /** Beginnings of URLs, or folders and files outside the project, that may be loaded too. */
  allowModules?: readonly string[];
  /**
   * The URL of the file that a `file:` URL leads to over links; undefined if there is none. The
   * file that is loaded decides, not the name by which it is reached.
   */
  realUrl: (url: string) => string | undefined;
}

/**
 * Checks that a module may be loaded.
 *
 * Modules inside the project and `jsr:`, `npm:` and `node:` packages may; anything else only if an
 * entry of `allowModules` covers it: the URL is that entry, or goes on after it with a new part.
 *
 * @throws {ModuleImportError} If it may not.
 */
export function checkAllowed(reference: CodeReference, options: AllowOptions): void {
  const { url } = reference;
  if (/^(?:jsr|npm|node|netrun):/.test(url)) return;
  const allowed = (options.allowModules ?? []).map((entry) => prefixUrl(entry, options));
  if (!url.startsWith("file:")) {
    if (allowed.some((prefix) => covers(prefix, url))) return;
    const { protocol } = new URL(url);
    const start = /^https?:$/.test(protocol) ? new URL("./", url).href : protocol;
    throw refuse(reference, `${protocol} modules are loaded only if allowed`, start);
  }
  const real = options.realUrl(url) ?? url;
  const root = realPrefix(fileUrl(options.projectRoot), options);
  if (covers(root, real) || allowed.some((prefix) => covers(realPrefix(prefix, options), real))) {
    return;
  }
  const link = real === url ? "" : `, which is a link to ${real},`;
  throw refuse(
    reference,
    `${url}${link} lies outside the project root ${root}`,
    new URL("./", real).href,
  );
}

/** An entry of `allowModules` as the beginning of a URL. */
function prefixUrl(entry: string, { projectRoot }: AllowOptions): string {
  if (!SCHEME.test(entry)) {
    return isAbsolutePath(entry) ? fileUrl(entry) : joinUrl(projectRoot, entry);
  }
  return /^(?:file|https?):/.test(entry) && URL.canParse(entry) ? new URL(entry).href : entry;
}

/** The folder or file that a prefix leads to over links. */
function realPrefix(prefix: string, { realUrl }: AllowOptions): string {
  return prefix.startsWith("file:") ? realUrl(prefix) ?? prefix : prefix;
}

/** A prefix ends where a part of the URL ends: `file:///lib` does not cover `file:///library`. */
function covers(prefix: string, url: string): boolean {
  if (prefix === "" || !url.startsWith(prefix)) return false;
  return url.length === prefix.length || /[:/]$/.test(prefix) || /[/?#]/.test(url[prefix.length]!);
}

function refuse({ specifier, url }: CodeReference, reason: string, start: string): Error {
  return new ModuleImportError(
    `May not load \`${specifier}\`: ${reason}; to allow it, add "${start}" to \`allowModules\` ` +
      `(--allow-module ${start})`,
    { specifier, resolvedUrl: url },
  );
}
