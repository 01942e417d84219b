/**
 * What naming and allowing code need to know of the disk.
 *
 * @module
 */
import { fileUrl, joinUrl } from "./file_url.ts";
import type { ImportMap } from "./import_map.ts";

/** Whether the file of a `file:` URL exists. */
export function fileExists(url: string): boolean {
  try {
    return Deno.statSync(new URL(url)).isFile;
  } catch {
    return false;
  }
}

/** The URL of the file or folder that a `file:` URL leads to over links, if it exists. */
export function realUrl(url: string): string | undefined {
  try {
    return fileUrl(Deno.realPathSync(new URL(url)));
  } catch {
    return undefined;
  }
}

/** The URLs of the files beside a file, or none if their folder does not exist. */
export function filesBeside(url: string): string[] {
  const folder = new URL("./", url);
  try {
    return [...Deno.readDirSync(folder)].filter(({ isFile }) => isFile)
      .map(({ name }) => joinUrl(folder.href, name));
  } catch {
    return [];
  }
}

/**
 * The import map of a project: `imports` of its `deno.json`, or of the file that names.
 *
 * @returns The map; undefined if the project has none.
 * @throws {SyntaxError} If the file is no JSON.
 */
export function readImportMap(projectRoot: string): ImportMap | undefined {
  for (const name of ["deno.json", "deno.jsonc"]) {
    const url = joinUrl(projectRoot, name);
    const config = readJson(url);
    if (!config) continue;
    const other = config.importMap;
    if (typeof other !== "string" || config.imports) return importMapOf(config, url);
    const mapUrl = new URL(other, url).href;
    return mapUrl.startsWith("file:") ? importMapOf(readJson(mapUrl), mapUrl) : undefined;
  }
}

function importMapOf(
  config: Record<string, unknown> | undefined,
  url: string,
): ImportMap | undefined {
  const imports = config?.imports;
  if (typeof imports !== "object" || imports === null) return undefined;
  const entries = Object.entries(imports).filter(([, target]) => typeof target === "string");
  return { url, imports: Object.fromEntries(entries) };
}

function readJson(url: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = Deno.readTextFileSync(new URL(url));
  } catch {
    return undefined;
  }
  try {
    const data: unknown = JSON.parse(withoutComments(text));
    return typeof data === "object" && data !== null ? data as Record<string, unknown> : undefined;
  } catch (cause) {
    throw new SyntaxError(`${url} is not valid JSON: ${(cause as Error).message}`, { cause });
  }
}

/** JSON with comments and trailing commas, as Deno reads it, made plain JSON. */
function withoutComments(text: string): string {
  const noComments = text.replace(
    /("(?:[^"\\]|\\.)*")|\/\*.*?\*\/|\/\/[^\n]*/gs,
    (_, quoted?: string) => quoted ?? "",
  );
  return noComments.replace(
    /("(?:[^"\\]|\\.)*")|,(\s*[}\]])/g,
    (_, quoted?: string, end?: string) => quoted ?? end ?? "",
  );
}
