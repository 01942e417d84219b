/**
 * Exporting a net as a page: what it shows and how.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import { call } from "./api.ts";
import { PathField } from "./form/path_field.tsx";
import { closeDialog, Modal } from "./modal.tsx";
import { activeTab, filePath, say } from "./studio.ts";

const THEMES = [["system", "that of the reader"], ["light", "light"], ["dark", "dark"]] as const;

/** Asks what an exported page is to show, and exports it. */
export function ExportDialog() {
  const tab = activeTab();
  const base = (tab?.path ?? "net").replace(/(?:\.netrun|\.graph)?\.(?:json|toml)$/, "");
  const [path, setPath] = useState(`${base}.netrun.html`);
  const [theme, setTheme] = useState<string>("system");
  const [shows, setShows] = useState({
    simulate: true,
    minimap: true,
    expand_descriptions: false,
  });
  const [problem, setProblem] = useState<string>();
  if (!tab) return null;
  const box = (key: keyof typeof shows, label: string) => (
    <label className="check">
      <input
        type="checkbox"
        checked={shows[key]}
        onChange={({ target }) => setShows({ ...shows, [key]: target.checked })}
      />
      {label}
    </label>
  );
  const submit = async () => {
    setProblem(undefined);
    try {
      const answer = await call("/files/export-html", {
        document: tab.history.data,
        ...filePath(tab),
        output_path: path.trim(),
        title: base.split("/").at(-1),
        theme,
        ...shows,
      });
      closeDialog();
      say(`Exported ${answer.get("path")}`);
    } catch (error) {
      setProblem(error instanceof Error ? error.message : `${error}`);
    }
  };
  return (
    <Modal title="Export as a page">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <h2>Export as a page</h2>
        <p className="dim">
          One file that opens without a server. It holds names, ports and edges, and neither
          variables nor settings.
        </p>
        <PathField path={path} set={setPath} />
        <label className="field">
          Colours
          <select value={theme} onChange={({ target }) => setTheme(target.value)}>
            {THEMES.map(([value, label]) => <option key={value} value={value}>{label}</option>)}
          </select>
        </label>
        {box("simulate", "It can be played through, with undo")}
        {box("minimap", "A map of the graph in the corner")}
        {box("expand_descriptions", "Descriptions in full")}
        {problem !== undefined && <p className="error" role="alert">{problem}</p>}
        <div className="buttons end">
          <button type="button" onClick={closeDialog}>Cancel</button>
          <button type="submit" className="primary">Export</button>
        </div>
      </form>
    </Modal>
  );
}
