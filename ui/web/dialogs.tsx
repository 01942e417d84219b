/**
 * What stands over everything: the palette, questions, help.
 *
 * @module
 */
// @ts-types="@types/react"
import { type ReactNode, useEffect, useRef, useState } from "react";
import { fuzzyFilter } from "../model/search.ts";
import { runAction } from "./action_panel.tsx";
import { joinHandles } from "./canvas.tsx";
import { type Command, commands } from "./commands.ts";
import {
  actionsOf,
  activeTab,
  closeTab,
  reload,
  save,
  select,
  studio,
  update,
  useStudio,
  viewOf,
} from "./studio.ts";

/** The dialog that is open. */
export function Dialogs() {
  const dialog = useStudio(({ dialog }) => dialog);
  if (!dialog) return null;
  switch (dialog.kind) {
    case "palette":
      return <Palette />;
    case "find":
      return <Find />;
    case "connect":
      return <ConnectPorts />;
    case "help":
      return <Help />;
    case "saveAs":
      return <SaveAs />;
    case "close":
      return <CloseGuard tab={dialog.tab} />;
    case "conflict":
      return <Conflict message={dialog.message} />;
  }
}

function close(): void {
  update({ dialog: undefined });
}

/** A dialog that holds the focus and gives it back. */
function Modal({ title, children, wide }: { title: string; children: ReactNode; wide?: boolean }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const before = document.activeElement as HTMLElement | null;
    dialog.current?.showModal();
    return () => before?.focus?.();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? "wide" : ""}
      aria-label={title}
      onCancel={(event) => {
        event.preventDefault();
        close();
      }}
      onClick={(event) => event.target === dialog.current && close()}
    >
      <div className="dialog-body">{children}</div>
    </dialog>
  );
}

interface Choice {
  readonly key: string;
  readonly label: string;
  readonly note?: string;
  readonly keys?: string | undefined;
  readonly keywords?: string;
  readonly run: () => void;
}

/** A list that is filtered by typing; arrows and Enter choose. */
function Chooser(
  { title, hint, items }: { title: string; hint: string; items: readonly Choice[] },
) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const found = fuzzyFilter(query, items, ({ label, keywords = "" }) => [label, keywords]).slice(
    0,
    60,
  );
  const choose = (item: Choice | undefined) => {
    close();
    item?.run();
  };
  return (
    <Modal title={title}>
      <input
        className="chooser"
        role="combobox"
        aria-expanded="true"
        aria-controls="choices"
        aria-activedescendant={found[at] ? `choice-${at}` : undefined}
        aria-label={title}
        autoFocus
        placeholder={hint}
        value={query}
        onChange={({ target }) => {
          setQuery(target.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.key === "ArrowDown") setAt(Math.min(at + 1, found.length - 1));
          else if (event.key === "ArrowUp") setAt(Math.max(at - 1, 0));
          else if (event.key === "Enter") choose(found[at]);
          else return;
          event.preventDefault();
        }}
      />
      <ul id="choices" role="listbox" aria-label={title}>
        {found.map((item, i) => (
          <li
            key={item.key}
            id={`choice-${i}`}
            role="option"
            aria-selected={i === at}
            ref={(element) => void (i === at && element?.scrollIntoView({ block: "nearest" }))}
            onPointerMove={() => setAt(i)}
            onClick={() => choose(item)}
          >
            {item.note && <small>{item.note}</small>}
            <span>{item.label}</span>
            {item.keys && <kbd>{item.keys}</kbd>}
          </li>
        ))}
        {found.length === 0 && <li className="dim">Nothing fits “{query}”.</li>}
      </ul>
    </Modal>
  );
}

const RECENT = "netrun-recent-commands";

function Palette() {
  const recent: string[] = JSON.parse(localStorage.getItem(RECENT) ?? "[]");
  const possible = commands.filter(({ isPossible, id }) =>
    id !== "palette" && (isPossible?.() ?? true)
  );
  const rank = ({ id }: Command) => {
    const at = recent.indexOf(id);
    return at < 0 ? recent.length : at;
  };
  const sorted = possible.toSorted((a, b) => rank(a) - rank(b));
  return (
    <Chooser
      title="Commands"
      hint="What do you want to do?"
      items={[...sorted, ...actionCommands()].map((command) => ({
        key: command.id,
        label: command.label,
        note: command.category,
        keys: command.keys,
        keywords: `${command.keywords ?? ""} ${command.category}`,
        run: () => {
          const next = [command.id, ...recent.filter((id) => id !== command.id)].slice(0, 5);
          localStorage.setItem(RECENT, JSON.stringify(next));
          command.run();
        },
      }))}
    />
  );
}

/** The actions of the net, as commands. */
function actionCommands(): Command[] {
  const tab = activeTab();
  if (!tab || !studio().isTrusted) return [];
  return actionsOf(tab).map(({ id, label, command }) => ({
    id: `action-${id}`,
    label,
    category: "Action",
    run: () => void runAction(tab, label, command, undefined),
  }));
}

function Find() {
  const tab = activeTab();
  if (!tab) return null;
  return (
    <Chooser
      title="Find node"
      hint="Name of a node"
      items={viewOf(tab).nodes.map(({ id, view }) => ({
        key: id,
        label: id,
        note: view.kind,
        keywords: view.description,
        run: () => select([id]),
      }))}
    />
  );
}

/** Edges that may leave the selected node, as a list: what dragging does, by keyboard. */
function ConnectPorts() {
  const tab = activeTab();
  const view = tab && viewOf(tab);
  const source = view?.nodes.find(({ id }) => tab!.selection.has(id));
  if (!view || !source) return null;
  const targets = view.nodes.filter(({ parent }) => parent === source.parent);
  return (
    <Chooser
      title="Connect"
      hint={`From ${source.view.name} to…`}
      items={source.view.outPorts.flatMap((out) =>
        targets.flatMap((target) =>
          target.view.inPorts.map((port) => ({
            key: `${out.name}/${target.id}/${port.name}`,
            label: `${out.name} → ${target.view.name}.${port.name}`,
            run: () => joinHandles(source, out.name, target, port.name),
          }))
        )
      )}
    />
  );
}

function Help() {
  const groups = Map.groupBy(commands.filter(({ keys }) => keys), ({ category }) => category);
  return (
    <Modal title="Keyboard shortcuts" wide>
      <h2>Keyboard shortcuts</h2>
      <div className="shortcuts">
        {[...groups].map(([category, list]) => (
          <section key={category}>
            <h3>{category}</h3>
            <dl>
              {list.map((command) => (
                <div key={command.id}>
                  <dt>{command.label}</dt>
                  <dd>
                    <kbd>{command.keys}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
      <p className="dim">On a Mac the command key does what Ctrl does here.</p>
      <div className="buttons end">
        <button type="button" className="primary" onClick={close}>Close</button>
      </div>
    </Modal>
  );
}

function SaveAs() {
  const tab = activeTab();
  const [path, setPath] = useState(tab?.path ?? "net.netrun.json");
  return (
    <Modal title="Save as">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save({ path: path.trim() });
        }}
      >
        <h2>Save as</h2>
        <label className="field">
          Path in this folder
          <input
            autoFocus
            value={path}
            spellCheck={false}
            onChange={({ target }) => setPath(target.value)}
          />
        </label>
        <p className="dim">The ending decides the format: .netrun.json or .netrun.toml</p>
        <div className="buttons end">
          <button type="button" onClick={close}>Cancel</button>
          <button type="submit" className="primary">Save</button>
        </div>
      </form>
    </Modal>
  );
}

function CloseGuard({ tab }: { tab: number }) {
  const name = studio().tabs.find(({ id }) => id === tab)?.path ?? "This net";
  return (
    <Modal title="Unsaved changes">
      <h2>Unsaved changes</h2>
      <p>{name} has changes that are not in its file.</p>
      <div className="buttons end">
        <button type="button" autoFocus onClick={close}>Keep open</button>
        <button type="button" className="danger" onClick={() => closeTab(tab, true)}>
          Discard
        </button>
        <button
          type="button"
          className="primary"
          onClick={async () => {
            update({ active: tab });
            await save();
            if (studio().dialog === undefined) closeTab(tab);
          }}
        >
          Save
        </button>
      </div>
    </Modal>
  );
}

function Conflict({ message }: { message: string }) {
  const tab = activeTab();
  return (
    <Modal title="The file is another one by now">
      <h2>The file is another one by now</h2>
      <p>{message}. Nothing was written.</p>
      <div className="buttons end">
        <button type="button" autoFocus onClick={close}>Cancel</button>
        <button type="button" onClick={() => tab && reload(tab.id)}>Reload the file</button>
        <button type="button" className="danger" onClick={() => save({ overwrites: true })}>
          Overwrite
        </button>
      </div>
    </Modal>
  );
}
