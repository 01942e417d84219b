/**
 * Small changes of a net's state that are made by hand.
 *
 * @module
 */
import { CommitDraft } from "./commit_draft.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import type { EpochError } from "./error.ts";
import { nodeNamed } from "./inject.ts";

/** Says whether the epochs of a node are run. */
export function setEnabled(engine: Engine, name: string, enabled: boolean): void {
  const node = nodeNamed(engine, name);
  engine.commit(new CommitDraft("node", engine.clock.now(), { nodeName: name, enabled }));
  if (enabled) engine.schedule.release(node);
}

/** Empties the list of failures that were not thrown, and returns them. */
export function takeExceptions(engine: Engine): EpochError[] {
  const exceptions = engine.state.exceptions.toArray();
  clear(engine, "exceptions", exceptions.length);
  return exceptions;
}

/** Empties the list of dead letters, and returns them. */
export function takeDeadLetters(engine: Engine): DeadLetter[] {
  const entries = engine.state.deadLetters.toArray();
  clear(engine, "deadLetters", entries.length);
  return entries;
}

function clear(engine: Engine, cleared: "exceptions" | "deadLetters", count: number): void {
  if (count > 0) engine.commit(new CommitDraft("clear", engine.clock.now(), { cleared }));
}
