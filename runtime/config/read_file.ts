/**
 * Reading configuration files.
 *
 * @module
 */
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { ConfigFileError } from "../schema/error.ts";
import type { ConfigIssue } from "../schema/issue.ts";
import { decodeNetText, type NetText, parseNetText } from "../schema/text/net_text.ts";

/** A file that was read. */
export interface ConfigFile {
  /** Its absolute path; real, unless links were to be kept. */
  filePath: string;
  /** What it holds. */
  text: NetText;
  /** The same as it is written. */
  source: string;
}

/**
 * Reads a `.json` or `.toml` file.
 *
 * @param path Path from the working folder, or a `file:` URL.
 * @param options `keepSymlinks`: leave links in the path as they are.
 * @throws {ConfigFileError} `not_found`, `denied`, `unsupported_format`, and what reading the text
 * gives.
 */
export async function readConfigFile(
  path: string | URL,
  options: { keepSymlinks?: boolean | undefined } = {},
): Promise<ConfigFile> {
  const written = resolve(
    path instanceof URL || path.startsWith("file:") ? fileURLToPath(path) : path,
  );
  let filePath = written;
  let bytes: Uint8Array;
  try {
    if (!options.keepSymlinks) filePath = await Deno.realPath(written);
    bytes = await Deno.readFile(filePath);
  } catch (cause) {
    throw new ConfigFileError([readProblem(written, cause)], { filePath: written, cause });
  }
  const format = formatOf(filePath);
  if (format === undefined) {
    const message = "the file must be called .json or .toml to be read as a net";
    throw new ConfigFileError([problem("unsupported_format", message, filePath)], { filePath });
  }
  const source = decodeNetText(bytes, { file: filePath });
  return { filePath, text: parseNetText(source, format, { file: filePath }), source };
}

/** The format that a file's extension says; undefined for any other. */
export function formatOf(filePath: string): "json" | "toml" | undefined {
  const extension = /\.(json|toml)$/i.exec(filePath)?.[1]?.toLowerCase();
  return extension as "json" | "toml" | undefined;
}

function readProblem(filePath: string, error: unknown): ConfigIssue {
  if (error instanceof Deno.errors.NotFound) {
    return problem("not_found", "there is no such file", filePath);
  }
  if (error instanceof Deno.errors.NotCapable || error instanceof Deno.errors.PermissionDenied) {
    const message =
      `the file must not be read: allow it, for example with --allow-read=${filePath}`;
    return problem("denied", message, filePath);
  }
  const reason = error instanceof Error ? error.message : String(error);
  return problem("not_found", `the file cannot be read: ${reason}`, filePath);
}

function problem(code: string, message: string, file: string): ConfigIssue {
  return { code, path: [], message, severity: "error", file };
}
