/**
 * Files that the person picked: read and, where the browser can, written in their place; elsewhere a
 * save is a download.
 *
 * @module
 */
import { ApiError } from "./api.ts";

/** Handles of the File System Access interface, which not every browser has. */
interface FileHandle {
  readonly name: string;
  getFile(): Promise<File>;
  createWritable(): Promise<{ write(text: string): Promise<void>; close(): Promise<void> }>;
}

interface Pickers {
  showOpenFilePicker?(options: object): Promise<FileHandle[]>;
  showSaveFilePicker?(options: object): Promise<FileHandle>;
}

interface PickedFile {
  /** Writes in place; without it a save is a download. */
  handle: FileHandle | undefined;
  text: string;
  etag: string;
}

const pickers = globalThis as unknown as Pickers;
const TYPES = [{
  description: "Nets",
  accept: { "application/json": [".json"], "application/toml": [".toml"] },
}];

/** The files of this page, by the names under which they are open. */
class PickedFiles {
  readonly #files = new Map<string, PickedFile>();

  /** Lets the person pick files; returns their names. */
  async pick(): Promise<string[]> {
    if (!pickers.showOpenFilePicker) return await this.#add(await chooseFiles());
    const handles = await pickers.showOpenFilePicker({ types: TYPES, multiple: true })
      .catch(ignoreAbort);
    const files = await Promise.all((handles ?? []).map(async (handle) => ({
      file: await handle.getFile(),
      handle,
    })));
    return await this.#add(files);
  }

  /** What is open, as the server lists folders. */
  list(): Map<string, unknown>[] {
    return [...this.#files.keys()].map((name) =>
      new Map<string, unknown>([
        ["name", name],
        ["path", name],
        ["is_dir", false],
        ["is_netrun_file", true],
      ])
    );
  }

  /** The content as it is now. */
  async read(name: string): Promise<{ text: string; etag: string }> {
    const known = this.#files.get(name);
    if (!known) throw new ApiError("not_found", `${name} is not open: pick it again`);
    if (known.handle) Object.assign(known, await contentOf(await known.handle.getFile()));
    return known;
  }

  /** Writes a file; one that was not picked goes where the person says. */
  async write(name: string, text: string): Promise<{ etag: string }> {
    const known = this.#files.get(name);
    const handle = known?.handle ?? await this.#newHandle(name);
    if (handle) {
      const writable = await handle.createWritable();
      await writable.write(text);
      await writable.close();
      const content = await contentOf(await handle.getFile());
      this.#files.set(name, { handle, ...content });
      return content;
    }
    download(name, text);
    const etag = `${(Number(known?.etag) || 0) + 1}`;
    this.#files.set(name, { handle: undefined, text, etag });
    return { etag };
  }

  async #newHandle(name: string): Promise<FileHandle | undefined> {
    if (!pickers.showSaveFilePicker) return undefined;
    const handle = await pickers.showSaveFilePicker({ suggestedName: name, types: TYPES })
      .catch(ignoreAbort);
    if (!handle) throw new ApiError("aborted", "Nothing was saved");
    return handle;
  }

  async #add(
    picked: readonly { file: File; handle: FileHandle | undefined }[],
  ): Promise<string[]> {
    const names: string[] = [];
    for (const { file, handle } of picked) {
      this.#files.set(file.name, { handle, ...await contentOf(file) });
      names.push(file.name);
    }
    return names;
  }
}

/** The files of this page. */
export const openFiles: PickedFiles = new PickedFiles();

async function contentOf(file: File): Promise<{ text: string; etag: string }> {
  return { text: await file.text(), etag: `${file.lastModified}-${file.size}` };
}

/** The picker that every browser has: it gives content, and no way to write. */
function chooseFiles(): Promise<{ file: File; handle: undefined }[]> {
  const input = document.createElement("input");
  Object.assign(input, { type: "file", multiple: true, accept: ".json,.toml" });
  return new Promise((resolve) => {
    input.onchange = () =>
      resolve([...input.files ?? []].map((file) => ({ file, handle: undefined })));
    input.oncancel = () => resolve([]);
    input.click();
  });
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function ignoreAbort(error: unknown): undefined {
  if (error instanceof DOMException && error.name === "AbortError") return undefined;
  throw error;
}
