/**
 * What is wrong with a document, as far as it can be told without files and code.
 *
 * @module
 */
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { type NetConfigData, netConfigSchema } from "../../runtime/schema/net.ts";
import { Place } from "../../runtime/schema/place.ts";
import { readConfig } from "../../runtime/schema/read_config.ts";
import { remarksOnNet } from "../../runtime/schema/remarks.ts";
import { validateNet } from "../../runtime/schema/validate.ts";
import { asObject, objectsIn } from "../../runtime/tools/raw_net.ts";
import { type ConfigPath, type RawObject, valueAtPath } from "./document.ts";

/** Something that is wrong, and the node at which it shows. */
export interface Problem extends Pick<ConfigIssue, "code" | "path" | "message" | "severity"> {
  /** Dotted name of the node. */
  readonly node: string | undefined;
  /** Index paths of the node and of the subgraphs around it, the outermost first. */
  readonly nodePaths: readonly ConfigPath[];
}

/** Everything that is wrong with the schema and the graph of a document. */
export function checkDocument(data: RawObject): Problem[] {
  const place = Place.top({});
  const read = readConfig<NetConfigData>(netConfigSchema, data, place, { strict: false });
  const issues = [...read.errors, ...read.warnings];
  if (read.data !== undefined) {
    issues.push(...remarksOnNet(read.data, place), ...validateNet(read.data, place));
  }
  return issues.map((issue) => locate(data, issue));
}

/** A problem with the node that it is about. */
export function locate(
  data: RawObject,
  { code, path, message, severity }: Pick<ConfigIssue, "code" | "path" | "message" | "severity">,
): Problem {
  const nodePaths: ConfigPath[] = [];
  if (path[0] === "graph") {
    for (let i = 1; path[i] === "nodes" && typeof path[i + 1] === "number"; i += 2) {
      nodePaths.push(path.slice(0, i + 2));
    }
    const edge = path.indexOf("edges");
    if (edge > 0 && edge === nodePaths.length * 2 + 1) {
      const source = sourceOf(
        data,
        path.slice(0, edge),
        valueAtPath(data, path.slice(0, edge + 2)),
      );
      if (source) nodePaths.push(source);
    }
  }
  const names = nodePaths.map((nodePath) => asObject(valueAtPath(data, nodePath))?.get("name"));
  const node = names.length === 0 ? undefined : names.join(".");
  return { code, path, message, severity, node, nodePaths };
}

/** Path of the node that an edge leaves. */
function sourceOf(data: RawObject, graphPath: ConfigPath, edge: unknown): ConfigPath | undefined {
  const name = asObject(edge)?.get("source_node");
  const nodes = valueAtPath(data, [...graphPath, "nodes"]);
  const index = objectsIn(nodes).findIndex((node) => node.get("name") === name);
  return index < 0 ? undefined : [...graphPath, "nodes", index];
}
