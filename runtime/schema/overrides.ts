/**
 * Giving values to declared variables when a configuration is loaded.
 *
 * @module
 */
import { isRecord } from "./field.ts";
import { Hints, listNames } from "./hints.ts";
import type { ConfigIssue, ConfigPath } from "./issue.ts";
import { isSubgraphLike } from "./graph.ts";
import { toPlain } from "./normalize.ts";
import type { Place } from "./place.ts";
import type { NodeVarValue, Vars } from "./variable.ts";
import { show } from "./zod_issue.ts";

/** Values for variables, by node: its name, or the names of the subgraphs around it and its own. */
export type NodeVarsOption =
  | Record<string, Vars>
  | readonly (readonly [node: string | readonly string[], vars: Vars])[];

/** What variables are given on loading. */
export interface VariableOverrides {
  /** Values of the net's variables. */
  globalNodeVars?: Record<string, NodeVarValue> | undefined;
  /** Values of nodes' variables. */
  nodeVars?: NodeVarsOption | undefined;
}

/**
 * Puts values into the declarations of variables, in place.
 *
 * @param net Normalized data of a net that the schema has not checked yet.
 * @param overrides The values.
 * @param place Where the net is written.
 * @returns What names no declared variable, or is no value of one.
 */
export function applyOverrides(
  net: unknown,
  overrides: VariableOverrides,
  place: Place,
): ConfigIssue[] {
  const issues: ConfigIssue[] = [];
  if (!isRecord(net)) return issues;
  const { globalNodeVars = {}, nodeVars = [] } = overrides;
  applyVars(net.node_vars, globalNodeVars, "the net", place.at("node_vars"), issues);
  const graph = new NodeIndex(net.graph, place.at("graph"));
  for (const [node, vars] of Array.isArray(nodeVars) ? nodeVars : Object.entries(nodeVars)) {
    applyNodeVars(graph, typeof node === "string" ? [node] : node, vars, issues);
  }
  return issues;
}

function applyNodeVars(
  graph: NodeIndex,
  names: readonly string[],
  vars: Vars,
  issues: ConfigIssue[],
): void {
  const found = graph.find(names);
  const report = (code: string, message: string) => {
    for (const name of Object.keys(vars)) {
      issues.push(found.place.issue(code, `${message} (for variable "${name}")`));
    }
  };
  if (!("node" in found)) return report(found.code, found.message);
  const execution = found.node.execution_config;
  applyVars(
    isRecord(execution) ? execution.node_vars : undefined,
    vars,
    `node "${names.join(".")}"`,
    found.place.at("execution_config", "node_vars"),
    issues,
  );
}

function applyVars(
  declared: unknown,
  values: Record<string, NodeVarValue>,
  owner: string,
  place: Place,
  issues: ConfigIssue[],
): void {
  const declarations: Map<string, unknown> = declared instanceof Map ? declared : new Map();
  const hints = new Hints();
  for (const [name, value] of Object.entries(values)) {
    if (!declarations.has(name)) {
      const names = [...declarations.keys()];
      const list = names.length === 0 ? "there are none" : `there are ${listNames(names)}`;
      const message = `${owner} declares no variable "${name}": ${list}${
        hints.suffix(name, names)
      }`;
      issues.push(place.at(name).issue("unknown_variable", message));
      continue;
    }
    const declaration = withValue(declarations.get(name), value);
    if (declaration === undefined) {
      const message = `variable "${name}" of ${owner} must be given a string, number, boolean, ` +
        `pair of value and type, or declaration, got ${show(value)}`;
      issues.push(place.at(name).issue("type", message));
    } else {
      declarations.set(name, declaration);
    }
  }
}

/** A bare value keeps what is declared beside it; a pair or an object replaces the declaration. */
function withValue(declaration: unknown, value: unknown): unknown {
  if (["string", "number", "boolean"].includes(typeof value)) {
    return isRecord(declaration) ? { ...declaration, value } : { value };
  }
  if (Array.isArray(value)) {
    return value.length === 2 ? { value: value[0], type: value[1] } : undefined;
  }
  const object = toPlain(value);
  return isRecord(object) ? object : undefined;
}

/** Finds nodes by name, each level being indexed once. */
class NodeIndex {
  readonly #byName = new Map<string, [node: Record<string, unknown>, index: number]>();
  readonly #inner = new Map<string, NodeIndex>();
  readonly #place: Place;

  constructor(graph: unknown, place: Place) {
    this.#place = place;
    const nodes = isRecord(graph) && Array.isArray(graph.nodes) ? graph.nodes : [];
    nodes.forEach((node, i) => {
      if (isRecord(node) && typeof node.name === "string" && !this.#byName.has(node.name)) {
        this.#byName.set(node.name, [node, i]);
      }
    });
  }

  find(
    names: readonly string[],
  ):
    | { node: Record<string, unknown>; place: Place }
    | { code: string; message: string; place: Place } {
    const [name = "", ...rest] = names;
    const found = this.#byName.get(name);
    if (found === undefined) {
      const hint = new Hints().suffix(name, this.#byName.keys());
      const place = this.#place.at("nodes");
      return { code: "unknown_node", message: `there is no node "${name}"${hint}`, place };
    }
    const [node, index] = found;
    const place = this.#place.at(...["nodes", index] as ConfigPath);
    const isSubgraph = isSubgraphLike(node);
    if (rest.length === 0) {
      return isSubgraph
        ? { code: "unknown_node", message: `"${name}" is a subgraph: name a node in it`, place }
        : { node, place };
    }
    if (!isSubgraph) {
      const message = `"${name}" is a node, not a subgraph, and holds no "${rest[0]}"`;
      return { code: "not_a_subgraph", message, place };
    }
    if (node.path != null) {
      const message = `nodes of subgraph "${name}" are in a file and not known yet, so "${
        rest.join(".")
      }" cannot be given values: use global variables, the file itself, or an inline subgraph`;
      return { code: "file_subgraph", message, place };
    }
    let inner = this.#inner.get(name);
    if (inner === undefined) this.#inner.set(name, inner = new NodeIndex(node, place));
    return inner.find(rest);
  }
}
