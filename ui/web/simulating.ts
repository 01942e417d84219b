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
import { activeTab, filePath, say, sayError, studio, update } from "./studio.ts";

/** Begins to play through the net without running it, or ends that. */
export async function toggleSimulation(): Promise<void> {
  if (studio().simulation) return update({ simulation: undefined });
  const tab = activeTab();
  if (!tab) return;
  try {
    const answer = toPlain(await call("/graph", { document: tab.history.data, ...filePath(tab) }));
    const { graph } = answer as { graph: GraphSpec };
    update({ simulation: { run: new Simulation(graph), version: 0 }, panel: "none" });
  } catch (error) {
    if (error instanceof ApiError && error.code === "invalid_config") {
      await validateFully();
      return say("The net cannot be simulated before its problems are solved", "error");
    }
    sayError(error);
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
