/**
 * The ports of one side of a node as rows: dotted names form groups that open and close.
 *
 * @module
 */
import type { PortView } from "./node_view.ts";

/** A row with one port. */
export interface PortRow {
  readonly kind: "port";
  readonly port: PortView;
  /** The part of its name that is shown. */
  readonly label: string;
  readonly depth: number;
}

/** A row that stands for a group of ports. */
export interface GroupRow {
  readonly kind: "group";
  /** What the names of its ports begin with, without the dot behind it. */
  readonly path: string;
  readonly label: string;
  readonly depth: number;
  readonly isOpen: boolean;
  /** All ports inside, at any depth. */
  readonly ports: readonly PortView[];
}

/** Beginning of the handle of a closed group. */
export const GROUP_HANDLE = "group:";

/** Groups of this many ports are closed unless someone opened them. */
const CLOSED_FROM = 3;

/**
 * The rows of one side.
 *
 * @param groups Groups opened or closed by hand, by `in:` or `out:` and their path.
 *
 * @example Three ports of one group are one row
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const port = (name: string) =>
 *   ({ name, type: "", capacity: null, origin: "own", gathers: false }) as const;
 * const ports = ["a", "b.x", "b.y", "b.z"].map(port);
 * assertEquals(portRows(ports, "in", new Map()).map(({ label }) => label), ["a", "b"]);
 * ```
 */
export function portRows(
  ports: readonly PortView[],
  side: "in" | "out",
  groups: ReadonlyMap<string, boolean>,
): (PortRow | GroupRow)[] {
  const rows: (PortRow | GroupRow)[] = [];
  addRows(rows, ports, "", 0, (path, size) => groups.get(`${side}:${path}`) ?? size < CLOSED_FROM);
  return rows;
}

function addRows(
  rows: (PortRow | GroupRow)[],
  ports: readonly PortView[],
  prefix: string,
  depth: number,
  isOpenAt: (path: string, size: number) => boolean,
): void {
  const groups = Map.groupBy(ports, (port) => groupOf(port, prefix));
  const done = new Set<string>();
  for (const port of ports) {
    const group = groupOf(port, prefix);
    const members = group === undefined ? [] : groups.get(group)!;
    // A group of one says no more than the port itself.
    if (group === undefined || members.length < 2) {
      rows.push({ kind: "port", port, label: port.name.slice(prefix.length), depth });
    } else if (!done.has(group)) {
      done.add(group);
      const path = prefix + group;
      const isOpen = isOpenAt(path, members.length);
      rows.push({ kind: "group", path, label: group, depth, isOpen, ports: members });
      if (isOpen) addRows(rows, members, `${path}.`, depth + 1, isOpenAt);
    }
  }
}

/** The group that a port belongs to below a prefix; ports made from config have none. */
function groupOf({ name, origin }: PortView, prefix: string): string | undefined {
  if (origin === "signal" || origin === "control") return undefined;
  const rest = name.slice(prefix.length);
  const dot = rest.indexOf(".");
  return dot > 0 && dot < rest.length - 1 ? rest.slice(0, dot) : undefined;
}

/** The handle by which each port is reached: its own name, or that of the closed group around it. */
export function handlesOf(rows: readonly (PortRow | GroupRow)[]): Map<string, string> {
  const handles = new Map<string, string>();
  for (const row of rows) {
    if (row.kind === "port") handles.set(row.port.name, row.port.name);
    else if (!row.isOpen) {
      for (const port of row.ports) handles.set(port.name, GROUP_HANDLE + row.path);
    }
  }
  return handles;
}

/**
 * The pairs of ports that an edge between two closed groups stands for: those whose names go on
 * equally. Undefined if the groups do not have the same ports.
 */
export function pairGroups(
  source: { readonly path: string; readonly ports: readonly PortView[] },
  target: { readonly path: string; readonly ports: readonly PortView[] },
): [source: string, target: string][] | undefined {
  const targets = new Set(target.ports.map(({ name }) => name.slice(target.path.length)));
  const suffixes = source.ports.map(({ name }) => name.slice(source.path.length));
  if (suffixes.length !== targets.size || suffixes.some((suffix) => !targets.has(suffix))) {
    return undefined;
  }
  return suffixes.map((suffix) => [source.path + suffix, target.path + suffix]);
}
