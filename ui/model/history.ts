/**
 * Undo: the states of a document, one step back and forth for each edit.
 *
 * @module
 */
import type { RawObject } from "./document.ts";

/** A document that was replaced, and what replaced it. */
interface Step {
  readonly data: RawObject;
  readonly label: string;
}

/** A document with all that can be undone and redone. It never changes; functions return the next. */
export interface History {
  /** The document now. */
  readonly data: RawObject;
  /** The document as it is in the file. */
  readonly saved: RawObject;
  readonly past: readonly Step[];
  readonly future: readonly Step[];
}

/** How many steps back are kept. */
const MAX_STEPS = 500;

/** The history of a document that was just opened. */
export function newHistory(data: RawObject): History {
  return { data, saved: data, past: [], future: [] };
}

/**
 * The history after an edit. Nothing is added if the edit changed nothing.
 *
 * @param label What was done, for the undo button.
 */
export function record(history: History, data: RawObject, label: string): History {
  if (data === history.data) return history;
  const past = [...history.past.slice(1 - MAX_STEPS), { data: history.data, label }];
  return { ...history, data, past, future: [] };
}

/** The history one step back; the same one if there is none. */
export function undo(history: History): History {
  const step = history.past.at(-1);
  if (!step) return history;
  const future = [{ data: history.data, label: step.label }, ...history.future];
  return { ...history, data: step.data, past: history.past.slice(0, -1), future };
}

/** The history one step forth; the same one if there is none. */
export function redo(history: History): History {
  const [step, ...future] = history.future;
  if (!step) return history;
  const past = [...history.past, { data: history.data, label: step.label }];
  return { ...history, data: step.data, past, future };
}

/** The history once its document has been written. */
export function markSaved(history: History): History {
  return { ...history, saved: history.data };
}

/** Whether the document differs from the file: also false where undo leads back to what was saved. */
export function isDirty({ data, saved }: History): boolean {
  return data !== saved;
}
