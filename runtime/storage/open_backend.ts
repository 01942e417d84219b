/**
 * From the configuration of a backend to the backend.
 *
 * @module
 */
import type { BackendConfig } from "../schema/backend.ts";
import type { StorageBackend } from "./backend.ts";
import { GCSDriver } from "./gcs_backend.ts";
import { type BackendDriver, KeyedBackend, type Patience } from "./keyed_backend.ts";
import { LocalDriver } from "./local_backend.ts";
import { RcloneDriver } from "./rclone_backend.ts";
import { S3Driver } from "./s3_backend.ts";
import { SSHDriver } from "./ssh_backend.ts";

/**
 * Opens a backend. It connects when it is first used, and is closed by disposing it.
 *
 * @param config Its block of the configuration, without references; paths are absolute.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const folder = await Deno.makeTempDir();
 * await using backend = openBackend({ type: "local", base_path: folder });
 * await backend.write("report/total.txt", new TextEncoder().encode("42"));
 * assertEquals(await backend.stat("report/total.txt"), { size: 2 });
 * await Deno.remove(folder, { recursive: true });
 * ```
 */
export function openBackend(config: BackendConfig<never>, patience: Patience = {}): StorageBackend {
  return new KeyedBackend(driverOf(config), patience);
}

function driverOf(config: BackendConfig<never>): BackendDriver {
  switch (config.type) {
    case "local":
      return new LocalDriver(config);
    case "s3":
      return new S3Driver(config);
    case "gcs":
      return new GCSDriver(config);
    case "ssh":
      return new SSHDriver(config);
    case "rclone":
      return new RcloneDriver(config);
  }
}
