/**
 * The files of the folder, and what can be done with them.
 *
 * @module
 */
// @ts-types="@types/react"
import { type KeyboardEvent, type MouseEvent, useEffect, useRef, useState } from "react";
import { callPlain } from "./api.ts";
import { ContextMenu, type Menu } from "./menu.tsx";
import { duplicateFile, renameFile, trashFile } from "./file_operations.ts";
import { activeTab, sayError, studio, update, useStudio } from "./studio.ts";
import { newFile, openFile, pickFiles, recentFiles } from "./tabs.ts";

interface Entry {
  name: string;
  path: string;
  is_dir: boolean;
  is_netrun_file: boolean;
}

/** The tree of files, or without a server those that were picked. */
export function Files() {
  const root = useStudio(({ root }) => root);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  const [menu, setMenu] = useState<Menu>();
  const [renaming, setRenaming] = useState<string>();
  return (
    <nav className="rail-panel" aria-label="Files" onClick={() => setMenu(undefined)}>
      <h2>Files</h2>
      {!isAlone && <p className="root" title={root}>{root.split("/").at(-1)}</p>}
      <div className="rail-tools">
        {isAlone && <button type="button" onClick={() => void pickFiles()}>Open files…</button>}
        <button type="button" onClick={newFile}>New net</button>
      </div>
      <Folder
        path=""
        depth={0}
        renaming={renaming}
        setRenaming={setRenaming}
        showMenu={(entry, x, y) => setMenu({ x, y, items: menuOf(entry, setRenaming) })}
      />
      {!isAlone && <Recent />}
      {menu && <ContextMenu menu={menu} close={() => setMenu(undefined)} />}
    </nav>
  );
}

function Recent() {
  const current = useStudio((state) => activeTab(state)?.path);
  const recent = recentFiles().filter((path) => path !== current);
  if (recent.length === 0) return null;
  return (
    <>
      <h3>Recent</h3>
      <ul className="tree" aria-label="Recent files">
        {recent.map((path) => (
          <li key={path}>
            <button
              type="button"
              className="entry net"
              style={{ paddingInlineStart: 12 }}
              title={path}
              onClick={() => openFile(path)}
            >
              <span className="glyph" aria-hidden="true">◆</span>
              {path.split("/").at(-1)}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What can be done with a net file. */
function menuOf({ path, name }: Entry, setRenaming: (path: string) => void): Menu["items"] {
  if (studio().isReadOnly || studio().isAlone) {
    return [{ label: "Open", run: () => void openFile(path) }];
  }
  return [
    { label: "Open", run: () => void openFile(path) },
    { label: "Rename…", keys: "F2", run: () => setRenaming(path) },
    { label: "Duplicate", run: () => void duplicateFile(path) },
    { label: `Move ${name} to the trash`, keys: "Del", run: () => void trashFile(path) },
  ];
}

interface FolderProps {
  path: string;
  depth: number;
  renaming: string | undefined;
  setRenaming: (path: string | undefined) => void;
  showMenu: (entry: Entry, x: number, y: number) => void;
}

function Folder({ path, depth, renaming, setRenaming, showMenu }: FolderProps) {
  const version = useStudio(({ filesVersion }) => filesVersion);
  const current = useStudio((state) => activeTab(state)?.path);
  const isAlone = useStudio(({ isAlone }) => isAlone);
  const [entries, setEntries] = useState<Entry[]>();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  useEffect(() => {
    let isCurrent = true;
    callPlain<{ entries: Entry[] }>("/files/list", { path })
      .then(({ entries }) => isCurrent && setEntries(entries))
      .catch((error) => isCurrent && sayError(error));
    return () => void (isCurrent = false);
  }, [path, version]);
  const toggle = (name: string) => {
    const next = new Set(open);
    if (!next.delete(name)) next.add(name);
    setOpen(next);
  };
  const onKey = (entry: Entry) => (event: KeyboardEvent) => {
    if (!entry.is_netrun_file || studio().isReadOnly || studio().isAlone) return;
    if (event.key === "F2") setRenaming(entry.path);
    else if (event.key === "Delete") void trashFile(entry.path);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const onMenu = (entry: Entry) => (event: MouseEvent) => {
    if (!entry.is_netrun_file) return;
    event.preventDefault();
    showMenu(entry, event.clientX, event.clientY);
  };
  return (
    <ul className="tree">
      {entries?.map((entry) => (
        <li key={entry.path}>
          {renaming === entry.path
            ? <Rename entry={entry} depth={depth} done={() => setRenaming(undefined)} />
            : (
              <button
                type="button"
                className={`entry${entry.is_netrun_file ? " net" : ""}${
                  entry.path === current ? " current" : ""
                }`}
                style={{ paddingInlineStart: 12 + depth * 14 }}
                disabled={!entry.is_dir && !/\.(?:json|toml)$/i.test(entry.name)}
                aria-expanded={entry.is_dir ? open.has(entry.name) : undefined}
                onClick={() => entry.is_dir ? toggle(entry.name) : openFile(entry.path)}
                onKeyDown={onKey(entry)}
                onContextMenu={onMenu(entry)}
              >
                <span className="glyph" aria-hidden="true">{glyphOf(entry, open)}</span>
                {entry.name}
              </button>
            )}
          {entry.is_dir && open.has(entry.name) && (
            <Folder {...{ renaming, setRenaming, showMenu }} path={entry.path} depth={depth + 1} />
          )}
        </li>
      ))}
      {entries?.length === 0 && depth === 0 && (
        <li className="dim pad">{isAlone ? "No file is open." : "This folder is empty."}</li>
      )}
    </ul>
  );
}

function glyphOf({ is_dir, is_netrun_file, name }: Entry, open: ReadonlySet<string>): string {
  if (is_dir) return open.has(name) ? "▾" : "▸";
  return is_netrun_file ? "◆" : "·";
}

/** A field in place of a file's name. */
function Rename({ entry, depth, done }: { entry: Entry; depth: number; done: () => void }) {
  const [name, setName] = useState(entry.name);
  const isEnded = useRef(false);
  const end = (isKept: boolean) => {
    if (isEnded.current) return;
    isEnded.current = true;
    done();
    const wanted = name.trim();
    if (!isKept || wanted === "" || wanted === entry.name) return;
    const folder = entry.path.slice(0, entry.path.length - entry.name.length);
    void renameFile(entry.path, folder + wanted);
    update({ filesVersion: studio().filesVersion + 1 });
  };
  return (
    <input
      className="rename"
      style={{ marginInlineStart: 12 + depth * 14, width: `calc(100% - ${24 + depth * 14}px)` }}
      aria-label={`New name of ${entry.name}`}
      autoFocus
      spellCheck={false}
      value={name}
      onFocus={({ target }) => target.setSelectionRange(0, Math.max(0, target.value.indexOf(".")))}
      onChange={({ target }) => setName(target.value)}
      onKeyDown={(event) => {
        if (event.key === "Enter") end(true);
        else if (event.key === "Escape") end(false);
      }}
      onBlur={() => end(true)}
    />
  );
}
