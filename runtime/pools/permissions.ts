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
 * read, as may the folder of this package: modules come from there.
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
    const own = new URL("../../", import.meta.url);
    granted.read = [
      ...Array.isArray(granted.read) ? granted.read : [],
      projectRoot,
      ...own.protocol === "file:" ? [decodeURIComponent(own.pathname)] : [],
    ];
  }
  return granted;
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
