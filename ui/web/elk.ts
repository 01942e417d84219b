/**
 * Layouts by ELK: in a worker that is loaded when it is first asked for, and that can be given up.
 *
 * @module
 */
import type { DrawnNode } from "../model/graph_view.ts";
import { layoutNode } from "../model/graph_view.ts";
import type { ArrangeTask } from "../model/edit_layout.ts";
import { handleY, type Point } from "../model/node_geometry.ts";

/** Ways of ELK. */
export type ElkLayout = "force" | "stress" | "layered";

interface ElkNode {
  readonly id: string;
  readonly x?: number;
  readonly y?: number;
}

interface ElkAnswer {
  readonly id: number;
  readonly data?: { readonly children?: readonly ElkNode[] };
  readonly error?: { readonly message?: string };
}

const ALGORITHMS = ["layered", "force", "stress", "sporeOverlap"];

const OPTIONS: Readonly<Record<ElkLayout, Record<string, string>>> = {
  force: { "elk.algorithm": "force", "elk.spacing.nodeNode": "120", "elk.force.iterations": "300" },
  stress: { "elk.algorithm": "stress", "elk.stress.desiredEdgeLength": "320" },
  layered: {
    "elk.algorithm": "layered",
    "elk.direction": "RIGHT",
    "elk.spacing.nodeNode": "40",
    "elk.layered.spacing.nodeNodeBetweenLayers": "90",
  },
};

/**
 * Finds places for nodes.
 *
 * @throws {DOMException} `AbortError` if it is given up.
 * @throws {Error} If ELK fails.
 */
export async function elkLayout(
  kind: ElkLayout,
  { nodes, edges }: ArrangeTask,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Point>> {
  const worker = new Worker(new URL("./elk.js", import.meta.url));
  const ids = new Map(nodes.map(({ id }, i) => [id, `${i}`]));
  const graph = {
    id: "root",
    children: nodes.map((node) => elkNode(node, ids.get(node.id)!)),
    edges: edges.flatMap(({ source, sourcePort, target, targetPort }, i) => {
      const [from, to] = [ids.get(source), ids.get(target)];
      if (from === undefined || to === undefined) return [];
      return [{
        id: `e${i}`,
        sources: [portId(from, "out", sourcePort)],
        targets: [portId(to, "in", targetPort)],
      }];
    }),
  };
  try {
    const ask = questions(worker, signal);
    await ask({ cmd: "register", algorithms: ALGORITHMS });
    let { data } = await ask({ cmd: "layout", graph, layoutOptions: OPTIONS[kind] });
    // Forces know of no sizes: what they leave overlapping is moved apart.
    if (kind !== "layered") {
      const apart = { "elk.algorithm": "sporeOverlap", "elk.spacing.nodeNode": "50" };
      ({ data } = await ask({ cmd: "layout", graph: data, layoutOptions: apart }));
    }
    const places = new Map((data?.children ?? []).map(({ id, x = 0, y = 0 }) => [id, { x, y }]));
    return new Map([...ids].flatMap(([id, elkId]) => {
      const place = places.get(elkId);
      return place ? [[id, place] as const] : [];
    }));
  } finally {
    worker.terminate();
  }
}

/** Asks a worker one thing after the other. */
function questions(
  worker: Worker,
  signal: AbortSignal,
): (question: Record<string, unknown>) => Promise<ElkAnswer> {
  let last = 0;
  return (question) =>
    new Promise((resolve, reject) => {
      const id = ++last;
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
      worker.onerror = ({ message }) => reject(new Error(`The layout failed: ${message}`));
      worker.onmessage = ({ data }: MessageEvent<ElkAnswer>) => {
        if (data.id !== id) return;
        if (data.error) reject(new Error(`The layout failed: ${data.error.message ?? ""}`));
        else resolve(data);
      };
      worker.postMessage({ ...question, id });
    });
}

function elkNode(node: DrawnNode, id: string) {
  const { width, height, inPorts, outPorts } = layoutNode(node);
  const port = (name: string, side: "in" | "out") => ({
    id: portId(id, side, name),
    x: side === "in" ? 0 : width,
    y: handleY(node, side === "in" ? node.inRows : node.outRows, name),
    layoutOptions: { "elk.port.side": side === "in" ? "WEST" : "EAST" },
  });
  return {
    id,
    width,
    height,
    ports: [
      ...inPorts.map((name) => port(name, "in")),
      ...outPorts.map((name) => port(name, "out")),
    ],
    layoutOptions: { "elk.portConstraints": "FIXED_POS" },
  };
}

function portId(node: string, side: "in" | "out", name: string): string {
  return `${node} ${side} ${name}`;
}
