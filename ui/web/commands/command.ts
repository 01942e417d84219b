/**
 * What a command is.
 *
 * @module
 */
import { activeTab } from "../studio.ts";

/** Something that can be done. */
export interface Command {
  readonly id: string;
  readonly label: string;
  readonly category: string;
  readonly keywords?: string;
  /** Keys that it has at first, such as `Ctrl Shift L`. */
  readonly keys?: string;
  /** Whether it makes sense now. */
  readonly isPossible?: () => boolean;
  /** Whether the page cannot do it by itself. */
  readonly needsServer?: true;
  readonly run: () => void;
}

/** Whether a file is open. */
export function hasTab(): boolean {
  return activeTab() !== undefined;
}

/** Whether something is selected. */
export function hasSelection(): boolean {
  return (activeTab()?.selection.size ?? 0) > 0;
}
