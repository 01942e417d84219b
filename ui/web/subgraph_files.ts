/**
 * Moving the nodes of subgraphs to files of their own, and back.
 *
 * @module
 */
import { asObject } from "../../runtime/tools/raw_net.ts";
import type { DrawnNode } from "../model/graph_view.ts";
import { graphFile, moveInPlace, moveToFile } from "../model/edit_subgraph_source.ts";
import { call } from "./api.ts";
import { edit } from "./editing.ts";
import { say, sayError, type Tab } from "./studio.ts";

/** Where a new file for a subgraph goes: beside the file that is open, in its format. */
export function fileForSubgraph({ path }: Tab, { view }: DrawnNode): string {
  const format = path?.endsWith(".toml") ? "toml" : "json";
  return `${view.name.replaceAll(/[^\w.-]+/g, "_") || "part"}.graph.${format}`;
}

/** Writes the nodes of a subgraph to a file, from the folder of the open one. */
export async function splitSubgraph(tab: Tab, node: DrawnNode, file: string): Promise<void> {
  try {
    const folder = tab.path?.includes("/") ? tab.path.slice(0, tab.path.lastIndexOf("/") + 1) : "";
    await call("/files/save", {
      path: folder + file,
      document: graphFile(tab.history.data, node.path),
      create: true,
    });
    if (edit("Move to a file", (draft) => moveToFile(draft, node.path, file))) {
      say(`Wrote ${folder}${file}; save this file too, so that it names the new one`);
    }
  } catch (error) {
    sayError(error);
  }
}

/** Takes the nodes of a subgraph's file into the open one; the file stays. */
export async function joinSubgraph(tab: Tab, node: DrawnNode): Promise<void> {
  try {
    const answer = await call("/subgraphs/resolve", {
      path: node.view.path,
      base_path: tab.path ?? "",
    });
    const document = asObject(answer.get("document"))!;
    edit("Take in from a file", (draft) => moveInPlace(draft, node.path, document));
  } catch (error) {
    sayError(error);
  }
}
