/**
 * The files of the page, from memory: what was built for the package, or in a checkout what is built
 * on the fly.
 *
 * @module
 */

/** One file of the page. */
export interface Asset {
  /** Its media type. */
  readonly type: string;
  /** Its content, compressed by gzip, in base64. */
  readonly gz: string;
  /** Names the content. */
  readonly hash: string;
}

/** All files of the page by their paths. */
export type Assets = Readonly<Record<string, Asset>>;

/**
 * Loads the files of the page.
 *
 * @throws {Error} If they were not built and cannot be built here.
 */
export async function loadAssets(): Promise<Assets> {
  try {
    const built = await import("./dist/assets.json", { with: { type: "json" } });
    return built.default as Assets;
  } catch (cause) {
    if (import.meta.url.startsWith("file:") && !Deno.build.standalone) {
      // Only a checkout has the builder; a literal import would make it part of the program.
      const builder = "./build.ts";
      const { buildAssets } = await import(new URL(builder, import.meta.url).href);
      return await buildAssets();
    }
    throw new Error("The page of the studio is missing from this package", { cause });
  }
}

/** The response with a file of the page. */
export function assetResponse(asset: Asset, path: string, request: Request): Response {
  const isNamedByHash = path.includes(asset.hash);
  const headers = new Headers({
    "content-type": asset.type,
    "cache-control": isNamedByHash ? "public, max-age=31536000, immutable" : "no-cache",
    etag: `"${asset.hash}"`,
    vary: "accept-encoding",
  });
  if (request.headers.get("if-none-match") === `"${asset.hash}"`) {
    return new Response(null, { status: 304, headers });
  }
  const bytes = Uint8Array.fromBase64(asset.gz);
  if (request.headers.get("accept-encoding")?.includes("gzip")) {
    headers.set("content-encoding", "gzip");
    return new Response(bytes, { headers });
  }
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(plain, { headers });
}
