/**
 * Commands about what is shown, and about playing through the net.
 *
 * @module
 */
import { problemsOf, reveal } from "../checks.ts";
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

let lastProblem = -1;

function nextProblem(): void {
  const problems = problemsOf(activeTab());
  if (problems.length === 0) return say("There are no problems");
  lastProblem = (lastProblem + 1) % problems.length;
  update({ panel: "problems" });
  reveal(problems[lastProblem]!);
}
