/**
 * What the code of a pool may do, as Deno takes it.
 *
 * @module
 */
import type { PermissionValue, PoolPermissions } from "../schema/pool.ts";

/** The kinds of permissions. */
export const PERMISSION_KINDS = [
  "read",
  "write",
  "net",
  "env",
  "run",
  "ffi",
  "sys",
  "import",
] as const;

/** One kind of permission. */
export type PermissionKind = typeof PERMISSION_KINDS[number];

/**
 * Exactly what is granted, kind by kind; relative paths start at the project root, which may always be
 * read, as may the folders that modules of this package come from.
 */
export function grantedPermissions(
  permissions: "none" | PoolPermissions,
  projectRoot: string,
): Record<PermissionKind, PermissionValue> {
  const stated: PoolPermissions = permissions === "none" ? {} : permissions;
  const granted = {} as Record<PermissionKind, PermissionValue>;
  for (const kind of PERMISSION_KINDS) {
    const value = stated[kind] ?? false;
    const isPaths = kind === "read" || kind === "write";
    granted[kind] = Array.isArray(value) && isPaths
      ? value.map((path) => absolute(path, projectRoot))
      : value;
  }
  if (granted.read !== true) {
    granted.read = [
      ...Array.isArray(granted.read) ? granted.read : [],
      projectRoot,
      ...moduleFolders(),
    ];
  }
  return granted;
}

/** Folders that our own modules come from: this package's, and a registry in a folder. */
function moduleFolders(): string[] {
  const urls = [new URL("../../", import.meta.url).href];
  try {
    urls.push(Deno.env.get("JSR_URL") ?? "");
  } catch {
    // The environment may not be read.
  }
  return urls.filter((url) => url.startsWith("file:"))
    .map((url) => decodeURIComponent(new URL(url).pathname));
}

/** The permissions of a Worker. */
export function denoPermissions(
  permissions: "none" | PoolPermissions,
  projectRoot: string = Deno.cwd(),
): Deno.PermissionOptionsObject {
  return grantedPermissions(permissions, projectRoot) as Deno.PermissionOptionsObject;
}

function absolute(path: string, projectRoot: string): string {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)
    ? path
    : `${projectRoot.replace(/\/$/, "")}/${path.replace(/^\.\//, "")}`;
}
