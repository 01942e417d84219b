/**
 * Under which keys the output files of a node are.
 *
 * @module
 */
import type { OutputNames } from "../schema/file_storage.ts";
import { InvalidStorageKeyError } from "./error.ts";
import { checkStorageKey, keyPart } from "./storage_key.ts";

/** A value that is sent or received, by where it goes through. */
export interface PlacedValue {
  /** Number of the salvo, in order of sending. */
  readonly salvo: number;
  /** Its output condition. */
  readonly condition: string;
  readonly port: string;
}

/** How files are named. */
export interface FileLayout {
  /** Folder of the node, with the slot if there are several. */
  readonly folder: string;
  /** Extension, with its dot. */
  readonly extension: string;
  readonly names: OutputNames | null;
}

/**
 * Keys of the files of these values, in their order.
 *
 * @throws {InvalidStorageKeyError} If two would have the same.
 */
export function outputKeys(values: readonly PlacedValue[], layout: FileLayout): string[] {
  const severalSalvos = new Set(values.map(({ salvo }) => salvo)).size > 1;
  return numbered(values, layout.extension, ({ condition, port }) => {
    const base = keyPart(layout.names?.get(condition)?.get(port) ?? port);
    const folder = severalSalvos ? `${layout.folder}/${keyPart(condition)}` : layout.folder;
    return `${folder}/${base}`;
  });
}

/** Names of the entries of a bundle of these values, in their order. */
export function bundleEntries(values: readonly PlacedValue[], extension: string): string[] {
  return numbered(
    values,
    extension,
    ({ condition, port }) => `${keyPart(condition)}/${keyPart(port)}`,
  );
}

/** Keys of the files of the inputs that came through these ports, in their order. */
export function inputKeys(
  ports: readonly string[],
  { folder, extension }: Pick<FileLayout, "folder" | "extension">,
): string[] {
  return numbered(ports, extension, (port) => `${folder}/_inputs/${keyPart(port)}`);
}

/** What goes by the same name is numbered. */
function numbered<T>(
  items: readonly T[],
  extension: string,
  nameOf: (item: T) => string,
): string[] {
  const names = items.map(nameOf);
  const counts = Map.groupBy(names, (name) => name);
  const used = new Map<string, number>();
  const keys = names.map((name) => {
    const number = used.get(name) ?? 0;
    used.set(name, number + 1);
    return counts.get(name)!.length === 1 ? name + extension : `${name}_${number}${extension}`;
  });
  const seen = new Set<string>();
  for (const key of keys) {
    checkStorageKey(key);
    if (seen.has(key)) {
      throw new InvalidStorageKeyError(
        key,
        "two values of one epoch would have it; name the ports " +
          "in `output_names` otherwise",
      );
    }
    seen.add(key);
  }
  return keys;
}
