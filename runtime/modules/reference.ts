/**
 * What a reference to code in a net's configuration stands for.
 *
 * Naming is pure: it looks at no file but through the `exists` it is given, and runs nothing.
 *
 * @module
 */
import { ModuleImportError } from "./error.ts";
import { fileUrl, isAbsolutePath, joinUrl } from "./file_url.ts";
import { type ImportMap, mapSpecifier } from "./import_map.ts";
import { nearestName } from "../schema/nearest_name.ts";

/** A reference, resolved. */
export interface CodeReference {
  /** The reference as written. */
  specifier: string;
  /** Absolute URL of the module; `netrun:NAME` for a built-in factory. */
  url: string;
  /** The export of the module; absent if the whole module is meant. */
  exportName?: string;
  /** Name of the built-in factory, such as `broadcast`. */
  builtIn?: string;
}

/** What {@linkcode resolveReference} goes by. */
export interface ReferenceContext {
  /**
   * `function`: an export of a module. `module`: a module, or one export of it (factories, which
   * may be built-in).
   */
  kind: "function" | "module";
  /** Absolute path or `file:` URL of the folder that relative references start from. */
  projectRoot: string;
  /** The project's import map, for bare names. */
  importMap?: ImportMap;
  /** Tells whether the file of a `file:` URL exists; absent: the first candidate is taken. */
  exists?: (url: string) => boolean;
}

/** Names of the built-in factories. */
export const BUILT_IN_FACTORIES: readonly string[] = [
  "function",
  "broadcast",
  "join",
  "command",
  "read",
  "write",
];

/** Factories of the original system that are among ours, under the names they have there. */
const ORIGINAL_FACTORIES = new Map([
  ["netrun.node_factories.function", "function"],
  ["netrun.node_factories.from_function", "function"],
  ["netrun.node_factories.broadcast", "broadcast"],
  ["netrun.node_factories.join", "join"],
]);

const CODE_EXTENSIONS = ["ts", "mts", "js", "mjs"];
const CODE_FILE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const EXPORT_NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$\u200c\u200d]*$/u;

/** A scheme has two letters or more, so that the drive of `C:\x.ts` is none. */
export const SCHEME: RegExp = /^[a-zA-Z][a-zA-Z0-9+.-]+:/;

/**
 * Finds out which module, and which export of it, a reference stands for.
 *
 * @param ref The reference as written, such as `./nodes.ts::double`.
 * @param context What kind of thing is referred to, and from where.
 * @returns The absolute URL and the export.
 * @throws {ModuleImportError} If the reference is malformed, or names none of the files it may.
 *
 * @example A function in a file of the project
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const reference = resolveReference("./nodes.ts::double", {
 *   kind: "function",
 *   projectRoot: "/home/ada/project",
 * });
 * assertEquals(reference, {
 *   specifier: "./nodes.ts::double",
 *   url: "file:///home/ada/project/nodes.ts",
 *   exportName: "double",
 * });
 * ```
 */
export function resolveReference(ref: string, context: ReferenceContext): CodeReference {
  const builtIn = builtInFactory(ref);
  if (builtIn !== undefined) {
    if (context.kind === "module") return { specifier: ref, url: `netrun:${builtIn}`, builtIn };
    throw refuse(ref, "it names a factory where a function is needed; write `./file.ts::name`");
  }
  const { module, exportName } = splitExport(ref);
  if (module === "") throw refuse(ref, "it names no module; write `./file.ts::name`");
  const url = mappedUrl(module, context) ??
    (isDotted(ref, module) ? undefined : moduleUrl(ref, module, context));
  if (url === undefined) return dottedReference(ref, context);
  if (exportName !== undefined) return { specifier: ref, url, exportName };
  if (context.kind === "module") return { specifier: ref, url };
  throw refuse(ref, `it names a module but no function in it; write \`${ref}::name\``, url);
}

function builtInFactory(ref: string): string | undefined {
  const original = ORIGINAL_FACTORIES.get(ref);
  if (original !== undefined) return original;
  const name = /^netrun(?::|\.node_factories\.)(.*)$/s.exec(ref)?.[1];
  if (name === undefined || BUILT_IN_FACTORIES.includes(name) && ref.startsWith("netrun:")) {
    return name;
  }
  const near = nearestName(name, BUILT_IN_FACTORIES);
  throw refuse(
    ref,
    `there is no built-in factory \`${name}\`${
      near ? ` (did you mean \`netrun:${near}\`?)` : ""
    }; ` +
      `the built-in ones are ${BUILT_IN_FACTORIES.map((known) => `netrun:${known}`).join(", ")}`,
  );
}

/** Splits at the last `::`, unless that belongs to a URL (`http://[::1]/x.ts`). */
function splitExport(ref: string): { module: string; exportName?: string } {
  const at = ref.lastIndexOf("::");
  if (at < 0) return { module: ref };
  const exportName = ref.slice(at + 2);
  if (/[\]/\\]/.test(exportName)) return { module: ref };
  if (!EXPORT_NAME.test(exportName)) {
    throw refuse(ref, `\`${exportName}\` after \`::\` is not the name of an export`);
  }
  return { module: ref.slice(0, at), exportName };
}

function mappedUrl(module: string, { importMap }: ReferenceContext): string | undefined {
  const bare = !/^[./\\]/.test(module) && !SCHEME.test(module) && !isAbsolutePath(module);
  return bare && importMap ? mapSpecifier(module, importMap) : undefined;
}

function isDotted(ref: string, module: string): boolean {
  return !ref.includes("::") && !/^\.|[/\\]/.test(module) && !SCHEME.test(module);
}

/** The URL of a module named by URL, package or path. */
function moduleUrl(ref: string, module: string, context: ReferenceContext): string {
  if (SCHEME.test(module)) {
    if (!URL.canParse(module)) throw refuse(ref, `\`${module}\` is not a valid URL`);
    // Packages stay as they are written: a URL parser would escape their version ranges.
    if (/^(?:jsr|npm|node):/.test(module)) return module;
    if (!module.startsWith("file:")) return new URL(module).href;
  }
  const url = isAbsolutePath(module) || module.startsWith("file:")
    ? fileUrl(module)
    : joinUrl(context.projectRoot, module);
  return url.endsWith(".py") ? siblingOfPython(ref, url, context) : url;
}

/** The module that stands in for a Python file of a net shared with the original system. */
function siblingOfPython(ref: string, url: string, context: ReferenceContext): string {
  const stem = url.slice(0, -".py".length);
  const found = probe(CODE_EXTENSIONS.map((extension) => `${stem}.${extension}`), context);
  if (found !== undefined) return found;
  throw refuse(
    ref,
    `Python files cannot be run here; write its functions in TypeScript, in \`${stem}.ts\` beside it`,
    url,
  );
}

/** `pkg.nodes.double`: the export `double` of `pkg/nodes.ts`; as a module, `pkg/nodes/double.ts`. */
function dottedReference(ref: string, context: ReferenceContext): CodeReference {
  const parts = ref.split(".");
  const exportName = context.kind === "function" ? parts.pop()! : undefined;
  if (parts.length === 0 || !parts.every((part) => EXPORT_NAME.test(part))) {
    throw refuse(ref, `${dottedHint(ref, context)}write \`./file.ts::name\` or \`file.name\``);
  }
  if (exportName !== undefined && !EXPORT_NAME.test(exportName)) {
    throw refuse(ref, `\`${exportName}\` after the last dot is not the name of an export`);
  }
  const stem = joinUrl(context.projectRoot, parts.join("/"));
  const candidates = [
    ...CODE_EXTENSIONS.map((extension) => `${stem}.${extension}`),
    `${stem}/mod.ts`,
  ];
  const url = probe(candidates, context);
  if (url === undefined) {
    throw refuse(
      ref,
      `${dottedHint(ref, context)}none of these files exists: ${candidates.join(", ")}`,
      candidates[0],
    );
  }
  return { specifier: ref, url, ...(exportName === undefined ? {} : { exportName }) };
}

function dottedHint(ref: string, context: ReferenceContext): string {
  if (!CODE_FILE.test(ref)) return "";
  const suffix = context.kind === "function" ? "::name" : "";
  return `a file is written with a leading \`./\`: \`./${ref}${suffix}\`; as a dotted name, `;
}

function probe(candidates: string[], { exists }: ReferenceContext): string | undefined {
  return exists ? candidates.find(exists) : candidates[0];
}

function refuse(specifier: string, reason: string, resolvedUrl?: string): ModuleImportError {
  return new ModuleImportError(`Cannot resolve \`${specifier}\`: ${reason}`, {
    specifier,
    ...(resolvedUrl === undefined ? {} : { resolvedUrl }),
  });
}
