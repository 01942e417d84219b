/**
 * What a simulation does, drawn over the graph: packets that wait, epochs that can start or run.
 *
 * @module
 */
import { edgeEnds } from "../../../runtime/tools/raw_edge.ts";
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import { valueAtPath } from "../../model/document.ts";
import type { GraphView } from "../../model/graph_view.ts";
import { endsOf, type PlacedNode, placesOf, rowY } from "../../model/node_geometry.ts";
import type { Simulation } from "../../model/simulation.ts";
import { svg } from "./dom.ts";

/** The elements that lie over the graph. */
export function simulationOverlay(data: RawObject, view: GraphView, run: Simulation): SVGGElement {
  const places = placesOf(view);
  const prefixes = new Map(view.nodes.map(({ id, parent }) => [id, parent]));
  const bySource = new Map(run.sim.graph.edges.map((edge) => [
    JSON.stringify([edge.source.nodeName, edge.source.portName]),
    edge,
  ]));
  const nodes = [...places.values()].flatMap((place) => nodeMarks(place, run));
  const edges = view.edges.flatMap((edge) => {
    const [source, target] = [places.get(edge.source), places.get(edge.target)];
    if (!source || !target) return [];
    const parent = prefixes.get(edge.source);
    const flat = (name = "") => parent === undefined ? name : `${parent}.${name}`;
    let count = 0;
    for (const path of edge.paths) {
      const ends = edgeEnds(valueAtPath(data, path));
      const found = bySource.get(JSON.stringify([flat(ends.sourceNode), ends.sourcePort]));
      if (found) count += run.onEdge(found);
    }
    if (count === 0) return [];
    const { from, to } = endsOf(source, edge.sourceHandle, target, edge.targetHandle);
    return [chip((from.x + to.x) / 2, (from.y + to.y) / 2, `${count}`)];
  });
  return svg("g", { class: "simulation" }, ...nodes, ...edges);
}

function nodeMarks({ node, x, y }: PlacedNode, run: Simulation): SVGElement[] {
  const of = (epochs: { nodeName: string }[]) =>
    epochs.filter(({ nodeName }) => nodeName === node.id).length;
  const states = [["startable", of(run.startable())], ["running", of(run.running())]] as const;
  const marks = states.flatMap(([state, count], i) =>
    count === 0 ? [] : [
      svg("rect", {
        class: `ring ${state}`,
        x: x - 3 - 3 * i,
        y: y - 3 - 3 * i,
        width: node.width + 6 + 6 * i,
        height: node.height + 6 + 6 * i,
        rx: 12,
      }),
      svg(
        "text",
        { class: `state ${state}`, x: x + 4 + 90 * i, y: y - 10 },
        `${state === "startable" ? "▶" : "●"} ${count} ${state}`,
      ),
    ]
  );
  const chips = run.node(node.id)
    ? node.inRows.flatMap((row, i) => {
      if (row.kind === "group" && row.isOpen) return [];
      const ports = row.kind === "port" ? [row.port] : row.ports;
      const waiting = ports.reduce((sum, { name }) => sum + run.waitingAt(node.id, name), 0);
      const capacity = row.kind === "port" ? row.port.capacity : null;
      const text = capacity === null ? `${waiting}` : `${waiting}/${capacity}`;
      return waiting === 0 ? [] : [chip(x - 6, y + rowY(node, i), text)];
    })
    : [];
  return [...marks, ...chips];
}

function chip(x: number, y: number, text: string): SVGGElement {
  const width = 12 + 7 * text.length;
  return svg(
    "g",
    { class: "chip", transform: `translate(${x} ${y})` },
    svg("rect", { x: -width / 2, y: -9, width, height: 18, rx: 9 }),
    svg("text", { y: 4 }, text),
  );
}
