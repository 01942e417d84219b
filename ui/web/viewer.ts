/**
 * Showing a net in any page: pan, zoom, look at nodes, and play through it without running its code.
 *
 * For browsers: it needs a DOM, and nothing else of this package's studio.
 *
 * @example
 * ```ts ignore
 * import { mountViewer } from "@netrun/netrun/viewer";
 *
 * const net = await (await fetch("report.netrun.json")).text();
 * using viewer = mountViewer(document.querySelector("#net")!, net, {
 *   minimap: true,
 *   simulate: true,
 *   onNodeClick: ({ name }) => console.log(name),
 * });
 * ```
 *
 * @module
 */
import { readJson } from "../../runtime/schema/text/read_json.ts";
import { toTextData } from "../../runtime/schema/text/text_data.ts";
import { TextProblems } from "../../runtime/schema/text/text_problems.ts";
import { asObject, type RawObject, valueAt } from "../../runtime/tools/raw_net.ts";
import type { GraphSpec } from "../../sim/graph_spec.ts";
import { editData, setAtPath } from "../model/document.ts";
import { type DrawnNode, type GraphView, graphView } from "../model/graph_view.ts";
import { boundsOf } from "../model/node_geometry.ts";
import { Simulation } from "../model/simulation.ts";
import { Camera } from "./viewer/camera.ts";
import { detailsSide } from "./viewer/details_side.ts";
import { html, svg } from "./viewer/dom.ts";
import { drawGraph } from "./viewer/drawing.ts";
import { makeMinimap, type Minimap } from "./viewer/minimap.ts";
import { simulationOverlay } from "./viewer/simulation_overlay.ts";
import { type SimulationChoices, simulationSide } from "./viewer/simulation_side.ts";
import { VIEWER_STYLE } from "./viewer/style.ts";

/** A net: JSON text, or the data that such a text holds, with objects or Maps. */
export type ViewerDocument = string | Readonly<Record<string, unknown>> | Map<string, unknown>;

/** A node that was clicked. */
export interface ClickedNode {
  /** Its name, with the names of the subgraphs around it before it: `load.parse`. */
  readonly name: string;
  /** What it is. */
  readonly kind: "node" | "factory" | "subgraph";
}

/** An edge that was clicked. */
export interface ClickedEdge {
  /** Name of the node that it leaves. */
  readonly sourceNode: string;
  /** The port there; `group:` and the beginning of their names for several at once. */
  readonly sourcePort: string;
  /** Name of the node that it enters. */
  readonly targetNode: string;
  /** The port there. */
  readonly targetPort: string;
}

/** How a net is shown. */
export interface ViewerOptions {
  /** Whether the whole graph is shown in a corner. @default {false} */
  minimap?: boolean;
  /** Whether the net can be played through. @default {false} */
  simulate?: boolean;
  /** The colours. @default {"system"} */
  theme?: "dark" | "light" | "system";
  /** What is written above it. */
  title?: string;
  /**
   * The graph that is simulated, as `ResolvedNetConfig.toGraph()` gives it. Without it the document
   * has to do, in which factories have the ports that edges use, and files of subgraphs are not opened.
   */
  graph?: GraphSpec;
  /** Called when a node is selected. */
  onNodeClick?: (node: ClickedNode) => void;
  /** Called when an edge is selected. */
  onEdgeClick?: (edge: ClickedEdge) => void;
}

/** A net that is shown. Leaving its scope takes it away. */
export interface Viewer extends Disposable {
  /** Shows another net, or another state of it; a simulation begins anew. */
  show(net: ViewerDocument, graph?: GraphSpec): void;
  /** Shows the whole graph. */
  fit(): void;
  /** Takes it out of the page. */
  close(): void;
}

/**
 * Shows a net inside an element, which needs a height of its own.
 *
 * @param element Where it is shown; what else is in it stays.
 * @param net The net.
 * @throws {TypeError} If the document is no object, or no JSON.
 */
export function mountViewer(
  element: Element,
  net: ViewerDocument,
  options: ViewerOptions = {},
): Viewer {
  const view = new MountedViewer(element, options);
  view.show(net, options.graph);
  view.fit();
  return view;
}

class MountedViewer implements Viewer {
  readonly #options: ViewerOptions;
  readonly #host = html("div");
  readonly #area = svg("svg", { class: "drawing", tabindex: 0, role: "group" });
  readonly #content = svg("g");
  readonly #side = html("aside", { class: "side", "aria-label": "Details" });
  readonly #camera: Camera;
  readonly #minimap: Minimap | undefined;
  readonly #resizing: ResizeObserver;
  readonly #choices: SimulationChoices = { rule: 0, packets: 1 };
  #data: RawObject = new Map();
  #view: GraphView = graphView(this.#data, ["graph"]);
  #selected: string | undefined;
  #run: Simulation | undefined;
  #problem: string | undefined;

  constructor(element: Element, options: ViewerOptions) {
    this.#options = options;
    this.#host.dataset.theme = options.theme ?? "system";
    this.#area.setAttribute("aria-label", options.title ?? "Graph");
    this.#camera = new Camera(this.#area, () => this.#look());
    if (options.minimap) this.#minimap = makeMinimap(this.#camera, this.#area);
    this.#area.append(arrow(), this.#content);
    this.#area.addEventListener("click", () => this.#select(undefined));
    const stage = html(
      "main",
      { class: "stage" },
      this.#area,
      ...options.title === undefined ? [] : [html("h1", { class: "title" }, options.title)],
      this.#tools(),
      ...this.#minimap ? [this.#minimap.element] : [],
    );
    const root = this.#host.attachShadow({ mode: "open" });
    // A sheet of its own is allowed where pages forbid styles in their text.
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(VIEWER_STYLE);
    root.adoptedStyleSheets = [sheet];
    root.append(html("div", { class: "viewer" }, stage, this.#side));
    element.append(this.#host);
    this.#resizing = new ResizeObserver(() => this.#minimap?.follow());
    this.#resizing.observe(this.#area);
  }

  show(net: ViewerDocument, graph?: GraphSpec): void {
    this.#data = documentOf(net);
    this.#run = undefined;
    this.#problem = undefined;
    if (this.#options.simulate) void this.#begin(graph);
    this.#draw();
  }

  fit(): void {
    const bounds = boundsOf(this.#view);
    if (bounds) this.#camera.fit(bounds);
  }

  close(): void {
    this.#resizing.disconnect();
    this.#host.remove();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  /** Starts the simulation; what reads documents is loaded only where no graph is given. */
  async #begin(graph: GraphSpec | undefined): Promise<void> {
    const data = this.#data;
    try {
      const { simulationGraph } = graph
        ? { simulationGraph: () => graph }
        : await import("../model/simulation_graph.ts");
      if (this.#data !== data) return;
      this.#run = new Simulation(simulationGraph(data));
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : `${error}`;
    }
    this.#draw();
  }

  #look(): void {
    const { x, y, zoom } = this.#camera.view;
    this.#content.setAttribute("transform", `translate(${x} ${y}) scale(${zoom})`);
    this.#minimap?.follow();
  }

  #draw(): void {
    this.#view = graphView(this.#data, ["graph"]);
    const focused = this.#focusedNode();
    const graph = drawGraph(this.#view, this.#selected, {
      onNode: (node) => {
        this.#select(node.id);
        this.#options.onNodeClick?.({ name: node.id, kind: node.view.kind });
      },
      onEdge: (edge) => {
        this.#select(edge.id);
        this.#options.onEdgeClick?.({
          sourceNode: edge.source,
          sourcePort: edge.sourceHandle,
          targetNode: edge.target,
          targetPort: edge.targetHandle,
        });
      },
      onOpen: (node) => this.#open(node),
    });
    this.#content.replaceChildren(
      graph,
      ...this.#run ? [simulationOverlay(this.#data, this.#view, this.#run)] : [],
    );
    if (focused !== undefined) {
      this.#content.querySelector<SVGElement>(`[data-node="${CSS.escape(focused)}"]`)?.focus();
    }
    this.#minimap?.draw(this.#view);
    this.#drawSide();
  }

  #focusedNode(): string | undefined {
    const focused = this.#host.shadowRoot?.activeElement;
    return focused instanceof SVGElement ? focused.dataset.node : undefined;
  }

  #drawSide(): void {
    const node = this.#view.nodes.find(({ id }) => id === this.#selected);
    const parts = [
      ...this.#problem === undefined
        ? []
        : [html("p", { role: "alert" }, `This net cannot be simulated: ${this.#problem}`)],
      ...this.#run
        ? simulationSide(this.#run, this.#selected, this.#choices, (step) => this.#act(step))
        : [],
      ...node ? detailsSide(this.#data, node) : [],
    ];
    this.#side.replaceChildren(...parts);
    this.#side.hidden = parts.length === 0;
  }

  #act(step: (run: Simulation) => void): void {
    const focused = this.#host.shadowRoot?.activeElement?.textContent;
    this.#problem = undefined;
    try {
      step(this.#run!);
    } catch (error) {
      this.#problem = error instanceof Error ? error.message : `${error}`;
    }
    this.#draw();
    // The button that was pressed is another element by now.
    const buttons = [...this.#side.querySelectorAll("button")];
    buttons.find(({ textContent }) => textContent === focused)?.focus();
  }

  #select(id: string | undefined): void {
    if (this.#selected === id) return;
    this.#selected = id;
    this.#draw();
  }

  /** Opens or closes a subgraph in its place. */
  #open({ view, path }: DrawnNode): void {
    if (view.nodeCount === undefined) return;
    this.#data = editData(this.#data, (draft) => {
      setAtPath(draft, [...path, "extra", "ui", "expanded"], !view.isExpanded);
    });
    this.#draw();
  }

  #tools(): HTMLElement {
    const tool = (label: string, text: string, run: () => void) =>
      html("button", { type: "button", "aria-label": label, title: label, onclick: run }, text);
    return html(
      "div",
      { class: "tools" },
      tool("Zoom in", "+", () => this.#camera.zoomBy(1.25)),
      tool("Zoom out", "−", () => this.#camera.zoomBy(0.8)),
      tool("Fit to view", "⤢", () => this.fit()),
    );
  }
}

function arrow(): SVGDefsElement {
  return svg(
    "defs",
    {},
    svg(
      "marker",
      {
        id: "arrow",
        viewBox: "0 0 8 8",
        refX: 8,
        refY: 4,
        markerWidth: 7,
        markerHeight: 7,
        orient: "auto",
      },
      svg("path", { class: "arrow", d: "M0 0L8 4L0 8z" }),
    ),
  );
}

function documentOf(net: ViewerDocument): RawObject {
  const data = typeof net === "string"
    ? readJson(net, new TextProblems(net, undefined))
    : toTextData(net, "json");
  const object = asObject(data);
  if (!object) throw new TypeError("Cannot show the net: it must be a JSON object");
  // A file may hold a graph alone.
  return valueAt(object, "graph") === undefined && object.has("nodes")
    ? new Map([["graph", object]])
    : object;
}
