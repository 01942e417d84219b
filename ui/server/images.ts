/**
 * Images of the folder, for decorations.
 *
 * @module
 */
import type { ConfinedFolder } from "./confined_folder.ts";
import { RequestFailure } from "./wire.ts";

/** What is served, by extension; the content is never looked at to guess another type. */
const TYPES: Readonly<Record<string, string>> = {
  png: "image/png",
  jpg: "image/jpeg",
  jpeg: "image/jpeg",
  gif: "image/gif",
  webp: "image/webp",
  avif: "image/avif",
  svg: "image/svg+xml",
};

const MAX_BYTES = 10 * 1024 * 1024;

/** The response with an image. */
export async function imageResponse(folder: ConfinedFolder, path: string): Promise<Response> {
  const place = await folder.locate(path);
  const type = TYPES[place.slice(place.lastIndexOf(".") + 1).toLowerCase()];
  if (type === undefined) {
    throw new RequestFailure(
      "unsupported_media_type",
      `${path} is no image: only .${Object.keys(TYPES).join(", .")} are shown`,
    );
  }
  const { isFile, size } = await Deno.stat(place);
  if (!isFile) throw new RequestFailure("not_found", `${path} is not a file`);
  if (size > MAX_BYTES) {
    throw new RequestFailure(
      "too_large",
      `${path} has ${size} bytes; images may have ${MAX_BYTES}`,
    );
  }
  return new Response(await Deno.readFile(place), {
    headers: {
      "content-type": type,
      "cache-control": "no-cache",
      // An SVG that is opened as a page runs no script.
      "content-security-policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    },
  });
}
