/**
 * A graph as it stands on the canvas, as an image.
 *
 * @module
 */
import {
  DESCRIPTION_HEIGHT,
  type DrawnNode,
  type GraphView,
  HEADER_HEIGHT,
  ROW_HEIGHT,
} from "./graph_view.ts";
import type { GroupRow, PortRow } from "./port_rows.ts";

const MARGIN = 80;

/** The image of a graph. */
export function viewSvg(view: GraphView, isDark: boolean): string {
  const byId = new Map(view.nodes.map((node) => [node.id, node]));
  const place = (node: DrawnNode): { x: number; y: number } => {
    const parent = node.parent === undefined ? undefined : byId.get(node.parent);
    const around = parent ? place(parent) : { x: 0, y: 0 };
    return { x: around.x + node.x, y: around.y + node.y };
  };
  const boxes = view.nodes.map((node) => ({ node, ...place(node) }));
  const bounds = boundsOf(boxes);
  const ink = isDark
    ? { box: "#1a212b", line: "#3a4656", text: "#e6eaf0", dim: "#93a1b3", edge: "#6b7b90" }
    : { box: "#ffffff", line: "#c7cfda", text: "#1c2530", dim: "#5b6878", edge: "#8695a8" };
  const ends = new Map(boxes.map((box) => [box.node.id, box]));
  const lines = view.edges.flatMap((edge) => {
    const [source, target] = [ends.get(edge.source), ends.get(edge.target)];
    if (!source || !target) return [];
    const x1 = source.x + source.node.width;
    const y1 = source.y + handleY(source.node, source.node.outRows, edge.sourceHandle);
    const x2 = target.x;
    const y2 = target.y + handleY(target.node, target.node.inRows, edge.targetHandle);
    const bend = Math.max(40, Math.abs(x2 - x1) / 2);
    const dash = edge.isDependency ? ' stroke-dasharray="6 5"' : "";
    return [
      `<path d="M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}" fill="none" ` +
      `stroke="${ink.edge}" stroke-width="1.5"${dash}/>`,
    ];
  });
  const nodes = boxes.map(({ node, x, y }) => {
    const text = (
      content: string,
      dx: number,
      dy: number,
      color: string,
      extra = "",
    ) => `<text x="${x + dx}" y="${y + dy}" fill="${color}"${extra}>${escapeText(content)}</text>`;
    const rows = (list: readonly (PortRow | GroupRow)[], isOut: boolean) =>
      list.flatMap((row, i) => {
        const at = rowY(node, i);
        const dx = isOut ? node.width : 0;
        const anchor = isOut ? ' text-anchor="end"' : "";
        return [
          `<circle cx="${x + dx}" cy="${y + at}" r="4" fill="${ink.edge}"/>`,
          text(row.label, isOut ? dx - 12 : 12, at + 4, ink.dim, anchor),
        ];
      });
    return [
      `<rect x="${x}" y="${y}" width="${node.width}" height="${node.height}" rx="10" ` +
      `fill="${ink.box}" stroke="${ink.line}"/>`,
      text(node.view.name, 14, 22, ink.text, ' font-weight="600"'),
      ...rows(node.inRows, false),
      ...rows(node.outRows, true),
    ].join("");
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${bounds.join(" ")}" role="img" ` +
    `font-family="ui-sans-serif, system-ui, sans-serif" font-size="12.5">` +
    `<g>${nodes.join("\n")}</g><g>${lines.join("\n")}</g></svg>`;
}

function boundsOf(boxes: readonly { node: DrawnNode; x: number; y: number }[]): number[] {
  if (boxes.length === 0) return [0, 0, 400, 300];
  const left = Math.min(...boxes.map(({ x }) => x)) - MARGIN;
  const top = Math.min(...boxes.map(({ y }) => y)) - MARGIN;
  const right = Math.max(...boxes.map(({ x, node }) => x + node.width)) + MARGIN;
  const bottom = Math.max(...boxes.map(({ y, node }) => y + node.height)) + MARGIN;
  return [left, top, right - left, bottom - top];
}

/** How far down the middle of a row is. */
export function rowY({ view }: DrawnNode, index: number): number {
  const hasDescription = view.description !== "" && !view.hidesDescription;
  return HEADER_HEIGHT + (hasDescription ? DESCRIPTION_HEIGHT : 0) + index * ROW_HEIGHT +
    ROW_HEIGHT / 2;
}

/** How far down a handle is; one that is not drawn is at the header. */
export function handleY(
  node: DrawnNode,
  rows: readonly (PortRow | GroupRow)[],
  handle: string,
): number {
  const index = rows.findIndex((row) =>
    row.kind === "port" ? row.port.name === handle : handle === `group:${row.path}`
  );
  return index < 0 ? HEADER_HEIGHT / 2 : rowY(node, index);
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;")
    // deno-lint-ignore no-control-regex -- XML allows no other control characters
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "\ufffd");
}
