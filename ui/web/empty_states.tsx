/**
 * What is shown in place of a canvas.
 *
 * @module
 */
import { type Tab, useStudio } from "./studio.ts";
import { newFile, openFile, recentFiles, reload } from "./tabs.ts";

export function Welcome() {
  const root = useStudio(({ root }) => root);
  const recent = recentFiles();
  return (
    <div className="empty">
      <h2>No net is open</h2>
      <p>
        Choose a file on the left, or begin a new one in <code>{root.split("/").at(-1)}</code>.
      </p>
      <button type="button" className="primary" onClick={newFile}>New net</button>
      {recent.length > 0 && (
        <ul className="recent" aria-label="Recent files">
          {recent.map((path) => (
            <li key={path}>
              <button type="button" onClick={() => openFile(path)}>{path}</button>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

export function Broken({ tab }: { tab: Tab }) {
  return (
    <div className="empty">
      <h2>{tab.path} cannot be read</h2>
      <p className="error">
        {tab.broken!.line !== undefined && <strong>Line {tab.broken!.line}:</strong>}
        {tab.broken!.message}
      </p>
      <p>Mend it in an editor of texts; it is read again as soon as it changes.</p>
      <button type="button" className="primary" onClick={() => reload(tab.id)}>
        Read it again
      </button>
    </div>
  );
}

export function Locked() {
  return (
    <div className="empty">
      <h2>This page has no token</h2>
      <p>
        The studio opens only from the address that <code>netrun ui</code> shows in the terminal.
      </p>
    </div>
  );
}
