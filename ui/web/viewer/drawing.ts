/**
 * A graph as elements of SVG.
 *
 * @module
 */
import type { Decoration, DrawnEdge, DrawnNode, GraphView } from "../../model/graph_view.ts";
import { bendOf, endsOf, type PlacedNode, placesOf, rowY } from "../../model/node_geometry.ts";
import {
  DESCRIPTION_HEIGHT,
  DESCRIPTION_LINE,
  descriptionLines,
  HEADER_HEIGHT,
} from "../../model/node_size.ts";
import { colorOf } from "../../model/node_view.ts";
import type { GroupRow, PortRow } from "../../model/port_rows.ts";
import { svg } from "./dom.ts";

/** What the user does to the drawing. */
export interface DrawingEvents {
  onNode(node: DrawnNode): void;
  onEdge(edge: DrawnEdge): void;
  /** A double click, or Enter on what is selected. */
  onOpen(node: DrawnNode): void;
}

/** The elements of a graph. */
export function drawGraph(
  view: GraphView,
  selected: string | undefined,
  events: DrawingEvents,
): SVGGElement {
  const places = placesOf(view);
  const boxes = [...places.values()].map((place) =>
    drawNode(place, place.node.id === selected, events)
  );
  const lines = view.edges.flatMap((edge) => {
    const [source, target] = [places.get(edge.source), places.get(edge.target)];
    return source && target ? [drawEdge(edge, source, target, edge.id === selected, events)] : [];
  });
  const behind = view.decorations.filter(({ zIndex }) => zIndex < 0).map(drawDecoration);
  const before = view.decorations.filter(({ zIndex }) => zIndex >= 0).map(drawDecoration);
  return svg("g", {}, ...behind, ...boxes, ...lines, ...before);
}

function drawEdge(
  edge: DrawnEdge,
  source: PlacedNode,
  target: PlacedNode,
  isSelected: boolean,
  events: DrawingEvents,
): SVGGElement {
  const { from, to } = endsOf(source, edge.sourceHandle, target, edge.targetHandle);
  const bend = bendOf(from, to);
  const path = `M${from.x} ${from.y}C${from.x + bend} ${from.y} ${to.x - bend} ${to.y} ${to.x} ` +
    `${to.y}`;
  const classes = ["edge", edge.isDependency && "dependency", isSelected && "selected"];
  return svg(
    "g",
    { class: classes.filter(Boolean).join(" "), onclick: () => events.onEdge(edge) },
    svg("path", { class: "reach", d: path }),
    svg("path", { class: "line", d: path, "marker-end": "url(#arrow)" }),
    svg("title", {}, `${edge.source}.${edge.sourceHandle} → ${edge.target}.${edge.targetHandle}`),
  );
}

function drawNode(
  { node, x, y }: PlacedNode,
  isSelected: boolean,
  events: DrawingEvents,
): SVGGElement {
  const { view } = node;
  const classes = [
    "node",
    view.kind,
    view.isExpanded && "expanded",
    isSelected && "selected",
  ];
  const headerColor = view.headerColor && `fill: ${view.headerColor}`;
  const badge = view.kind === "factory"
    ? "F"
    : view.kind === "subgraph"
    ? `${view.nodeCount ?? "file"}`
    : "";
  return svg(
    "g",
    {
      class: classes.filter(Boolean).join(" "),
      transform: `translate(${x} ${y})`,
      tabindex: 0,
      role: "button",
      "data-node": node.id,
      "aria-label": `${view.kind} ${view.name}`,
      "aria-pressed": `${isSelected}`,
      onclick: (event) => {
        event.stopPropagation();
        events.onNode(node);
      },
      ondblclick: () => events.onOpen(node),
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key !== "Enter") return;
        event.preventDefault();
        if (isSelected) events.onOpen(node);
        else events.onNode(node);
      },
    },
    svg("rect", { class: "box", width: node.width, height: node.height, rx: radiusOf(view.shape) }),
    svg("path", {
      class: "head",
      d: headPath(node.width, radiusOf(view.shape)),
      style: headerColor || undefined,
    }),
    svg("circle", { class: "kind", cx: 16, cy: HEADER_HEIGHT / 2, r: 4 }),
    view.hidesLabel ? "" : fitted(view.name || "unnamed", 28, 22, node.width - 62, {
      class: "name",
      style: view.fontColor && `fill: ${view.fontColor}`,
    }),
    svg("text", { class: "badge", x: node.width - 12, y: 21, "text-anchor": "end" }, badge),
    ...descriptionLines(view, node.width).map((line, i) =>
      fitted(
        line,
        12,
        HEADER_HEIGHT + DESCRIPTION_HEIGHT - 6 + i * DESCRIPTION_LINE,
        node.width - 24,
        { class: "description" },
      )
    ),
    ...node.inRows.flatMap((row, i) => drawRow(node, row, i, false)),
    ...node.outRows.flatMap((row, i) => drawRow(node, row, i, true)),
    svg("title", {}, view.description === "" ? view.name : `${view.name}: ${view.description}`),
  );
}

function drawRow(
  node: DrawnNode,
  row: PortRow | GroupRow,
  index: number,
  isOut: boolean,
): (Node | string)[] {
  const y = rowY(node, index);
  const x = isOut ? node.width : 0;
  const origin = row.kind === "port" ? row.port.origin : "group";
  const label = row.kind === "group"
    ? `${row.isOpen ? "▾" : "▸"} ${row.label} (${row.ports.length})`
    : row.label.replace(/^__(?:signal|control)_(.+)__$/, "$1");
  const type = row.kind === "port" && row.port.type !== "" ? ` ${row.port.type}` : "";
  const indent = 12 + row.depth * 10;
  const text = svg(
    "text",
    {
      class: "port",
      x: isOut ? x - indent : indent,
      y: y + 4,
      "text-anchor": isOut ? "end" : "start",
    },
    node.view.hidesPortNames ? "" : label,
    node.view.hidesPortNames ? "" : svg("tspan", { class: "type" }, type),
  );
  const handle = row.kind === "group" && row.isOpen
    ? ""
    : svg("circle", { class: "handle", cx: x, cy: y, r: 4.5 });
  return [svg("g", { class: `row ${origin}` }, handle, text)];
}

/** A text that ends with an ellipsis where there is no room for it. */
function fitted(
  text: string,
  x: number,
  y: number,
  width: number,
  attributes: Record<string, string | undefined>,
): SVGTextElement {
  const letters = Math.max(1, Math.floor(width / 6.9));
  const shown = text.length > letters ? `${text.slice(0, letters - 1)}…` : text;
  return svg("text", { x, y, ...attributes }, shown);
}

function radiusOf(shape: string): number {
  if (shape === "rectangle") return 2;
  return shape === "pill" ? 26 : 10;
}

function headPath(width: number, radius: number): string {
  const r = Math.min(radius, HEADER_HEIGHT);
  return `M0 ${HEADER_HEIGHT}V${r}Q0 0 ${r} 0H${width - r}Q${width} 0 ${width} ${r}` +
    `V${HEADER_HEIGHT}Z`;
}

function drawDecoration({ data, x, y, width, height }: Decoration): SVGGElement {
  const kind = `${data.get("decorationType") ?? "rectangle"}`;
  const text = data.get("text") ?? data.get("label");
  const number = (key: string, fallback: number) => {
    const value = data.get(key);
    return typeof value === "number" && Number.isFinite(value) ? value : fallback;
  };
  const style = [
    ["fill", colorOf(data.get("fillColor"))],
    ["stroke", colorOf(data.get("strokeColor"))],
    ["stroke-width", kind === "label" || kind === "divider" ? "0" : `${number("strokeWidth", 1)}`],
  ].flatMap(([name, value]) => value === undefined ? [] : [`${name}: ${value}`]).join("; ");
  const shape = kind === "circle"
    ? svg("ellipse", { cx: width / 2, cy: height / 2, rx: width / 2, ry: height / 2, style })
    : kind === "triangle"
    ? svg("path", { d: `M${width / 2} 0L${width} ${height}H0Z`, style })
    : svg("rect", { width, height, rx: kind === "rounded-rectangle" ? 14 : 2, style });
  const size = number("fontSize", 14);
  const lines = typeof text === "string" ? text.split("\n") : [];
  const words = lines.map((line, i) =>
    svg("text", {
      x: 12,
      y: 10 + size * (i + 1) * 1.2,
      "font-size": size,
      style: colorOf(data.get("fontColor")) && `fill: ${colorOf(data.get("fontColor"))}`,
    }, line)
  );
  return svg(
    "g",
    {
      class: `decoration ${kind.replaceAll(/[^a-z-]/g, "")}`,
      transform: `translate(${x} ${y})`,
      opacity: number("opacity", 1),
    },
    kind === "label" || kind === "image" ? "" : shape,
    ...words,
  );
}
