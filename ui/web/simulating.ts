/**
 * Simulate mode: begun, played, ended.
 *
 * @module
 */
import { toPlain } from "../../runtime/tools/raw_net.ts";
import type { GraphSpec } from "../../sim/graph.ts";
import { Simulation } from "../model/simulation.ts";
import { ApiError, call } from "./api.ts";
import { validateFully } from "./checks.ts";
import { madeBy } from "./factory_ports.ts";
import { activeTab, filePath, say, sayError, studio, type Tab, update } from "./studio.ts";

/** Begins to play through the net without running it, or ends that. */
export async function toggleSimulation(): Promise<void> {
  if (studio().simulation) return update({ simulation: undefined });
  const tab = activeTab();
  if (!tab) return;
  let graph: GraphSpec;
  try {
    graph = await resolvedGraph(tab);
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "invalid_config") return sayError(error);
    const written = await writtenGraph(tab);
    if (!written) {
      await validateFully();
      return say("The net cannot be simulated before its problems are solved", "error");
    }
    graph = written;
    say(`Simulated as it is written, since it cannot be resolved: ${error.message}`);
  }
  update({ simulation: { run: new Simulation(graph), version: 0 }, panel: "none" });
}

/** The graph with all that files and code say. */
async function resolvedGraph(tab: Tab): Promise<GraphSpec> {
  const answer = toPlain(await call("/graph", { document: tab.history.data, ...filePath(tab) }));
  return (answer as { graph: GraphSpec }).graph;
}

/** The graph as far as the document alone tells; undefined if it is wrong. */
async function writtenGraph(tab: Tab): Promise<GraphSpec | undefined> {
  if (
    tab.problems.some(({ nodePaths, severity }) => severity === "error" && nodePaths.length > 0)
  ) {
    return undefined;
  }
  const { simulationGraph } = await import("../model/simulation_graph.ts");
  try {
    return simulationGraph(tab.history.data, madeBy);
  } catch {
    return undefined;
  }
}

/** Does something in the simulation. */
export function simulate(act: (run: Simulation) => void): void {
  const { simulation } = studio();
  if (!simulation) return;
  const { run, version } = simulation;
  try {
    act(run);
  } catch (error) {
    sayError(error);
  }
  update({ simulation: { run, version: version + 1 } });
}
