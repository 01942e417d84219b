/**
 * The actions that a net offers.
 *
 * @module
 */
import { asObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, valueAtPath } from "../model/document.ts";
import type { Tab } from "./studio.ts";

/** The actions of the net, or of a node, that can be run as they are written. */
export function actionsOf(
  tab: Tab,
  owner: ConfigPath = ["graph"],
): { id: string; label: string; command: string }[] {
  const actions = valueAtPath(tab.history.data, [...owner, "extra", "ui", "actions"]);
  return (Array.isArray(actions) ? actions : []).flatMap((item) => {
    const [id, label, command] = ["id", "label", "command"].map((key) => asObject(item)?.get(key));
    const isWhole = typeof id === "string" && typeof label === "string" &&
      typeof command === "string";
    return isWhole ? [{ id, label, command }] : [];
  });
}
