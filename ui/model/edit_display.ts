/**
 * How much of nodes is displayed: descriptions, groups of ports.
 *
 * @module
 */
import { type RawObject, setAtPath } from "./document.ts";
import type { GraphView } from "./graph_view.ts";
import type { PortView } from "./node_view.ts";

/** Shows all of every description, or its first line alone. */
export function showDescriptions(draft: RawObject, view: GraphView, isExpanded: boolean): void {
  for (const { path, view: { description } } of view.nodes) {
    if (isExpanded && description === "") continue;
    setAtPath(
      draft,
      [...path, "extra", "ui", "descriptionExpanded"],
      isExpanded ? true : undefined,
    );
  }
}

/** Opens or closes every group of ports, inner ones too. */
export function openPortGroups(draft: RawObject, view: GraphView, isOpen: boolean): void {
  for (const { path, view: { inPorts, outPorts } } of view.nodes) {
    for (const [side, ports] of [["in", inPorts], ["out", outPorts]] as const) {
      for (const group of groupsOf(ports)) {
        setAtPath(draft, [...path, "extra", "ui", "portGroups", `${side}:${group}`], isOpen);
      }
    }
  }
}

/** Beginnings of dotted names that several ports share. */
function groupsOf(ports: readonly PortView[]): string[] {
  const sizes = new Map<string, number>();
  for (const { name, origin } of ports) {
    if (origin === "signal" || origin === "control") continue;
    const parts = name.split(".");
    for (let length = 1; length < parts.length; length++) {
      const group = parts.slice(0, length).join(".");
      sizes.set(group, (sizes.get(group) ?? 0) + 1);
    }
  }
  return [...sizes].flatMap(([group, size]) => size > 1 ? [group] : []);
}
