/**
 * A net as one page that needs nothing else: for people who only look at it.
 *
 * Only what is shown goes into it: names, ports, types and edges. Pools, environments, variables,
 * storage and arguments stay where they are.
 *
 * @module
 */
import type { RawObject } from "../../runtime/tools/raw_net.ts";
import { graphView } from "../model/graph_view.ts";
import { viewSvg } from "../model/view_svg.ts";

/** How a page is made. */
export interface ExportOptions {
  /** What the page is called. */
  title: string;
  /** Whether it is dark. */
  isDark: boolean;
}

/** The page. */
export async function exportHtml(document: RawObject, options: ExportOptions): Promise<string> {
  const svg = viewSvg(graphView(document, ["graph"]), options.isDark);
  const script = PAN_AND_ZOOM.trim();
  const policy = "default-src 'none'; style-src 'unsafe-inline'; " +
    `script-src 'sha256-${await sha256(script)}'`;
  const title = escapeText(options.title);
  const [ground, ink] = options.isDark ? ["#0f141a", "#e6eaf0"] : ["#f6f7f9", "#1c2530"];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>
html, body { height: 100%; margin: 0; background: ${ground}; color: ${ink}; overflow: hidden }
body { font: 14px ui-sans-serif, system-ui, sans-serif }
h1 { position: fixed; left: 20px; top: 14px; margin: 0; font-size: 15px; font-weight: 600 }
svg { width: 100%; height: 100%; touch-action: none; cursor: grab }
</style>
<h1>${title}</h1>
${svg}
<script>${script}</script>
</html>
`;
}

const PAN_AND_ZOOM = `
const svg = document.querySelector("svg");
let [x, y, w, h] = svg.getAttribute("viewBox").split(" ").map(Number);
const show = () => svg.setAttribute("viewBox", [x, y, w, h].join(" "));
svg.addEventListener("pointerdown", (event) => svg.setPointerCapture(event.pointerId));
svg.addEventListener("pointermove", (event) => {
  if (event.buttons !== 1) return;
  const scale = Math.max(w / svg.clientWidth, h / svg.clientHeight);
  x -= event.movementX * scale;
  y -= event.movementY * scale;
  show();
});
svg.addEventListener("wheel", (event) => {
  event.preventDefault();
  const factor = Math.exp(event.deltaY / 600);
  const [u, v] = [event.offsetX / svg.clientWidth, event.offsetY / svg.clientHeight];
  x += w * u * (1 - factor);
  y += h * v * (1 - factor);
  w *= factor;
  h *= factor;
  show();
}, { passive: false });
`;

async function sha256(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return new Uint8Array(hash).toBase64();
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
