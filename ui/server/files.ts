/**
 * Net files in the folder of the studio: listing, reading, writing.
 *
 * @module
 */
import { basename, dirname, join } from "node:path";
import {
  decodeNetText,
  type NetTextFormat,
  parseNetText,
} from "../../runtime/schema/text/net_text.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import { formatNetText } from "../../runtime/schema/text/format_net_text.ts";
import { sameData } from "../model/document.ts";
import type { ConfinedFolder } from "./confined_folder.ts";
import { issuesOf, RequestFailure } from "./wire.ts";

/** Something in a folder. */
export interface FolderEntry {
  name: string;
  /** From the root. */
  path: string;
  is_dir: boolean;
  is_netrun_file: boolean;
}

/** A net file as it was read. */
export interface ReadFile {
  path: string;
  format: NetTextFormat;
  document: unknown;
  text: string;
  /** Names the content: whoever writes the file says which content is replaced. */
  etag: string;
}

const NET_FILE = /(?:^|\.)(?:netrun|graph)\.(?:json|toml)$/i;

/** Whether a file is one of nets by its name. */
export function isNetFile(path: string): boolean {
  return NET_FILE.test(basename(path));
}

/** The format that an extension means. */
export function formatOfPath(path: string): NetTextFormat {
  const extension = path.slice(path.lastIndexOf(".") + 1).toLowerCase();
  if (extension === "json" || extension === "toml") return extension;
  throw new RequestFailure("bad_request", `${path} is neither a .json nor a .toml file`);
}

/** What is in a folder, folders first. */
export async function listFolder(
  folder: ConfinedFolder,
  path: string,
  includeHidden: boolean,
): Promise<{ path: string; parent?: string; entries: FolderEntry[] }> {
  const place = await folder.locate(path);
  const entries: FolderEntry[] = [];
  for await (const { name, isDirectory, isSymlink } of Deno.readDir(place)) {
    if (!includeHidden && (name.startsWith(".") || name === "node_modules")) continue;
    const isFolder = isDirectory || isSymlink && await leadsToFolder(folder, join(place, name));
    entries.push({
      name,
      path: folder.relative(join(place, name)),
      is_dir: isFolder,
      is_netrun_file: !isFolder && isNetFile(name),
    });
  }
  entries.sort((a, b) =>
    Number(b.is_dir) - Number(a.is_dir) || a.name.localeCompare(b.name, "en", { numeric: true })
  );
  const own = folder.relative(place);
  return {
    path: own,
    ...(own === "" ? {} : { parent: folder.relative(dirname(place)) }),
    entries,
  };
}

async function leadsToFolder(folder: ConfinedFolder, path: string): Promise<boolean> {
  try {
    return (await Deno.stat(await folder.locate(path))).isDirectory;
  } catch {
    return false;
  }
}

/** The first net file, by a sorted walk. */
export async function firstNetFile(folder: ConfinedFolder): Promise<string | undefined> {
  let visited = 0;
  const visit = async (path: string): Promise<string | undefined> => {
    if (++visited > 500) return undefined;
    const { entries } = await listFolder(folder, path, false);
    const own = entries.find(({ is_netrun_file }) => is_netrun_file);
    if (own) return own.path;
    for (const { is_dir, path: inner } of entries) {
      const found = is_dir ? await visit(inner) : undefined;
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return await visit("");
}

/** Reads a file of a net, or of a graph that a net names. */
export async function readNetFile(folder: ConfinedFolder, path: string): Promise<ReadFile> {
  const place = await folder.locate(path);
  const format = formatOfPath(place);
  const bytes = await Deno.readFile(place);
  const own = folder.relative(place);
  const text = decodeNetText(bytes, { file: own });
  const { data } = parse(text, format, own);
  if (!(data instanceof Map)) {
    throw new RequestFailure("invalid_config", `${own} holds no object, so it is no net`);
  }
  return { path: own, format, document: data, text, etag: await etagOf(bytes) };
}

/** Reads a text; what is wrong with it is told together with the text, for showing the place. */
function parse(text: string, format: NetTextFormat, file: string): { data: unknown } {
  try {
    return parseNetText(text, format, { file });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    throw new RequestFailure("invalid_config", error.issues[0]?.message ?? error.message, {
      issues: issuesOf(error),
      text,
    });
  }
}

/** How a file is written. */
export interface SaveOptions {
  /** The content that is replaced; without it whatever is there. */
  ifMatch?: string | undefined;
  /** The file must be a new one. */
  create?: boolean | undefined;
}

/**
 * Writes a net, keeping of the text that was there what can be kept.
 *
 * @throws {RequestFailure} `conflict` if the file is not the one that is to be replaced.
 */
export async function saveNetFile(
  folder: ConfinedFolder,
  path: string,
  document: unknown,
  { ifMatch, create }: SaveOptions,
): Promise<{ path: string; etag: string; warnings: string[] }> {
  const place = await folder.locate(path);
  const format = formatOfPath(place);
  const old = await Deno.readFile(place).catch(ifMissing);
  if (create && old) throw new RequestFailure("conflict", `There is a file ${path} already`);
  if (!old && !isNetFile(place)) {
    throw new RequestFailure(
      "bad_request",
      "Net files are called NAME.netrun.json, NAME.netrun.toml, or NAME.graph.json",
    );
  }
  if (ifMatch !== undefined && (!old || await etagOf(old) !== ifMatch)) {
    throw new RequestFailure(
      "conflict",
      old ? `${path} was changed by someone else` : `${path} is gone`,
      { exists: old !== undefined },
    );
  }
  if (old && saysTheSame(old, format, document)) {
    return { path: folder.relative(place), etag: await etagOf(old), warnings: [] };
  }
  const warnings: string[] = [];
  const over = old && new TextDecoder("utf-8", { ignoreBOM: true }).decode(old);
  const text = formatNetText(document, format, {
    ...(over === undefined ? {} : { over }),
    warn: ({ message }) => warnings.push(message),
  });
  const bytes = new TextEncoder().encode(text);
  await writeAtomically(place, bytes);
  return { path: folder.relative(place), etag: await etagOf(bytes), warnings };
}

/** Whether a file holds this data already: then its very bytes stay. */
function saysTheSame(bytes: Uint8Array, format: NetTextFormat, document: unknown): boolean {
  try {
    return sameData(parseNetText(decodeNetText(bytes), format).data, document);
  } catch {
    return false;
  }
}

/** A file is replaced as a whole: whoever reads it sees the old content or the new one. */
export async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  const draft = join(dirname(path), `.${basename(path)}.${crypto.randomUUID().slice(0, 8)}.tmp`);
  try {
    const mode = await Deno.stat(path).then((info) => info.mode, () => null);
    await Deno.writeFile(draft, bytes, mode === null ? {} : { mode: mode & 0o777 });
    await Deno.rename(draft, path);
  } catch (error) {
    await Deno.remove(draft).catch(() => {});
    throw error;
  }
}

/** Gives a net file another name or place. */
export async function moveNetFile(
  folder: ConfinedFolder,
  from: string,
  to: string,
): Promise<{ path: string }> {
  const [source, target] = [await folder.locate(from), await folder.locate(to)];
  if (!isNetFile(source) || !isNetFile(target)) {
    throw new RequestFailure("bad_request", "Only net files can be moved, to names of net files");
  }
  if (formatOfPath(source) !== formatOfPath(target)) {
    throw new RequestFailure("bad_request", "Renaming does not convert: keep the extension");
  }
  if (await Deno.lstat(target).then(() => true, () => false)) {
    throw new RequestFailure("conflict", `There is a file ${to} already`);
  }
  await Deno.mkdir(dirname(target), { recursive: true });
  await Deno.rename(source, target);
  return { path: folder.relative(target) };
}

/** Moves a net file to the trash of the project, where it can be found again. */
export async function trashNetFile(
  folder: ConfinedFolder,
  path: string,
): Promise<{ trash: string }> {
  const place = await folder.locate(path);
  if (!isNetFile(place)) throw new RequestFailure("bad_request", "Only net files can be deleted");
  const trash = await folder.locate(join(".netrun", "trash"));
  await Deno.mkdir(trash, { recursive: true });
  const target = join(trash, `${crypto.randomUUID().slice(0, 8)}-${basename(place)}`);
  await Deno.rename(place, target);
  return { trash: folder.relative(target) };
}

function ifMissing(error: unknown): undefined {
  if (error instanceof Deno.errors.NotFound) return undefined;
  throw error;
}

/** A name for content: 128 bits of its SHA-256. */
export async function etagOf(bytes: Uint8Array): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-256", bytes as BufferSource);
  return new Uint8Array(hash).subarray(0, 16).toHex();
}
