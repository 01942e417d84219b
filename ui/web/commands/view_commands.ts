/**
 * Commands about what is shown, and about playing through the net.
 *
 * @module
 */
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import { openPortGroups, showDescriptions } from "../../model/edit_display.ts";
import type { GraphView } from "../../model/graph_view.ts";
import { viewOf } from "../canvas_graph.ts";
import { problemsOf, reveal } from "../checks.ts";
import { edit } from "../editing.ts";
import { simulate, toggleSimulation } from "../simulating.ts";
import { activeTab, say, setTheme, studio, update } from "../studio.ts";
import { fitToView } from "./canvas_handle.ts";
import { type Command, hasTab } from "./command.ts";

/** What is shown. */
export const viewCommands: readonly Command[] = [
  {
    id: "fit",
    label: "Fit to view",
    category: "View",
    keys: "0",
    isPossible: hasTab,
    run: fitToView,
  },
  {
    id: "nextProblem",
    label: "Next problem",
    category: "View",
    keys: "F8",
    isPossible: hasTab,
    run: nextProblem,
  },
  {
    id: "simulate",
    label: "Simulate",
    category: "Run",
    keywords: "play step packets epochs",
    isPossible: hasTab,
    run: () => void toggleSimulation(),
  },
  {
    id: "step",
    label: "Simulation: one step",
    category: "Run",
    keys: "F10",
    isPossible: () => studio().simulation !== undefined,
    run: () => simulate((run) => run.step()),
  },
  ...(["problems", "output"] as const).map((panel): Command => ({
    id: panel,
    label: `Show ${panel}`,
    category: "View",
    run: () => update({ panel: studio().panel === panel ? "none" : panel }),
  })),
  ...(["files", "outline", "factories"] as const).map((rail): Command => ({
    id: `rail-${rail}`,
    label: `Show ${rail}`,
    category: "View",
    run: () => update({ rail: studio().rail === rail ? "none" : rail }),
  })),
  ...[true, false].flatMap((isOpen): Command[] => [
    {
      id: isOpen ? "showDescriptions" : "shortenDescriptions",
      label: isOpen ? "Expand all descriptions" : "Collapse all descriptions",
      category: "View",
      isPossible: hasTab,
      run: () =>
        display(
          isOpen ? "Expand descriptions" : "Collapse descriptions",
          (draft, view) => showDescriptions(draft, view, isOpen),
        ),
    },
    {
      id: isOpen ? "openPorts" : "closePorts",
      label: isOpen ? "Expand all groups of ports" : "Collapse all groups of ports",
      category: "View",
      isPossible: hasTab,
      run: () =>
        display(
          isOpen ? "Expand ports" : "Collapse ports",
          (draft, view) => openPortGroups(draft, view, isOpen),
        ),
    },
  ]),
  ...(["system", "dark", "light", "contrast"] as const).map((theme): Command => ({
    id: `theme-${theme}`,
    label: `Theme: ${theme === "contrast" ? "high contrast" : theme}`,
    category: "View",
    run: () => setTheme(theme),
  })),
  {
    id: "help",
    label: "Keyboard shortcuts",
    category: "Help",
    keywords: "keys bindings change",
    keys: "?",
    run: () => update({ dialog: { kind: "help" } }),
  },
  {
    id: "palette",
    label: "Command palette",
    category: "Help",
    keys: "Ctrl K",
    run: () => update({ dialog: { kind: "palette" } }),
  },
];

/** Changes how all nodes of the canvas are displayed. */
function display(label: string, change: (draft: RawObject, view: GraphView) => void): void {
  const tab = activeTab();
  if (!tab) return;
  const view = viewOf(tab);
  edit(label, (draft) => change(draft, view));
}

let lastProblem = -1;

function nextProblem(): void {
  const problems = problemsOf(activeTab());
  if (problems.length === 0) return say("There are no problems");
  lastProblem = (lastProblem + 1) % problems.length;
  update({ panel: "problems" });
  reveal(problems[lastProblem]!);
}
