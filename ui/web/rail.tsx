/**
 * The left rail: files, outline, factories.
 *
 * @module
 */
// @ts-types="@types/react"
import { useEffect, useState } from "react";
import { fuzzyFilter } from "../model/search.ts";
import { addNode } from "../model/edit_nodes.ts";
import { valueAtPath } from "../model/document.ts";
import { callPlain, NEEDS_SERVER } from "./api.ts";
import { addAtCenter } from "./commands/node_commands.ts";
import { run } from "./commands.ts";
import { viewOf } from "./canvas_graph.ts";
import { Files } from "./files_rail.tsx";
import { activeTab, sayError, select, update, useStudio } from "./studio.ts";

/** What the rail shows. */
export function RailPanel() {
  const rail = useStudio(({ rail }) => rail);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  if (rail === "files") return <Files />;
  if (rail === "outline") return <Outline />;
  if (rail === "factories") return isAlone ? <NoFactories /> : <Factories />;
  return null;
}

function Outline() {
  const tab = useStudio(activeTab);
  useStudio(({ made }) => made);
  const [query, setQuery] = useState("");
  if (!tab) return null;
  const view = viewOf(tab);
  const nodes = fuzzyFilter(query, view.nodes, ({ id, view }) => [id, view.description]);
  return (
    <nav className="rail-panel" aria-label="Outline">
      <h2>Outline</h2>
      <Search value={query} set={setQuery} label="Filter nodes" />
      <ul className="tree">
        {nodes.map((node) => {
          const next = view.edges.filter(({ source }) => source === node.id).map(({ target }) =>
            target
          );
          return (
            <li key={node.id}>
              <button
                type="button"
                className={`entry${tab.selection.has(node.id) ? " current" : ""}`}
                style={{ paddingInlineStart: 12 + (node.id.split(".").length - 1) * 12 }}
                onClick={() => select([node.id])}
              >
                <span className={`glyph kind-${node.view.kind}`} aria-hidden="true">●</span>
                {node.view.name || "unnamed"}
                {next.length > 0 && <small>→ {next.join(", ")}</small>}
              </button>
            </li>
          );
        })}
      </ul>
      {nodes.length === 0 && <p className="dim pad">No nodes.</p>}
    </nav>
  );
}

/** A field that filters a list. */
export function Search(
  { value, set, label }: { value: string; set: (value: string) => void; label: string },
) {
  return (
    <input
      className="search"
      type="search"
      value={value}
      placeholder={label}
      aria-label={label}
      onChange={({ target }) => set(target.value)}
    />
  );
}

function NoFactories() {
  return (
    <nav className="rail-panel" aria-label="Factories">
      <h2>Factories</h2>
      <p className="dim pad">{NEEDS_SERVER}.</p>
    </nav>
  );
}

interface FactoryEntry {
  factory: string;
  description?: string;
  error?: string;
  args?: Record<string, unknown>;
}

function Factories() {
  const tab = useStudio(activeTab);
  const isTrusted = useStudio(({ isTrusted }) => isTrusted);
  const version = useStudio(({ filesVersion }) => filesVersion);
  const [factories, setFactories] = useState<FactoryEntry[]>([]);
  const [functions, setFunctions] = useState<FactoryEntry[]>();
  const [query, setQuery] = useState("");
  const [custom, setCustom] = useState("");
  const own = valueAtPath(tab?.history.data, ["factories"]);
  const folder = tab?.path?.includes("/") ? tab.path.slice(0, tab.path.lastIndexOf("/")) : "";
  const refs = Array.isArray(own) ? own.join("\n") : "";
  useEffect(() => {
    callPlain<{ factories: FactoryEntry[] }>("/factories", {
      refs: refs === "" ? [] : refs.split("\n"),
      project_root: folder,
    }).then(({ factories }) => setFactories(factories)).catch(sayError);
  }, [refs, folder, isTrusted]);
  useEffect(() => {
    callPlain<{ functions: { ref: string; description: string | null }[] }>("/functions", {
      project_root: folder,
    }).then(({ functions }) =>
      setFunctions(functions.map(({ ref, description }) => ({
        factory: "netrun:function",
        ...(description === null ? {} : { description }),
        args: { func: ref },
      })))
    ).catch(() => setFunctions([]));
  }, [folder, version]);
  if (!tab) return null;
  const texts = ({ factory, args, description = "" }: FactoryEntry) => [
    `${args?.func ?? factory}`,
    description,
  ];
  const add = ({ factory, args = {} }: FactoryEntry) =>
    addAtCenter(`Add ${factory}`, (draft, graph, place) =>
      addNode(draft, graph, place, {
        factory,
        args: new Map(Object.entries(args)),
        ...(typeof args.func === "string" ? { name: args.func.split("::").at(-1)! } : {}),
      }));
  const entry = (item: FactoryEntry) => {
    const name = `${item.args?.func ?? item.factory}`;
    return (
      <li key={name}>
        <button
          type="button"
          className="factory-card"
          draggable
          title={item.error ?? item.description}
          onDragStart={(event) =>
            event.dataTransfer.setData(
              "application/netrun-factory",
              JSON.stringify({ ref: item.factory, args: item.args }),
            )}
          onClick={() => add(item)}
        >
          <strong>{name.replace("netrun:", "").split("::").at(-1)}</strong>
          <span>{item.error ?? item.description?.split("\n")[0] ?? name}</span>
        </button>
      </li>
    );
  };
  return (
    <nav className="rail-panel" aria-label="Factories">
      <h2>Factories</h2>
      <Search value={query} set={setQuery} label="Find a factory or function" />
      <ul className="factories">
        {fuzzyFilter(query, factories.filter(({ factory }) => factory !== "netrun:function"), texts)
          .map(entry)}
      </ul>
      <h3>Functions of this project</h3>
      {functions?.length === 0 && (
        <p className="dim pad">No exported functions were found in this folder.</p>
      )}
      <ul className="factories">{fuzzyFilter(query, functions ?? [], texts).map(entry)}</ul>
      <div className="inline">
        <button type="button" className="add" onClick={() => run("newFunction")}>
          New function…
        </button>
      </div>
      <h3>Another module</h3>
      <form
        className="inline"
        onSubmit={(event) => {
          event.preventDefault();
          if (custom.trim() !== "") add({ factory: custom.trim() });
          setCustom("");
        }}
      >
        <input
          aria-label="Reference to a factory"
          value={custom}
          placeholder="./factory.ts, jsr:, npm:"
          onChange={({ target }) => setCustom(target.value)}
        />
        <button type="submit">Add</button>
      </form>
    </nav>
  );
}

/** The buttons that open and close the rail. */
export function RailButtons() {
  const rail = useStudio(({ rail }) => rail);
  const button = (id: "files" | "outline" | "factories", label: string, glyph: string) => (
    <button
      key={id}
      type="button"
      className={rail === id ? "on" : ""}
      aria-pressed={rail === id}
      title={label}
      aria-label={label}
      onClick={() => update({ rail: rail === id ? "none" : id })}
    >
      <Glyph path={glyph} />
    </button>
  );
  return (
    <div className="rail-buttons" role="toolbar" aria-label="Panels">
      {button("files", "Files", "M3 6h7l2 2h9v11H3z")}
      {button("outline", "Outline", "M4 6h16M8 12h12M8 18h12M4 12h.01M4 18h.01")}
      {button(
        "factories",
        "Factories",
        "M12 3l8 4.5v9L12 21l-8-4.5v-9zM12 12l8-4.5M12 12v9M12 12L4 7.5",
      )}
    </div>
  );
}

/** A line drawing of 24 by 24. */
export function Glyph({ path }: { path: string }) {
  return (
    <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true">
      <path
        d={path}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.7"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
