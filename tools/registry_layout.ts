/**
 * How a folder must look that stands in for the registry: pure, no I/O.
 *
 * @module
 */

/** One stand-in: the package that it stands in for and the text of its module. */
export interface StandIn {
  /** Such as `@std/assert`. */
  readonly name: string;
  /** The text of its `mod.ts`. */
  readonly source: string;
}

/** Any version does that the `^1` of deno.json accepts. */
const VERSION = "1.0.0";

/** The files of a folder registry, by path. The same stand-ins always give the same files. */
export async function registryFiles(standIns: readonly StandIn[]): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { name, source } of standIns) {
    const manifest = {
      "/mod.ts": {
        size: new TextEncoder().encode(source).length,
        checksum: `sha256-${await sha256(source)}`,
      },
    };
    files.set(`${name}/meta.json`, JSON.stringify({ versions: { [VERSION]: {} } }));
    files.set(
      `${name}/${VERSION}_meta.json`,
      JSON.stringify({ manifest, exports: { ".": "./mod.ts" } }),
    );
    files.set(`${name}/${VERSION}/mod.ts`, source);
  }
  return files;
}

/** A name for a folder of these files that only a folder of these files has. */
export async function contentHash(files: ReadonlyMap<string, string>): Promise<string> {
  return (await sha256(JSON.stringify([...files].sort()))).slice(0, 16);
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(digest).toHex();
}
