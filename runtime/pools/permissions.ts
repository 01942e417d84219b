/**
 * What the code of a pool may do, as Deno takes it.
 *
 * @module
 */
import { madeModules } from "../modules/module_cache.ts";
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

/**
 * Folders that modules come from beside the project: this package's, a registry in a folder, and what a
 * compiled program has made of TypeScript.
 */
function moduleFolders(): string[] {
  const made = madeModules();
  const urls = [new URL("../../", import.meta.url).href];
  try {
    urls.push(Deno.env.get("JSR_URL") ?? "");
  } catch {
    // The environment may not be read.
  }
  const folders = urls.filter((url) => url.startsWith("file:"))
    .map((url) => decodeURIComponent(new URL(url).pathname));
  return made ? [...folders, made.folder] : folders;
}

/**
 * The permissions of the Workers of a pool.
 *
 * @throws {Deno.errors.NotCapable} If this process does not have all of them itself.
 */
export function denoPermissions(
  permissions: "none" | PoolPermissions,
  projectRoot: string,
  poolId: string,
): Deno.PermissionOptionsObject {
  const granted = grantedPermissions(permissions, projectRoot);
  const missing = PERMISSION_KINDS.flatMap((kind) => {
    const value = granted[kind];
    if (!Array.isArray(value)) return value && !isHeld(kind) ? [`--allow-${kind}`] : [];
    const items = value.filter((item) => !isHeld(kind, item));
    return items.length > 0 ? [`--allow-${kind}=${items.join(",")}`] : [];
  });
  if (missing.length === 0) return granted as Deno.PermissionOptionsObject;
  throw new Deno.errors.NotCapable(
    `Pool "${poolId}" cannot give its Workers what this process does not have: start it with ` +
      missing.join(" "),
  );
}

/** What the subject of a kind is called where Deno is asked about it. */
const subjects: Readonly<Record<PermissionKind, string>> = {
  read: "path",
  write: "path",
  net: "host",
  env: "variable",
  run: "command",
  ffi: "path",
  sys: "kind",
  import: "host",
};

/** Whether this process has a permission, as a whole or for one subject. */
export function isHeld(kind: PermissionKind, subject?: string): boolean {
  try {
    const about = subject === undefined ? {} : { [subjects[kind]]: subject };
    const descriptor = { name: kind, ...about } as Deno.PermissionDescriptor;
    return Deno.permissions.querySync(descriptor).state === "granted";
  } catch {
    // There is nothing of that name.
    return false;
  }
}

function absolute(path: string, projectRoot: string): string {
  return path.startsWith("/") || /^[A-Za-z]:[\\/]/.test(path)
    ? path
    : `${projectRoot.replace(/\/$/, "")}/${path.replace(/^\.\//, "")}`;
}
