/**
 * Edges of a net file as they are written, also in the spellings of older releases.
 *
 * @module
 */
import { asObject, type RawObject } from "./raw_net.ts";

/** What an edge connects; a part that is missing is undefined. */
export interface EdgeEnds {
  readonly sourceNode: string | undefined;
  readonly sourcePort: string | undefined;
  readonly targetNode: string | undefined;
  readonly targetPort: string | undefined;
}

/** What an edge connects. */
export function edgeEnds(edge: unknown): EdgeEnds {
  const object = asObject(edge);
  const source = endOf(object, "source");
  const target = endOf(object, "target");
  return {
    sourceNode: source.node,
    sourcePort: source.port,
    targetNode: target.node,
    targetPort: target.port,
  };
}

/** Puts a new name in place of an old one at both ends. */
export function renameInEdge(edge: RawObject, oldName: string, newName: string): void {
  for (const end of ["source", "target"] as const) {
    if (endOf(edge, end).node !== oldName) continue;
    const nested = asObject(edge.get(end));
    const text = edge.get(`${end}_str`);
    if (edge.has(`${end}_node`)) edge.set(`${end}_node`, newName);
    else if (nested) nested.set("node_name", newName);
    else if (typeof text === "string") {
      edge.set(`${end}_str`, newName + text.slice(text.indexOf(".")));
    }
  }
}

function endOf(
  edge: RawObject | undefined,
  end: "source" | "target",
): { node?: string | undefined; port?: string | undefined } {
  const nested = asObject(edge?.get(end));
  const text = edge?.get(`${end}_str`);
  const [node, port] = typeof text === "string" ? text.split(".") : [];
  return {
    node: textOf(edge?.get(`${end}_node`) ?? nested?.get("node_name") ?? node),
    port: textOf(edge?.get(`${end}_port`) ?? nested?.get("port_name") ?? port),
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
