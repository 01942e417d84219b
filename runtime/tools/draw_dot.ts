/**
 * Nets in the language of Graphviz.
 *
 * @module
 */
import { type Drawing, type DrawnGroup, drawnIds, type DrawnNode } from "./drawing.ts";

/** The graph of a net, nodes as records with a field a port. */
export function toDot(drawing: Drawing): string {
  const ids = drawnIds(drawing);
  const lines = ["digraph net {", "  rankdir=LR;", "  node [shape=record];"];
  const draw = (group: DrawnGroup, indent: string) => {
    for (const node of group.nodes) {
      lines.push(`${indent}${ids.get(node.name)} [label="${recordLabel(node)}"];`);
    }
    for (const inner of group.groups) {
      lines.push(`${indent}subgraph cluster_${ids.get(inner.name)} {`);
      lines.push(`${indent}  label="${escape(inner.label)}";`);
      draw(inner, `${indent}  `);
      lines.push(`${indent}}`);
    }
  };
  draw(drawing.root, "  ");
  for (const edge of drawing.edges) {
    const source = drawing.nodes.find(({ name }) => name === edge.source);
    const target = drawing.nodes.find(({ name }) => name === edge.target);
    if (!source || !target) continue;
    const from = `${ids.get(edge.source)}:o${source.outPorts.indexOf(edge.sourcePort)}`;
    const to = `${ids.get(edge.target)}:i${target.inPorts.indexOf(edge.targetPort)}`;
    lines.push(`  ${from} -> ${to}${edge.isDependency ? " [style=dotted]" : ""};`);
  }
  return `${[...lines, "}"].join("\n")}\n`;
}

function recordLabel({ label, inPorts, outPorts }: DrawnNode): string {
  const fields = (ports: readonly string[], prefix: string) =>
    ports.map((port, i) => `<${prefix}${i}> ${escape(port)}`).join("|");
  return `{{${fields(inPorts, "i")}}|${escape(label)}|{${fields(outPorts, "o")}}}`;
}

function escape(text: string): string {
  return text.replaceAll(/["\\{}|<>]/g, (character) => `\\${character}`).replaceAll("\n", " ");
}
