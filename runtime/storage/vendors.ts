/**
 * The clients that backends and formats load when they are used, named literally: a compiled program
 * embeds what it finds here. Nothing imports this module.
 *
 * @module
 */
/** Loads all of them. */
export async function loadVendors(): Promise<void> {
  await Promise.all([
    import("npm:@aws-sdk/client-s3@^3.980.0"),
    import("npm:@google-cloud/storage@^7.17.0"),
    import("npm:@msgpack/msgpack@^3"),
    import("npm:fflate@^0.8"),
    import("npm:ssh2-sftp-client@^12.0.0"),
  ]);
}
