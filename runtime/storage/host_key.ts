/**
 * Whether the machine at the other end of an SSH connection is the right one.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { createHash, createHmac } from "node:crypto";

/** Fingerprint of a host's public key, `SHA256:…`, as ssh prints it. */
export function fingerprint(key: Uint8Array): string {
  const hash = createHash("sha256").update(key).digest("base64");
  return `SHA256:${hash.replace(/=+$/, "")}`;
}

/** Whether a file of known hosts has this key for this host, and has not revoked it. */
export function isKnownHost(
  knownHosts: string,
  host: string,
  port: number,
  key: Uint8Array,
): boolean {
  const name = port === 22 ? host : `[${host}]:${port}`;
  const encoded = Buffer.from(key).toString("base64");
  let known = false;
  for (const line of knownHosts.split("\n")) {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith("@") ? fields.shift() : undefined;
    const [hosts, , lineKey] = fields;
    if (hosts === undefined || hosts.startsWith("#") || lineKey !== encoded) continue;
    if (!hosts.split(",").some((pattern) => matches(pattern, name))) continue;
    if (marker === "@revoked") return false;
    if (marker === undefined) known = true;
  }
  return known;
}

function matches(pattern: string, name: string): boolean {
  const [, kind, salt, hash] = pattern.split("|");
  if (kind !== "1" || salt === undefined) return pattern === name;
  return createHmac("sha1", Buffer.from(salt, "base64")).update(name).digest("base64") === hash;
}
