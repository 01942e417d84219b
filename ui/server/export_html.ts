/**
 * A net as one page that needs nothing else: for people who look at it and play through it.
 *
 * Only what is shown goes into it: names, ports, types, conditions and edges. Pools, environments,
 * variables, storage and arguments stay where they are.
 *
 * @module
 */
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import type { Assets } from "../assets.ts";
import { sharedDocument } from "../model/shared_document.ts";
import { lookupOf, type SharedParts } from "./shared_parts.ts";

/** How a page is made. */
export interface ExportOptions {
  /** What the page is called. */
  title: string;
  /** The colours; those of the reader's system by default. */
  theme?: "dark" | "light" | "system";
  /** Whether the whole graph is shown in a corner. */
  minimap?: boolean;
  /** Whether descriptions are shown in full. */
  expandDescriptions?: boolean;
  /** Whether the net can be played through. */
  simulate?: boolean;
}

/** Where the viewer stands among the files of the page. */
export const VIEWER_ASSET = "/assets/viewer.js";

/**
 * The page.
 *
 * @param parts What files and code say about the net.
 * @throws {Error} If the viewer is not among the assets.
 */
export async function exportHtml(
  document: RawObject,
  options: ExportOptions,
  parts: SharedParts,
  assets: Assets,
): Promise<string> {
  const script = await textOf(assets, VIEWER_ASSET);
  const shared = sharedDocument(document, {
    made: lookupOf(document, parts),
    ...(options.expandDescriptions ? { expandsDescriptions: true } : {}),
  });
  const settings = {
    title: options.title,
    theme: options.theme ?? "system",
    minimap: options.minimap ?? false,
    graph: options.simulate ? parts.graph ?? null : null,
  };
  const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; " +
    `script-src 'sha256-${await sha256(script)}'; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="${schemeOf(options)}">
<title>${escapeText(options.title)}</title>
<style>html, body, #viewer { height: 100%; margin: 0 }</style>
<div id="viewer"></div>
<script type="application/json" id="settings">${embedded(JSON.stringify(settings))}</script>
<script type="application/json" id="net">${embedded(writeJson(shared, ""))}</script>
<script>${script}</script>
</html>
`;
}

function schemeOf({ theme = "system" }: ExportOptions): string {
  return theme === "system" ? "dark light" : theme;
}

/** JSON in which nothing can end the element that it stands in. */
function embedded(json: string): string {
  return json.replaceAll("<", "\\u003c");
}

async function textOf(assets: Assets, path: string): Promise<string> {
  const asset = assets[path];
  if (!asset) throw new Error(`The page of the studio lacks ${path}: build it anew`);
  const bytes = Uint8Array.fromBase64(asset.gz);
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return await new Response(plain).text();
}

async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toBase64();
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
