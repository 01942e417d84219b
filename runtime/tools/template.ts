/**
 * What a shell command looks like once its variables are replaced: for showing, never for running.
 *
 * @module
 */

/** What replaces each name; insertion order does not matter. */
export type TemplateVariables = Readonly<Record<string, string>>;

const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;

/**
 * Replaces `$NAME` and `${NAME}` where a shell would, as far as the names are known.
 *
 * Everything else stays as it is: unknown names, `$$`, `$1`, `${NAME:-x}`, what stands inside single
 * quotes or behind a backslash. The shell itself expands the real command from the environment; this
 * text must not be run, since inserted values are not quoted.
 *
 * @param template The command.
 * @param variables The variables, as `buildTemplateVariables` gives them.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(resolveTemplate("echo $NAME '$NAME' \\$NAME", { NAME: "rye" }), "echo rye '$NAME' \\$NAME");
 * ```
 */
export function resolveTemplate(template: string, variables: TemplateVariables): string {
  const parts: string[] = [];
  // One quoting context for each open parenthesis: `"$(… '…')"` begins quoting anew.
  const quotes: ("'" | '"' | "")[] = [""];
  let kept = 0;
  let at = 0;
  while (at < template.length) {
    const quote = quotes.at(-1)!;
    const character = template[at]!;
    if (quote === "'") {
      if (character === "'") quotes[quotes.length - 1] = "";
    } else if (character === "\\") at++;
    else if (character === "'" && quote === "") quotes[quotes.length - 1] = "'";
    else if (character === '"') quotes[quotes.length - 1] = quote === '"' ? "" : '"';
    else if (character === "(" && quote === "") quotes.push("");
    else if (character === ")" && quote === "" && quotes.length > 1) quotes.pop();
    else if (character === "$") {
      const next = template[at + 1];
      const variable = next === "(" || next === "$" ? undefined : variableAt(template, at);
      if (next === "(") quotes.push("");
      if (next === "(" || next === "$") at++;
      else if (variable && Object.hasOwn(variables, variable.name)) {
        parts.push(template.slice(kept, at), variables[variable.name]!);
        kept = variable.end;
        at = kept - 1;
      }
    }
    at++;
  }
  parts.push(template.slice(kept));
  return parts.join("");
}

/** The variable that a dollar sign stands before. */
function variableAt(template: string, dollar: number): { name: string; end: number } | undefined {
  const braced = template[dollar + 1] === "{";
  NAME.lastIndex = dollar + (braced ? 2 : 1);
  const name = NAME.exec(template)?.[0];
  if (name === undefined) return undefined;
  const end = NAME.lastIndex;
  if (!braced) return { name, end };
  return template[end] === "}" ? { name, end: end + 1 } : undefined;
}
