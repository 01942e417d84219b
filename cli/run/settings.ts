/**
 * `--set`: values of the net file that a run replaces.
 *
 * @module
 */
import { readConfigFile } from "../../runtime/config/read_file.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type CommandCall, CommandError, type Option } from "../command.ts";
import { parseGivenJson } from "../edit.ts";
import { splitAssignment } from "../variables.ts";

/** The option. */
export const setOption: Option = {
  name: "set",
  value: "PATH=JSON",
  many: true,
  help: "replace a value of the net file, such as graph.nodes[clean].execution_config.retries=2",
};

/**
 * Top-level values of the file with what `--set` replaces.
 *
 * @throws {CommandError} If a path leads nowhere.
 */
export async function givenSettings(
  call: CommandCall,
  file: string,
): Promise<Record<string, unknown>> {
  const settings = call.values("set");
  if (settings.length === 0) return {};
  const { text } = await readConfigFile(file);
  const net = asObject(text.data) ?? new Map<string, unknown>();
  const replaced: Record<string, unknown> = {};
  for (const setting of settings) {
    const [path, json] = splitAssignment("set", setting, "PATH=JSON");
    const steps = parsePath(path);
    setAt(net, steps, parseGivenJson(json, `--set ${path}`), path);
    const [top] = steps;
    replaced[String(top)] = net.get(String(top));
  }
  return replaced;
}

/** `a.b[0]["c d"][name]` as steps: keys, indexes, and names of list items. */
function parsePath(path: string): string[] {
  const steps = [...path.matchAll(/\["([^"]*)"\]|\[([^\]]*)\]|([^.[\]]+)/g)]
    .map(([, quoted, bracketed, plain]) => quoted ?? bracketed ?? plain!);
  if (steps.length === 0) throw new CommandError(`--set takes PATH=JSON, got ${path}`);
  return steps;
}

function setAt(net: RawObject, steps: readonly string[], value: unknown, path: string): void {
  let holder: unknown = net;
  for (const [i, step] of steps.entries()) {
    const isLast = i === steps.length - 1;
    if (Array.isArray(holder)) {
      const index = indexOf(holder, step);
      if (index < 0) throw new CommandError(`--set ${path}: there is no item ${step}`);
      if (isLast) holder[index] = value;
      else holder = holder[index];
    } else if (holder instanceof Map) {
      if (isLast) holder.set(step, value);
      else if (!holder.has(step)) holder.set(step, holder = new Map());
      else holder = holder.get(step);
    } else throw new CommandError(`--set ${path}: ${steps[i - 1]} holds no ${step}`);
  }
}

/** Index of the item with that number or name; the end of the list for the number after the last. */
function indexOf(list: readonly unknown[], step: string): number {
  const named = list.findIndex((item) => asObject(item)?.get("name") === step);
  if (named >= 0) return named;
  const index = /^\d+$/.test(step) ? Number(step) : -1;
  return index <= list.length ? index : -1;
}
