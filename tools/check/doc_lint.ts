/**
 * `deno doc --lint` over all entry points at once. It calls the types of other packages private, so
 * an import map sends these to an empty module; private types of our own are still found.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import config from "../../deno.json" with { type: "json" };
import { type CommandResult, runDeno } from "./command.ts";

/** The folder of `deno.json`. */
const ROOT = new URL("../../", import.meta.url);
const EMPTY_MODULE = "data:application/javascript,";
const SOURCE_FOLDERS = ["sim", "runtime", "cli", "ui"];

/** Lints the documentation of everything that `deno.json` exports. */
export async function lintDocumentation(): Promise<CommandResult> {
  const map = await Deno.makeTempFile({ suffix: ".json" });
  try {
    const specifiers = await foreignSpecifiers();
    const imports: Record<string, string> = {};
    for (const [name, target] of Object.entries(config.imports)) {
      imports[name] = isForeign(target) ? EMPTY_MODULE : new URL(target, ROOT).href;
    }
    for (const specifier of specifiers) imports[specifier] = EMPTY_MODULE;
    await Deno.writeTextFile(map, JSON.stringify({ imports }));
    return await runDeno(
      ["doc", "--lint", "--import-map", map, ...Object.values(config.exports)],
      { cwd: fileURLToPath(ROOT) },
    );
  } finally {
    await Deno.remove(map);
  }
}

/** Every specifier in our sources that names something of another package. */
async function foreignSpecifiers(): Promise<Set<string>> {
  const names = Object.entries(config.imports)
    .filter(([, target]) => isForeign(target))
    .map(([name]) => name);
  const specifiers = new Set<string>();
  for (const folder of SOURCE_FOLDERS) {
    for await (const text of sourceTexts(new URL(`${folder}/`, ROOT))) {
      for (const [, specifier] of text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\s]+)"/g)) {
        const isNamed = names.some((name) => specifier!.startsWith(`${name}/`));
        if (isNamed || isForeign(specifier!)) specifiers.add(specifier!);
      }
    }
  }
  return specifiers;
}

function isForeign(specifier: string): boolean {
  return specifier.startsWith("npm:") || specifier.startsWith("jsr:");
}

async function* sourceTexts(folder: URL): AsyncGenerator<string> {
  if (!await Deno.stat(folder).then(() => true, () => false)) return;
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isDirectory) yield* sourceTexts(new URL(`${entry.name}/`, folder));
    else if (/\.tsx?$/.test(entry.name)) yield await Deno.readTextFile(new URL(entry.name, folder));
  }
}
