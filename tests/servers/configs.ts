/**
 * Configurations of backends on the servers of the tests.
 *
 * @module
 */
import { join } from "node:path";
import type { BackendConfig } from "../../runtime/schema/backend.ts";
import { fingerprint } from "../../runtime/storage/host_key.ts";
import { openBackend } from "../../runtime/storage/open_backend.ts";
import { s3Keys, type Server, type Started } from "./servers.ts";

/** A configuration without references. */
export type Config = BackendConfig<never>;

/** Settings with which a test does not wait long. */
export const impatient = { retryDelayMs: 5, deadlineMs: 20_000 };

let places = 0;

/** A place of its own on a server. */
export function newPlace(): string {
  return `place${Deno.pid}-${places++}/`;
}

/** A server that is there. */
export function serverOf<T>(started: Started<T>): T {
  if ("absent" in started) throw new Error(started.absent);
  return started.server;
}

/** The bucket of the tests at an S3 server. */
export function s3(port: number, prefix: string): Config & { type: "s3" } {
  return {
    type: "s3",
    bucket: "tests",
    prefix,
    region: "us-east-1",
    endpoint_url: `http://127.0.0.1:${port}`,
    ...s3Keys,
    session_token: null,
    force_path_style: null,
  };
}

/** The bucket of the tests at a server of Google Cloud Storage. */
export function gcs(port: number, prefix: string): Config {
  const endpoint_url = `http://127.0.0.1:${port}`;
  return { type: "gcs", bucket: "tests", prefix, credentials_path: null, endpoint_url };
}

/** A folder at an SSH server that takes a key. */
export function ssh({ port, folder }: Server, base_path: string): Config & { type: "ssh" } {
  return {
    type: "ssh",
    host: "127.0.0.1",
    base_path,
    port,
    username: "root",
    key_path: join(folder, "key"),
    password: null,
    known_hosts_path: null,
    host_key: hostKey(folder),
    key_passphrase: null,
  };
}

/** A folder at an SSH server that takes a password. */
export async function sftp(server: Server, base_path: string): Promise<Config & { type: "ssh" }> {
  const config = { ...ssh(server, base_path), username: "u", password: "p", key_path: null };
  return { ...config, host_key: hostKeys.get(server) ?? await refusedKey(server, config) };
}

/** A folder behind rclone, which knows it by an alias. */
export function rcloneAlias(place: string): Config {
  const folder = Deno.makeTempDirSync();
  return rclone(`[store]\ntype = alias\nremote = ${folder}/data\n`, `store:${place}`);
}

/** A bucket at an S3 server behind rclone. */
export function rcloneS3(port: number, place: string): Config {
  const lines = [
    "[store]",
    "type = s3",
    "provider = Other",
    "region = us-east-1",
    "force_path_style = true",
    `endpoint = http://127.0.0.1:${port}`,
    `access_key_id = ${s3Keys.access_key}`,
    `secret_access_key = ${s3Keys.secret_key}`,
  ];
  return rclone(lines.join("\n"), `store:tests/${place}`);
}

function rclone(text: string, remote: string): Config {
  const config_path = Deno.makeTempFileSync({ suffix: ".conf" });
  Deno.writeTextFileSync(config_path, text);
  return { type: "rclone", remote, config_path };
}

function hostKey(folder: string): string | null {
  try {
    const [, key] = Deno.readTextFileSync(join(folder, "host.pub")).split(" ");
    return fingerprint(Uint8Array.fromBase64(key!));
  } catch {
    return null;
  }
}

const hostKeys = new Map<Server, string>();

/** The fingerprint of a server whose key is its own affair, as the refusal of another names it. */
async function refusedKey(server: Server, config: Config & { type: "ssh" }): Promise<string> {
  await using backend = openBackend({ ...config, host_key: "SHA256:none" }, impatient);
  const error = await backend.exists("x").then(() => undefined, (error) => error as Error);
  const key = /SHA256:[^,\s]+/.exec(error?.message ?? "")?.[0] ?? "";
  hostKeys.set(server, key);
  return key;
}
