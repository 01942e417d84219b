/**
 * The script of an exported page: shows the net that the page holds.
 *
 * @module
 */
import type { GraphSpec } from "../../../sim/graph_spec.ts";
import { mountViewer } from "../viewer.ts";

/** What an exported page holds besides the net. */
export interface PageSettings {
  readonly title: string;
  readonly theme: "dark" | "light" | "system";
  readonly minimap: boolean;
  /** The graph that is simulated, if it is. */
  readonly graph: GraphSpec | null;
}

function contentOf(id: string): string {
  return document.getElementById(id)!.textContent!;
}

const { graph, ...settings }: PageSettings = JSON.parse(contentOf("settings"));
mountViewer(document.getElementById("viewer")!, contentOf("net"), {
  ...settings,
  simulate: graph !== null,
  ...(graph === null ? {} : { graph }),
});
