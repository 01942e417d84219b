/**
 * Showing the source of a node in the user's editor.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { basename } from "node:path";
import { ModuleLoader } from "../../runtime/modules/loader.ts";
import { ModuleImportError } from "../../runtime/modules/error.ts";
import type { ConfinedFolder } from "./confined_folder.ts";
import { RequestFailure } from "./wire.ts";

/** A line of a file. */
export interface SourcePlace {
  /** Absolute path. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** How editors take a line; of others only the file is asked for. */
const LINE_ARGUMENTS: readonly (readonly [RegExp, (place: SourcePlace) => string[]])[] = [
  [
    /^(?:code|code-insiders|codium|cursor|windsurf)$/,
    ({ path, line }) => ["--goto", `${path}:${line}`],
  ],
  [/^(?:subl|sublime_text|zed|zeditor|lapce|lite-xl)$/, ({ path, line }) => [`${path}:${line}`]],
  [
    /^(?:idea|webstorm|pycharm|phpstorm|fleet)(?:64)?$/,
    ({ path, line }) => ["--line", `${line}`, path],
  ],
  [/^(?:emacs|emacsclient|gvim|mvim|gedit|xed|mousepad)$/, ({ path, line }) => [`+${line}`, path]],
  [/^kate$/, ({ path, line }) => ["--line", `${line}`, path]],
];

/** Editors that need a terminal, which the studio has none of. */
const TERMINAL_EDITORS = /^(?:vi|vim|nvim|nano|pico|hx|helix|kak|micro|ed|ex|joe|mcedit|ne|jed)$/;

/**
 * The command that shows a place: of the environment's `VISUAL` and `EDITOR` the first with a window,
 * else Visual Studio Code. It is a list of arguments and never goes through a shell.
 */
export function editorCommand(
  place: SourcePlace,
  env: { get(name: string): string | undefined } = Deno.env,
): string[] {
  const commands = [env.get("VISUAL"), env.get("EDITOR")].map((text) => wordsOf(text ?? ""));
  const hasWindow = ([program]: string[]) =>
    program !== undefined && !TERMINAL_EDITORS.test(nameOf(program));
  const [program, ...args] = commands.find(hasWindow) ?? ["code"];
  const [, argumentsOf] = LINE_ARGUMENTS.find(([editor]) => editor.test(nameOf(program!))) ?? [];
  return [program!, ...args, ...argumentsOf?.(place) ?? [place.path]];
}

function nameOf(program: string): string {
  return basename(program.replaceAll("\\", "/")).replace(/\.(?:exe|cmd|bat)$/i, "");
}

/** Words of a command, quotes taken off. */
function wordsOf(text: string): string[] {
  return [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? "");
}

/**
 * The file and line of a reference such as `./nodes.ts::double`.
 *
 * @throws {RequestFailure} If it leads to no file of the folder.
 */
export async function sourceOf(
  folder: ConfinedFolder,
  ref: string,
  projectRoot: string,
): Promise<SourcePlace> {
  let url: string;
  let exportName: string | undefined;
  try {
    ({ url, exportName } = new ModuleLoader({ projectRoot }).resolve(ref, "module"));
  } catch (error) {
    if (!(error instanceof ModuleImportError)) throw error;
    throw new RequestFailure("not_found", error.message);
  }
  if (!url.startsWith("file:")) {
    throw new RequestFailure("not_found", `${ref} is no file of this folder: ${url}`);
  }
  const path = await folder.locate(fileURLToPath(url));
  const text = await Deno.readTextFile(path);
  return { path, line: exportName === undefined ? 1 : lineOfExport(text, exportName) };
}

/** The line that declares an export; the first if none is found. */
function lineOfExport(text: string, name: string): number {
  const lines = text.split("\n");
  const escaped = name.replaceAll("$", "\\$");
  const declaration = new RegExp(
    name === "default"
      ? "^\\s*export\\s+default\\b"
      : `^\\s*(?:export\\s+)?(?:async\\s+)?(?:function\\*?|const|let|var|class)\\s+${escaped}(?![\\w$])`,
  );
  return Math.max(0, lines.findIndex((line) => declaration.test(line))) + 1;
}

/** Opens the editor, without waiting for it. */
export function openEditor(place: SourcePlace): void {
  const [program, ...args] = editorCommand(place);
  try {
    new Deno.Command(program!, { args, stdin: "null", stdout: "null", stderr: "null" })
      .spawn().unref();
  } catch (cause) {
    throw new RequestFailure(
      "not_found",
      `There is no editor ${program}: set VISUAL to the command of one that has a window`,
      { cause: `${cause}` },
    );
  }
}
