/**
 * What there is to know of the selected node.
 *
 * @module
 */
import type { RawObject } from "../../../runtime/tools/raw_net.ts";
import { asObject } from "../../../runtime/tools/raw_net.ts";
import { valueAtPath } from "../../model/document.ts";
import type { DrawnNode } from "../../model/graph_view.ts";
import type { PortView } from "../../model/node_view.ts";
import { printTerm } from "../../model/term_text.ts";
import { html } from "./dom.ts";

/** Name, description, ports and conditions of a node. */
export function detailsSide(data: RawObject, { view, path }: DrawnNode): HTMLElement[] {
  const node = asObject(valueAtPath(data, path));
  const kind = view.kind === "factory" ? `made by ${view.factory}` : view.kind;
  return [
    html("h2", {}, view.name),
    html("p", { class: "dim" }, view.path === undefined ? kind : `${kind} in ${view.path}`),
    ...view.description === "" ? [] : [html("p", {}, view.description)],
    ...portList("Inputs", view.inPorts),
    ...portList("Outputs", view.outPorts),
    ...conditionList("Starts when", asObject(node?.get("in_salvo_conditions"))),
    ...conditionList("Sends when", asObject(node?.get("out_salvo_conditions"))),
  ];
}

function portList(title: string, ports: readonly PortView[]): HTMLElement[] {
  if (ports.length === 0) return [];
  return [
    html("h3", {}, title),
    html(
      "ul",
      {},
      ...ports.map(({ name, type, capacity }) =>
        html(
          "li",
          {},
          name,
          html(
            "small",
            {},
            [type, capacity === null ? "" : `holds ${capacity}`].map((text) =>
              text === "" ? "" : ` · ${text}`
            ).join(""),
          ),
        )
      ),
    ),
  ];
}

function conditionList(title: string, conditions: RawObject | undefined): HTMLElement[] {
  if (!conditions || conditions.size === 0) return [];
  return [
    html("h3", {}, title),
    html(
      "ul",
      {},
      ...[...conditions].map(([name, condition]) =>
        html(
          "li",
          {},
          html("strong", {}, name),
          html("small", {}, ` ${printTerm(asObject(condition)?.get("term")) ?? ""}`),
        )
      ),
    ),
  ];
}
