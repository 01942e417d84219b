/**
 * Telling what a pool would have to grant, where its code was denied something.
 *
 * @module
 */
import type { PoolPermissions, PoolSpec } from "../schema/pool.ts";
import { isHeld, PERMISSION_KINDS, type PermissionKind } from "./permissions.ts";

/** The pool in which something was denied. */
export interface DenyingPool {
  /** Name of the pool. */
  readonly poolId: string;
  /** Its type. */
  readonly type: PoolSpec["type"];
  /** What it grants; undefined if that is stated elsewhere. */
  readonly permissions?: "inherit" | "none" | PoolPermissions | undefined;
}

/** How Deno words a denial, and how compiled programs do. */
const denial =
  /Requires (\w+) access(?: to "(.*?)")?, (?:run again with the --allow-\w+ flag|specify the required permissions during compilation using `deno compile --allow-\w+`)/g;
/** Longest chain of causes that is looked through. */
const maxCauses = 8;

/**
 * Completes the messages of an error and its causes: where Deno names a flag, which nobody can give to
 * a worker, they name the entry of the pool's `permissions` that would grant what was denied.
 *
 * @param error What a worker has thrown; its messages are changed in place.
 */
export function explainDenial(error: unknown, pool: DenyingPool): void {
  let current = error;
  for (let i = 0; i < maxCauses && current instanceof Error; i++) {
    const explained = current.message.replace(
      denial,
      (text, kind, subject) => isKind(kind) ? explain(kind, subject, pool) : text,
    );
    if (explained !== current.message) rename(current, explained);
    current = current.cause;
  }
}

function explain(kind: PermissionKind, subject: string | undefined, pool: DenyingPool): string {
  const { poolId, type, permissions = "none" } = pool;
  const wanted = `Requires ${kind} access${subject === undefined ? "" : ` to "${subject}"`}`;
  const entry = `\`permissions: { ${kind}: ${granting(kind, subject, permissions)} }\``;
  if (type === "remote") {
    return `${wanted}, which the server of pool "${poolId}" does not grant; start the server with ${entry}`;
  }
  if (permissions !== "inherit") {
    return `${wanted}, which pool "${poolId}" does not grant; state ${entry} in its \`spec\``;
  }
  if (type === "multiprocess" && subject !== undefined && isHeld(kind, subject)) {
    return `${wanted}, which this process holds only in part, and no more than whole kinds are ` +
      `handed on to pool "${poolId}"; state ${entry} in its \`spec\``;
  }
  const flag = `--allow-${kind}${subject === undefined ? "" : `=${subject}`}`;
  return `${wanted}, which this process does not have, nor pool "${poolId}", which inherits its ` +
    `permissions; run it with ${flag}`;
}

/** The value of the entry that would grant it, beside what is granted already. */
function granting(
  kind: PermissionKind,
  subject: string | undefined,
  permissions: "inherit" | "none" | PoolPermissions,
): string {
  if (subject === undefined) return "true";
  const granted = typeof permissions === "string" ? undefined : permissions[kind];
  return JSON.stringify([...Array.isArray(granted) ? granted : [], subject]).replaceAll(",", ", ");
}

function isKind(kind: string): kind is PermissionKind {
  return (PERMISSION_KINDS as readonly string[]).includes(kind);
}

function rename(error: Error, message: string): void {
  const stack = error.stack?.replace(error.message, () => message);
  for (const [key, value] of [["message", message], ["stack", stack]] as const) {
    Object.defineProperty(error, key, { value, configurable: true, writable: true });
  }
}
