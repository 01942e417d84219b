/**
 * Showing the code of a node in the person's editor.
 *
 * @module
 */
import { asObject, valueAt } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, valueAtPath } from "../model/document.ts";
import { textOf } from "../model/node_view.ts";
import { call, NEEDS_SERVER } from "./api.ts";
import { projectFolder } from "./factory_info.ts";
import { say, sayError, studio, type Tab } from "./studio.ts";

/** Whether a node names code of the project, and if so why that cannot be shown now. */
export function canOpenSource(
  tab: Tab,
  path: ConfigPath,
): { off: string | undefined } | undefined {
  if (referenceOf(tab, path) === undefined) return undefined;
  return { off: studio().isAlone ? NEEDS_SERVER : undefined };
}

/** Opens the editor at the function or module that a node names. */
export async function openSource(tab: Tab, path: ConfigPath): Promise<void> {
  const ref = referenceOf(tab, path);
  if (ref === undefined) return;
  try {
    const place = await call("/open-source", { ref, project_root: projectFolder(tab) });
    say(`Opened ${place.get("path")}:${place.get("line")}`);
  } catch (error) {
    sayError(error);
  }
}

/** What a node says its code is: its function, that of a function node, or its factory. */
function referenceOf(tab: Tab, path: ConfigPath): string | undefined {
  const node = asObject(valueAtPath(tab.history.data, path));
  const named = [
    valueAt(node, "execution_config", "exec_node_func"),
    valueAt(node, "factory_args", "func"),
    node?.get("factory"),
  ].map(textOf);
  return named.find((ref) => ref !== undefined && !ref.startsWith("netrun"));
}
