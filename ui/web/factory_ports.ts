/**
 * What factories make of their arguments, as the server found it out.
 *
 * @module
 */
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { asObject, type RawObject } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, valueAtPath } from "../model/document.ts";
import type { FactoryPorts, PortView } from "../model/node_view.ts";
import { callPlain } from "./api.ts";
import { activeTab, studio, type Tab, update } from "./studio.ts";

/** Names what a factory makes: the factory and its arguments. */
export function factoryKey(node: RawObject): string | undefined {
  const factory = node.get("factory");
  if (typeof factory !== "string") return undefined;
  return factory + writeJson(node.get("factory_args") ?? new Map(), "");
}

export function madeBy(node: RawObject): FactoryPorts | undefined {
  const key = factoryKey(node);
  const made = key === undefined ? undefined : studio().made.get(key);
  return made && !("error" in made) ? made : undefined;
}

const asked = new Set<string>();

/** Asks for the ports of factories that are not known yet. */
export function resolveFactories(tab: Tab): void {
  if (studio().isAlone) return;
  const visit = (graph: RawObject | undefined): void => {
    const nodes = graph?.get("nodes");
    for (const item of Array.isArray(nodes) ? nodes : []) {
      const node = asObject(item);
      if (!node) continue;
      const key = factoryKey(node);
      if (key !== undefined && !asked.has(key)) {
        asked.add(key);
        preview(tab, node, key);
      }
      visit(node);
    }
  };
  visit(asObject(tab.history.data.get("graph")));
}

/** Forgets what factories make, since their code changed or may now be run. */
export function forgetFactories(): void {
  asked.clear();
  update({ codeVersion: studio().codeVersion + 1 });
  const tab = activeTab();
  if (tab) resolveFactories(tab);
}

async function preview(tab: Tab, node: RawObject, key: string): Promise<void> {
  const override = tab.history.data.get("project_root_override");
  const folder = tab.path?.includes("/") ? tab.path.slice(0, tab.path.lastIndexOf("/")) : "";
  try {
    const { node: made, error } = await callPlain<{
      node?: { in_ports: PortView[]; out_ports: PortView[]; description?: string };
      error?: string;
    }>("/factories/preview", {
      ref: node.get("factory"),
      args: node.get("factory_args") ?? new Map(),
      project_root: typeof override === "string" ? `${folder}/${override}` : folder,
    });
    const ports = (list: PortView[]) =>
      list.map((port) => ({
        ...port,
        type: `${port.type}`,
        origin: "factory" as const,
        gathers: false,
      }));
    const entry = made
      ? {
        inPorts: ports(made.in_ports),
        outPorts: ports(made.out_ports),
        description: made.description,
      }
      : { error: error ?? "unknown" };
    update({ made: new Map(studio().made).set(key, entry) });
  } catch (error) {
    const message = error instanceof Error ? error.message : `${error}`;
    update({ made: new Map(studio().made).set(key, { error: message }) });
  }
}

/** What is wrong with the factory of a node. */
export function factoryFailure(tab: Tab, path: ConfigPath): string | undefined {
  const node = asObject(valueAtPath(tab.history.data, path));
  const key = node && factoryKey(node);
  const made = key === undefined ? undefined : studio().made.get(key);
  return made && "error" in made ? made.error : undefined;
}
