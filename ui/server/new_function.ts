/**
 * Beginning a function for a node: its first version goes to the end of a module.
 *
 * @module
 */
import { relative } from "node:path";
import type { ConfinedFolder } from "./confined_folder.ts";
import { writeAtomically } from "./files.ts";
import { RequestFailure } from "./wire.ts";

const MODULE = /\.(m?)([jt])s$/;

/**
 * Appends a function to a module, which is made if there is none.
 *
 * @param root Absolute path of the folder that references start from.
 * @param module Path of the module from there; without an ending it is TypeScript.
 * @returns The reference of the function.
 * @throws {RequestFailure} `bad_request` if the name or the path will not do, `conflict` if the module
 * declares the name already, `outside_root`.
 */
export async function newFunction(
  folder: ConfinedFolder,
  root: string,
  module: string,
  name: string,
): Promise<{ ref: string; path: string }> {
  if (!isIdentifier(name)) {
    throw new RequestFailure(
      "bad_request",
      `“${name}” cannot be the name of a function: use letters and digits, as in cleanRows`,
    );
  }
  const file = /\.\w+$/.test(module) ? module : `${module}.ts`;
  const kind = MODULE.exec(file);
  if (!kind) {
    throw new RequestFailure("bad_request", `${file} is no module: it ends with .ts or .js`);
  }
  const path = await folder.locate(`${root}/${file}`);
  const before = await readModule(path);
  if (declares(before, name)) {
    throw new RequestFailure("conflict", `${file} has something called ${name} already`);
  }
  const text = before === "" ? "" : `${before.trimEnd()}\n\n`;
  await writeAtomically(path, new TextEncoder().encode(text + stub(name, kind[2] === "t")));
  const place = relative(root, path).replaceAll("\\", "/");
  return { ref: `${place.startsWith("../") ? "" : "./"}${place}::${name}`, path };
}

async function readModule(path: string): Promise<string> {
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return "";
    throw error;
  }
}

/** Whether a text could stand after `function`, also in a module. */
function isIdentifier(name: string): boolean {
  if (!/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return false;
  return !RESERVED.has(name);
}

const RESERVED: ReadonlySet<string> = new Set(
  ("arguments await break case catch class const continue debugger default delete do else enum " +
    "eval export extends false finally for function if implements import in instanceof interface " +
    "let new null package private protected public return static super switch this throw true try " +
    "typeof undefined var void while with yield").split(" "),
);

/** Whether a module may declare or import a name: better asked once too often than broken. */
function declares(text: string, name: string): boolean {
  const word = name.replaceAll("$", "\\$");
  const declaration = new RegExp(
    `(?:\\bfunction\\s*\\*?|\\b(?:const|let|var|class|enum|interface|type|namespace))\\s+${word}(?![\\w$])`,
  );
  const imported = new RegExp(`\\bimport\\b[^;'"]*(?<![\\w$])${word}(?![\\w$])`);
  return declaration.test(text) || imported.test(text);
}

function stub(name: string, hasTypes: boolean): string {
  const signature = hasTypes ? `${name}(input: unknown): unknown` : `${name}(input)`;
  return `/** Says what the node does. */\nexport function ${signature} {\n  return input;\n}\n`;
}
