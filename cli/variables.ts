/**
 * `--var` and `--node-var`: values for variables that a net file declares.
 *
 * @module
 */
import { type CommandCall, CommandError, type Option } from "./command.ts";

/** The options. */
export const variableOptions: readonly Option[] = [
  { name: "var", value: "NAME=VALUE", many: true, help: "set a variable that the file declares" },
  {
    name: "node-var",
    value: "NODE:NAME=VALUE",
    many: true,
    help: "set a variable that a node declares",
  },
];

/** The loading options that the variables of a call amount to. */
export function variablesOf(
  call: CommandCall,
): { globalNodeVars: Record<string, string>; nodeVars: [string, Record<string, string>][] } {
  const globalNodeVars = Object.fromEntries(
    call.values("var").map((text) => splitAssignment("var", text, "NAME=VALUE")),
  );
  const nodeVars = call.values("node-var").map((text): [string, Record<string, string>] => {
    const [place, value] = splitAssignment("node-var", text, "NODE:NAME=VALUE");
    const colon = place.lastIndexOf(":");
    if (colon < 1) throw new CommandError(`--node-var takes NODE:NAME=VALUE, got ${text}`);
    return [place.slice(0, colon), { [place.slice(colon + 1)]: value }];
  });
  return { globalNodeVars, nodeVars };
}

/**
 * Splits `left=right` at the first `=`.
 *
 * @throws {CommandError} If there is no `=` or nothing before it.
 */
export function splitAssignment(option: string, text: string, form: string): [string, string] {
  const at = text.indexOf("=");
  if (at < 1) throw new CommandError(`--${option} takes ${form}, got ${text}`);
  return [text.slice(0, at), text.slice(at + 1)];
}
