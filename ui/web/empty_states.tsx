/**
 * What is shown in place of a canvas.
 *
 * @module
 */
import { useStudio } from "./studio.ts";
import { newFile, openFile, pickFiles, recentFiles } from "./tabs.ts";

/** No file is open. */
export function Welcome() {
  const root = useStudio(({ root }) => root);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  const recent = recentFiles();
  return (
    <div className="empty">
      <h2>No net is open</h2>
      {isAlone
        ? (
          <>
            <p>
              This page is open without a server: it edits files that you pick, checks, arranges and
              simulates them. Factories, actions and recipes need <code>netrun ui</code>.
            </p>
            <button type="button" className="primary" onClick={() => void pickFiles()}>
              Open files…
            </button>
            <button type="button" onClick={newFile}>New net</button>
          </>
        )
        : (
          <>
            <p>
              Choose a file on the left, or begin a new one in{" "}
              <code>{root.split("/").at(-1)}</code>.
            </p>
            <button type="button" className="primary" onClick={newFile}>New net</button>
          </>
        )}
      {!isAlone && recent.length > 0 && (
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

/** The page was opened without the token. */
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
