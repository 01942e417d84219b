/**
 * The studio: where everything stands.
 *
 * @module
 */
import { ReactFlowProvider } from "@xyflow/react";
// @ts-types="@types/react"
import { useEffect } from "react";
import { isDirty } from "../model/history.ts";
import { Banners, Breadcrumb } from "./banners.tsx";
import { BottomPanel } from "./bottom_panel.tsx";
import { Canvas } from "./canvas.tsx";
import { Announcer } from "./announcer.tsx";
import { followEdges, onKey } from "./keys.ts";
import { Dialogs } from "./dialogs.tsx";
import { BrokenFile } from "./broken_file.tsx";
import { Locked, Welcome } from "./empty_states.tsx";
import { Inspector } from "./inspector.tsx";
import { RailButtons, RailPanel } from "./rail.tsx";
import { SimulationPanel } from "./simulation_bar.tsx";
import { StatusBar, Toasts } from "./status_bar.tsx";
import { activeTab, studio, useStudio } from "./studio.ts";
import { TopBar } from "./top_bar.tsx";

/** Everything. */
export function App() {
  const state = useStudio((state) => state);
  const tab = activeTab(state);
  useEffect(() => {
    addEventListener("keydown", followEdges, true);
    addEventListener("keydown", onKey);
    const guard = (event: BeforeUnloadEvent) => {
      if (studio().tabs.some(({ history }) => isDirty(history))) event.preventDefault();
    };
    addEventListener("beforeunload", guard);
    return () => {
      removeEventListener("keydown", followEdges, true);
      removeEventListener("keydown", onKey);
      removeEventListener("beforeunload", guard);
    };
  }, []);
  useEffect(() => {
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      document.documentElement.dataset.theme = state.theme === "system"
        ? (dark.matches ? "dark" : "light")
        : state.theme;
    };
    apply();
    dark.addEventListener("change", apply);
    return () => dark.removeEventListener("change", apply);
  }, [state.theme]);
  useEffect(() => {
    const name = tab?.path?.split("/").at(-1) ?? (tab ? "Untitled" : undefined);
    document.title = name === undefined ? "netrun studio" : `${name} · netrun studio`;
  }, [tab?.path, tab === undefined]);
  if (state.phase === "locked") return <Locked />;
  if (state.phase === "starting") {
    return <div className="starting" role="status">Opening the studio…</div>;
  }
  return (
    <div
      className={`app${state.rail === "none" ? "" : " with-rail"}${
        state.showsInspector && tab ? " with-inspector" : ""
      }`}
    >
      <TopBar tab={tab} />
      <RailButtons />
      <RailPanel />
      <main>
        <Banners tab={tab} />
        {tab && <Breadcrumb tab={tab} />}
        {!tab && <Welcome />}
        {tab?.broken && <BrokenFile tab={tab} />}
        {tab && !tab.broken && (
          <ReactFlowProvider key={tab.id}>
            <Canvas tab={tab} />
          </ReactFlowProvider>
        )}
        {state.panel !== "none" && <BottomPanel tab={tab} />}
      </main>
      {tab && !tab.broken && state.showsInspector && (
        <aside className="inspector" aria-label={state.simulation ? "Simulation" : "Inspector"}>
          {state.simulation ? <SimulationPanel tab={tab} /> : <Inspector tab={tab} />}
        </aside>
      )}
      <StatusBar tab={tab} />
      <Toasts />
      <Announcer tab={tab} />
      <Dialogs />
    </div>
  );
}
