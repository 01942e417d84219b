/**
 * The keys of all commands, and how to change them.
 *
 * @module
 */
// @ts-types="@types/react"
import { useState } from "react";
import {
  bind,
  boundKeys,
  commandOf,
  type KeyChanges,
  keysOf,
  unbind,
  whyReserved,
} from "../../model/key_bindings.ts";
import type { Command } from "../commands/command.ts";
import { commands } from "../commands.ts";
import { keyChanges, storeKeyChanges } from "../keys.ts";
import { closeDialog, Modal } from "../modal.tsx";

/** Keys that move about: they cannot be changed. */
const FIXED = [
  ["Alt 1 … 9", "Show an open file"],
  ["Alt [ and Alt ]", "The file before, the next one"],
  ["Alt ← and Alt →", "Along an edge"],
  ["Arrows", "Move the selection"],
  ["Escape", "Leave a field, a dialog, the selection"],
] as const;

/** All keys. A click on one waits for others. */
export function Help() {
  const [changes, setChanges] = useState(keyChanges);
  const [waiting, setWaiting] = useState<string>();
  const [conflict, setConflict] = useState<{ keys: string; owner: Command }>();
  const [message, setMessage] = useState("");
  const change = (next: KeyChanges, text: string) => {
    storeKeyChanges(next);
    setChanges(next);
    setWaiting(undefined);
    setConflict(undefined);
    setMessage(text);
  };
  const press = (command: Command, keys: string) => {
    const owner = commandOf(keys, commands, changes);
    const reserved = whyReserved(keys);
    if (reserved) return setMessage(`${reserved}: press others.`);
    if (owner && owner.id !== command.id) {
      setConflict({ keys, owner });
      return setMessage(`${keys} belongs to “${owner.label}”.`);
    }
    change(bind(command, keys, commands, changes), `“${command.label}” is ${keys} now.`);
  };
  const groups = Map.groupBy(
    commands.filter(({ category }) => category !== "Decoration"),
    ({ category }) => category,
  );
  return (
    <Modal title="Keyboard shortcuts" wide>
      <h2>Keyboard shortcuts</h2>
      <p className="dim">
        Click the keys of a command to give it others; they are kept in this browser. On a Mac the
        command key does what Ctrl does here.
      </p>
      <p role="status" aria-live="polite" className="key-message">{message}</p>
      <div className="shortcuts">
        {[...groups].map(([category, list]) => (
          <section key={category}>
            <h3>{category}</h3>
            {list.map((command) => {
              const keys = boundKeys(command, changes);
              const isWaiting = waiting === command.id;
              return (
                <div key={command.id} className="line">
                  <span className="grow">{command.label}</span>
                  {isWaiting && conflict && (
                    <button
                      type="button"
                      onClick={() =>
                        change(
                          bind(command, conflict.keys, commands, changes),
                          `“${command.label}” is ${conflict.keys} now; ` +
                            `“${conflict.owner.label}” has no keys.`,
                        )}
                    >
                      Take {conflict.keys}
                    </button>
                  )}
                  {changes[command.id] !== undefined && !isWaiting && (
                    <button
                      type="button"
                      className="quiet"
                      aria-label={`Reset keys of ${command.label}`}
                      onClick={() =>
                        change(
                          unbind(command, commands, changes),
                          `“${command.label}” has its first keys again.`,
                        )}
                    >
                      Reset
                    </button>
                  )}
                  <button
                    type="button"
                    className="keys"
                    aria-label={`Keys of ${command.label}: ${keys ?? "none"}`}
                    aria-pressed={isWaiting}
                    onClick={() => {
                      setConflict(undefined);
                      setWaiting(isWaiting ? undefined : command.id);
                      setMessage(isWaiting ? "" : `Press the new keys of “${command.label}”.`);
                    }}
                    onBlur={({ relatedTarget }) => {
                      // The button that settles a conflict comes next.
                      if (isWaiting && !relatedTarget) setWaiting(undefined);
                    }}
                    onKeyDown={(event) => {
                      if (!isWaiting) return;
                      event.preventDefault();
                      event.stopPropagation();
                      const pressed = keysOf(event);
                      if (pressed === "Escape") {
                        setWaiting(undefined);
                        setConflict(undefined);
                        return setMessage("");
                      }
                      if (pressed !== undefined) press(command, pressed);
                    }}
                  >
                    {isWaiting ? "press…" : keys ? <kbd>{keys}</kbd> : "none"}
                  </button>
                </div>
              );
            })}
          </section>
        ))}
        <section>
          <h3>Moving about</h3>
          {FIXED.map(([keys, label]) => (
            <div key={keys} className="line">
              <span className="grow">{label}</span>
              <kbd>{keys}</kbd>
            </div>
          ))}
        </section>
      </div>
      <div className="buttons end">
        {Object.keys(changes).length > 0 && (
          <button
            type="button"
            onClick={() => change({}, "All commands have their first keys.")}
          >
            Reset all
          </button>
        )}
        <button type="button" className="primary" onClick={closeDialog}>Close</button>
      </div>
    </Modal>
  );
}
