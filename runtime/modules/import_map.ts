/**
 * The project's import map: what bare names of modules stand for.
 *
 * @module
 */

/** The `imports` of a project's `deno.json`. */
export interface ImportMap {
  /** URL of the file that holds it: relative targets start from there. */
  url: string;
  /** Name, or prefix that ends with `/`, to target. */
  imports: Readonly<Record<string, string>>;
}

/** The absolute URL that `specifier` stands for, if the map has it. */
export function mapSpecifier(specifier: string, map: ImportMap): string | undefined {
  if (Object.hasOwn(map.imports, specifier)) return target(map.imports[specifier]!, map);
  let best: string | undefined;
  for (const name of Object.keys(map.imports)) {
    const prefix = prefixOf(name, map.imports[name]!);
    if (prefix !== undefined && specifier.startsWith(prefix)) {
      if (best === undefined || name.length > best.length) best = name;
    }
  }
  if (best === undefined) return undefined;
  const to = map.imports[best]!.replace(/\/?$/, "/");
  return target(to + specifier.slice(best.replace(/\/?$/, "/").length), map);
}

/** A package also maps what lies inside it, as in Deno. */
function prefixOf(name: string, to: string): string | undefined {
  if (name.endsWith("/")) return name;
  return /^(?:jsr|npm):/.test(to) ? `${name}/` : undefined;
}

function target(to: string, map: ImportMap): string | undefined {
  if (/^(?:jsr|npm|node):/.test(to)) return to;
  return URL.canParse(to, map.url) ? new URL(to, map.url).href : undefined;
}
