/**
 * Paths and `file:` URLs, by their text alone: the same on every platform.
 *
 * @module
 */

const DRIVE = /^[a-zA-Z]:[\\/]/;

/** Whether a path starts at a root or a drive. */
export function isAbsolutePath(path: string): boolean {
  return /^[\\/]/.test(path) || DRIVE.test(path);
}

/**
 * The `file:` URL of an absolute path; a `file:` URL is returned in its normal form.
 *
 * Backslashes separate, as nets are shared between platforms.
 */
export function fileUrl(path: string): string {
  if (path.startsWith("file:")) return new URL(path).href;
  const url = new URL("file:///");
  // The pathname setter escapes all that must be, the same way as Deno, but leaves `%` alone.
  url.pathname = path.replaceAll("%", "%25").replaceAll("\\", "/");
  return url.href;
}

/** The `file:` URL of a path that is relative to the folder `base` (a path or `file:` URL). */
export function joinUrl(base: string, path: string): string {
  const folder = fileUrl(base).replace(/\/*$/, "/");
  const url = new URL(folder);
  url.pathname += path.replaceAll("%", "%25").replaceAll("\\", "/");
  return url.href;
}
