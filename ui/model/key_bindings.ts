/**
 * Which keys stand for which commands: those that commands have at first, and what a person changed.
 *
 * @module
 */

/** A command, as far as keys are concerned. */
export interface Bindable {
  readonly id: string;
  readonly keys?: string;
}

/** What a person changed: keys by command; an empty text for a command without keys. */
export type KeyChanges = Readonly<Record<string, string>>;

/** What a pressed key says of itself. */
export interface PressedKey {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

const MODIFIERS: ReadonlySet<string> = new Set(["Control", "Meta", "Alt", "Shift", "AltGraph"]);

/**
 * Keys as they are written: `Ctrl Shift L`. Undefined as long as only modifiers are held.
 *
 * The command key of a Mac counts as Ctrl.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const held = { ctrlKey: true, metaKey: false, altKey: false, shiftKey: true };
 * assertEquals(keysOf({ key: "l", ...held }), "Ctrl Shift L");
 * assertEquals(keysOf({ key: "Shift", ...held }), undefined);
 * ```
 */
export function keysOf(
  { key, ctrlKey, metaKey, altKey, shiftKey }: PressedKey,
): string | undefined {
  if (MODIFIERS.has(key)) return undefined;
  // Signs such as `?` need Shift on some keyboards and not on others.
  const isSign = key.length === 1 && key.toLowerCase() === key.toUpperCase() && !/\d/.test(key);
  return [
    ctrlKey || metaKey ? "Ctrl" : "",
    altKey ? "Alt" : "",
    shiftKey && !isSign ? "Shift" : "",
    key === " "
      ? "Space"
      : key === "Backspace"
      ? "Delete"
      : key.length === 1
      ? key.toUpperCase()
      : key,
  ].filter((part) => part !== "").join(" ");
}

/** The keys of a command. */
export function boundKeys(command: Bindable, changes: KeyChanges): string | undefined {
  return (changes[command.id] ?? command.keys) || undefined;
}

/** The command that keys stand for. */
export function commandOf<C extends Bindable>(
  keys: string,
  commands: readonly C[],
  changes: KeyChanges,
): C | undefined {
  return commands.find((command) => boundKeys(command, changes) === keys);
}

/** Keys that browsers keep for themselves, or that the studio uses without a command. */
const RESERVED: ReadonlySet<string> = new Set([
  "Ctrl N",
  "Ctrl T",
  "Ctrl W",
  "Ctrl Shift N",
  "Escape",
  "Tab",
  "Shift Tab",
  "Alt [",
  "Alt ]",
  "Alt ArrowLeft",
  "Alt ArrowRight",
]);

/** Why keys cannot be given to any command; undefined if they can. */
export function whyReserved(keys: string): string | undefined {
  if (/^Alt [1-9]$/.test(keys)) return `${keys} shows an open file`;
  if (RESERVED.has(keys)) return `${keys} belongs to the browser, or moves about in the studio`;
  return undefined;
}

/** The changes after a command was given keys: whoever had them loses them. */
export function bind(
  command: Bindable,
  keys: string,
  commands: readonly Bindable[],
  changes: KeyChanges,
): KeyChanges {
  const next: Record<string, string> = { ...changes };
  const owner = commandOf(keys, commands, changes);
  if (owner && owner.id !== command.id) next[owner.id] = "";
  next[command.id] = keys;
  for (const { id, keys = "" } of commands) if (next[id] === keys) delete next[id];
  return next;
}

/** The changes after a command got back the keys that it had at first. */
export function unbind(
  command: Bindable,
  commands: readonly Bindable[],
  changes: KeyChanges,
): KeyChanges {
  return bind(command, command.keys ?? "", commands, changes);
}

/** Changes as they were stored; none if that is no such thing. */
export function readChanges(text: string | null, commands: readonly Bindable[]): KeyChanges {
  try {
    const known = new Set(commands.map(({ id }) => id));
    const entries = Object.entries(JSON.parse(text ?? "{}") as Record<string, unknown>);
    return Object.fromEntries(
      entries.filter((entry): entry is [string, string] =>
        known.has(entry[0]) && typeof entry[1] === "string"
      ),
    );
  } catch {
    return {};
  }
}
