/**
 * A net as a standalone SVG image.
 *
 * @module
 */
import type { Drawing, DrawnNode } from "../../runtime/tools/drawing.ts";
import { layeredLayout, type LayoutNode } from "./layout.ts";

const CHARACTER = 7.5;
const ROW = 20;
const HEADER = 30;
const PADDING = 14;
const MARGIN = 24;

const STYLE = `
    text { font: 13px ui-sans-serif, system-ui, sans-serif; fill: #1f2933; }
    .name { font-weight: 600; text-anchor: middle; }
    .out { text-anchor: end; }
    .box { fill: #ffffff; stroke: #52606d; }
    .sub { stroke-width: 3; }
    .port { fill: #52606d; }
    .edge { fill: none; stroke: #7b8794; stroke-width: 1.5; marker-end: url(#arrow); }
    .dependency { stroke-dasharray: 4 4; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e4e7eb; } .box { fill: #1f2933; stroke: #9aa5b1; }
    }`;

/** The image of a net. */
export function toSvg(drawing: Drawing): string {
  const boxes = new Map(drawing.nodes.map((node) => [node.name, boxOf(node)]));
  const layout = layeredLayout([...boxes.values()], drawing.edges);
  const place = (id: string) => layout.positions.get(id) ?? { x: 0, y: 0 };
  const width = layout.width + 2 * MARGIN;
  const height = layout.height + 2 * MARGIN;
  const edges = drawing.edges.flatMap((edge) => {
    const [source, target] = [boxes.get(edge.source), boxes.get(edge.target)];
    if (!source || !target) return [];
    const from = {
      x: place(source.id).x + source.width,
      y: place(source.id).y + portY(source.outPorts.indexOf(edge.sourcePort)),
    };
    const to = {
      x: place(target.id).x,
      y: place(target.id).y + portY(target.inPorts.indexOf(edge.targetPort)),
    };
    const bend = Math.max(40, Math.abs(to.x - from.x) / 2);
    const path = `M${from.x} ${from.y} C${from.x + bend} ${from.y} ${
      to.x - bend
    } ${to.y} ${to.x} ${to.y}`;
    return [`<path class="edge${edge.isDependency ? " dependency" : ""}" d="${path}"/>`];
  });
  const nodes = drawing.nodes.flatMap((node) =>
    drawNode(node, boxes.get(node.name)!, place(node.name))
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="${-MARGIN} ${-MARGIN} ${width} ${height}">`,
    `  <style>${STYLE}\n  </style>`,
    `  <defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" ` +
    `orient="auto"><path d="M0 0L8 4L0 8z" fill="#7b8794"/></marker></defs>`,
    ...[...edges, ...nodes].map((line) => `  ${line}`),
    "</svg>",
    "",
  ].join("\n");
}

function boxOf({ name, inPorts, outPorts }: DrawnNode): LayoutNode {
  const widest = (texts: readonly string[]) => Math.max(0, ...texts.map((text) => text.length));
  const ports = widest(inPorts) + widest(outPorts) + 3;
  return {
    id: name,
    width: Math.round(Math.max(80, CHARACTER * Math.max(name.length, ports) + 2 * PADDING)),
    height: HEADER + ROW * Math.max(inPorts.length, outPorts.length) + (PADDING / 2),
    inPorts,
    outPorts,
  };
}

/** How far down the middle of a port's row is; ports that are not declared stand at the top. */
function portY(index: number): number {
  return index < 0 ? HEADER / 2 : HEADER + ROW * index + ROW / 2;
}

function drawNode(
  { name, inPorts, outPorts, isSubgraph }: DrawnNode,
  { width, height }: LayoutNode,
  { x, y }: { x: number; y: number },
): string[] {
  const port = (text: string, index: number, isOut: boolean) => {
    const row = y + portY(index);
    const side = isOut ? x + width : x;
    const textX = isOut ? side - PADDING / 2 : side + PADDING / 2;
    return `<circle class="port" cx="${side}" cy="${row}" r="3"/>` +
      `<text${isOut ? ' class="out"' : ""} x="${textX}" y="${row + 4}">${escape(text)}</text>`;
  };
  const box = `class="box${isSubgraph ? " sub" : ""}" x="${x}" y="${y}" width="${width}"`;
  return [
    `<rect ${box} height="${height}" rx="6"/>`,
    `<text class="name" x="${x + width / 2}" y="${y + 20}">${escape(name)}</text>`,
    ...inPorts.map((text, i) => port(text, i, false)),
    ...outPorts.map((text, i) => port(text, i, true)),
  ];
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    // deno-lint-ignore no-control-regex -- XML allows no other control characters, not even escaped
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
}
