/**
 * Asking where a file goes.
 *
 * @module
 */

/** The first field of a dialog that writes a file. */
export function PathField({ path, set }: { path: string; set: (path: string) => void }) {
  return (
    <label className="field">
      Path in this folder
      <input
        autoFocus
        value={path}
        spellCheck={false}
        onChange={({ target }) => set(target.value)}
      />
    </label>
  );
}
