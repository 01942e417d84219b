/**
 * Backends: where output files are kept.
 *
 * @module
 */
import * as z from "zod";
import { bool, closedObject, int, str, v } from "./field.ts";
import type { VarRef, Written } from "./reference.ts";

/** Files in a folder. */
export interface LocalBackendConfig<Ref = VarRef> {
  /** Tag. */
  type: "local";
  /** The folder. */
  base_path: string | Ref;
}

/** Objects in an S3 bucket. */
export interface S3BackendConfig<Ref = VarRef> {
  /** Tag. */
  type: "s3";
  /** Name of the bucket. */
  bucket: string | Ref;
  /** Put before every key as it is. */
  prefix: string | Ref;
  /** Region of the bucket. */
  region: string | Ref | null;
  /** Address of a server other than Amazon's. */
  endpoint_url: string | Ref | null;
  /** Access key; without one the client looks where it always does. */
  access_key: string | Ref | null;
  /** Secret key. */
  secret_key: string | Ref | null;
  /** Session token. */
  session_token: string | Ref | null;
  /** Name the bucket in the path; null does so with `endpoint_url`. */
  force_path_style: boolean | Ref | null;
}

/** Objects in a Google Cloud Storage bucket. */
export interface GCSBackendConfig<Ref = VarRef> {
  /** Tag. */
  type: "gcs";
  /** Name of the bucket. */
  bucket: string | Ref;
  /** Put before every key as it is. */
  prefix: string | Ref;
  /** File with the credentials. */
  credentials_path: string | Ref | null;
  /** Address of a server other than Google's. */
  endpoint_url: string | Ref | null;
}

/** Files in a folder of another machine, by SFTP. */
export interface SSHBackendConfig<Ref = VarRef> {
  /** Tag. */
  type: "ssh";
  /** Name or address of the machine. */
  host: string | Ref;
  /** The folder there. */
  base_path: string | Ref;
  /** Port of the SSH server. */
  port: number | Ref;
  /** Name to log in with. */
  username: string | Ref | null;
  /** File with the private key. */
  key_path: string | Ref | null;
  /** Password to log in with. */
  password: string | Ref | null;
  /** File with the keys of known hosts. */
  known_hosts_path: string | Ref | null;
  /** Fingerprint of the host's key, `SHA256:…`. */
  host_key: string | Ref | null;
  /** Passphrase of the private key. */
  key_passphrase: string | Ref | null;
}

/** Whatever the program rclone reaches. */
export interface RcloneBackendConfig<Ref = VarRef> {
  /** Tag. */
  type: "rclone";
  /** Remote and path, `name:path`. */
  remote: string | Ref;
  /** Configuration file; null is rclone's own. */
  config_path: string | Ref | null;
}

/** A backend, by `type`. */
export type BackendConfig<Ref = VarRef> =
  | LocalBackendConfig<Ref>
  | S3BackendConfig<Ref>
  | GCSBackendConfig<Ref>
  | SSHBackendConfig<Ref>
  | RcloneBackendConfig<Ref>;

/** What may be written for an object of which some keys are required. */
export type Need<T, Key extends keyof T> = Written<T, Key> & Pick<T, Key>;

/** What may be written for a {@linkcode BackendConfig}. */
export type BackendConfigInput =
  | Need<LocalBackendConfig, "type" | "base_path">
  | Need<S3BackendConfig, "type" | "bucket">
  | Need<GCSBackendConfig, "type" | "bucket">
  | Need<SSHBackendConfig, "type" | "host" | "base_path">
  | Need<RcloneBackendConfig, "type" | "remote">;

/** A path relative to the project root. */
const path = v(str);
const optional = v(str.nullable()).default(null);
/** A value that no message shows. */
const secret = v(str.nullable()).default(null);

/** Schema of a {@linkcode BackendConfig}. */
export const backendConfigSchema: z.ZodType<BackendConfig, BackendConfigInput> = z
  .discriminatedUnion("type", [
    closedObject("LocalBackendConfig", "Files in a folder.", {
      type: z.literal("local").describe("Tag."),
      base_path: path.meta({ description: "The folder.", format: "path" }),
    }),
    closedObject("S3BackendConfig", "Objects in an S3 bucket.", {
      type: z.literal("s3").describe("Tag."),
      bucket: v(str).describe("Name of the bucket."),
      prefix: v(str).default("").describe("Put before every key as it is."),
      region: optional.describe("Region of the bucket."),
      endpoint_url: optional.describe("Address of a server other than Amazon's."),
      access_key: secret.meta({
        description: "Access key; without one the client looks where it always does.",
        format: "password",
      }),
      secret_key: secret.meta({ description: "Secret key.", format: "password" }),
      session_token: secret.meta({ description: "Session token.", format: "password" }),
      force_path_style: v(bool.nullable()).default(null).describe(
        "Name the bucket in the path; null does so with `endpoint_url`.",
      ),
    }),
    closedObject("GCSBackendConfig", "Objects in a Google Cloud Storage bucket.", {
      type: z.literal("gcs").describe("Tag."),
      bucket: v(str).describe("Name of the bucket."),
      prefix: v(str).default("").describe("Put before every key as it is."),
      credentials_path: optional.meta({
        description: "File with the credentials.",
        format: "path",
      }),
      endpoint_url: optional.describe("Address of a server other than Google's."),
    }),
    closedObject("SSHBackendConfig", "Files in a folder of another machine, by SFTP.", {
      type: z.literal("ssh").describe("Tag."),
      host: v(str).describe("Name or address of the machine."),
      base_path: v(str).describe("The folder there."),
      port: v(int({ min: 1, max: 65535 })).default(22).describe("Port of the SSH server."),
      username: optional.describe("Name to log in with."),
      key_path: optional.meta({ description: "File with the private key.", format: "path" }),
      password: secret.meta({ description: "Password to log in with.", format: "password" }),
      known_hosts_path: optional.meta({
        description: "File with the keys of known hosts.",
        format: "path",
      }),
      host_key: optional.describe("Fingerprint of the host's key, `SHA256:…`."),
      key_passphrase: secret.meta({
        description: "Passphrase of the private key.",
        format: "password",
      }),
    }),
    closedObject("RcloneBackendConfig", "Whatever the program rclone reaches.", {
      type: z.literal("rclone").describe("Tag."),
      remote: v(str).describe("Remote and path, `name:path`."),
      config_path: optional.meta({
        description: "Configuration file; null is rclone's own.",
        format: "path",
      }),
    }),
  ])
  .meta({ id: "BackendConfig", description: "Where output files are kept." });
