/**
 * Nets as Mermaid diagrams.
 *
 * @module
 */
import { type Drawing, type DrawnGroup, drawnIds } from "./drawing.ts";

/** The diagram of a net. */
export function toMermaid(drawing: Drawing): string {
  const ids = drawnIds(drawing);
  const lines = ["graph LR"];
  const draw = (group: DrawnGroup, indent: string) => {
    for (const { name, label, isSubgraph } of group.nodes) {
      const [open, close] = isSubgraph ? ["[[", "]]"] : ["[", "]"];
      lines.push(`${indent}${ids.get(name)}${open}"${escape(label)}"${close}`);
    }
    for (const inner of group.groups) {
      lines.push(`${indent}subgraph ${ids.get(inner.name)}["${escape(inner.label)}"]`);
      draw(inner, `${indent}    `);
      lines.push(`${indent}end`);
    }
  };
  draw(drawing.root, "    ");
  for (const { source, sourcePort, target, targetPort, isDependency } of drawing.edges) {
    const arrow = isDependency ? "-.->" : "-->";
    const label = `${escape(sourcePort)} → ${escape(targetPort)}`;
    lines.push(
      `    ${ids.get(source) ?? "missing"} ${arrow}|"${label}"| ${ids.get(target) ?? "missing"}`,
    );
  }
  return `${lines.join("\n")}\n`;
}

function escape(text: string): string {
  return text.replaceAll("#", "#35;").replaceAll('"', "#quot;").replaceAll("\n", " ");
}
