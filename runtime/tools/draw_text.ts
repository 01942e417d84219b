/**
 * Nets as text for a terminal: each node with where its packets go.
 *
 * @module
 */
import type { Drawing } from "./drawing.ts";
import { orderGroups } from "./execution_order.ts";

/** The net as text, sources first. */
export function toText(drawing: Drawing): string {
  const before = new Map(drawing.nodes.map(({ name }) => [name, new Set<string>()]));
  for (const { source, target } of drawing.edges) {
    if (before.has(source)) before.get(target)?.add(source);
  }
  const byName = new Map(drawing.nodes.map((node) => [node.name, node]));
  const blocks = orderGroups(before).flat().map((name) => {
    const { outPorts } = byName.get(name)!;
    const edges = drawing.edges.filter(({ source }) => source === name);
    const ports = new Set([...outPorts, ...edges.map(({ sourcePort }) => sourcePort)]);
    const width = Math.max(0, ...[...ports].map((port) => port.length));
    const lines = [...ports].flatMap((port) => {
      const leaving = edges.filter(({ sourcePort }) => sourcePort === port);
      const targets = leaving.map(({ target, targetPort, isDependency }) =>
        `${isDependency ? "┄┄▷" : "──▶"} ${target}.${targetPort}`
      );
      return (targets.length > 0 ? targets : ["──○"]).map((arrow) =>
        `${port.padEnd(width)} ${arrow}`
      );
    });
    const tree = lines.map((line, i) => `${i === lines.length - 1 ? "└─" : "├─"} ${line}`);
    return [name, ...tree].join("\n");
  });
  return blocks.length === 0 ? "" : `${blocks.join("\n")}\n`;
}
