/**
 * Resolving a configuration: values for references, factories called, subgraphs flattened.
 *
 * @module
 */
import type { FactoryContext } from "../factories/protocol.ts";
import { fitGenerated } from "../factories/generated.ts";
import { effectiveExecution } from "../schema/effective.ts";
import { ConfigResolveError } from "../schema/error.ts";
import {
  checkCollisions,
  checkExposedPorts,
  flattenEdges,
  PortMapping,
} from "../schema/flatten.ts";
import { completeNode, isSpecialOutPort } from "../schema/generated_parts.ts";
import type { EdgeConfig } from "../schema/graph.ts";
import {
  nodesOf,
  openGraph,
  type TreeEdge,
  type TreeGraph,
  type TreeNode,
} from "../schema/graph_tree.ts";
import { addAll, type ConfigIssue } from "../schema/issue.ts";
import { type NetConfigData, netConfigSchema } from "../schema/net.ts";
import { type NodeConfig, nodeConfigSchema } from "../schema/node.ts";
import { automaticQueues, flattenQueues } from "../schema/output_queues.ts";
import type { Place } from "../schema/place.ts";
import { type Plan, planOf } from "../schema/plan.ts";
import { MAIN_POOL } from "../schema/pools_in_use.ts";
import { replaceReferences } from "../schema/references.ts";
import type { ResolvedNetConfigData, ResolvedNodeConfig } from "../schema/resolved.ts";
import { type SecretSources, secretSources } from "../schema/secrets.ts";
import { bothEnabled } from "../schema/storage.ts";
import {
  convertNetVariables,
  convertNodeVariables,
  type VariableValues,
} from "../schema/variables.ts";
import type { CodeChecker } from "./code_checker.ts";
import { FileGraphOpener } from "./graph_opener.ts";
import { absolutePath } from "./project_root.ts";

/** What resolving needs besides the data. */
export interface ResolveInput {
  data: NetConfigData;
  place: Place;
  filePath: string | undefined;
  projectRoot: string;
  env: (name: string) => string | undefined;
  strict: boolean;
  /** Makes what factories get, from the net with its own fields resolved. */
  makeFactoryContext: (net: NetConfigData) => FactoryContext;
  /** Checks references to functions; undefined if nothing may be imported. */
  code: CodeChecker | undefined;
}

/** What resolving gives. */
export interface Resolution {
  data: ResolvedNetConfigData;
  warnings: ConfigIssue[];
  /** Everything that checks and messages need to know of where things came from. */
  origin: Origin;
}

/** Where the parts of a resolved configuration came from. */
export interface Origin {
  root: TreeGraph;
  /** The node of the tree for each node, in order. */
  nodes: TreeNode[];
  edges: TreeEdge[];
  place: Place;
}

/** Resolves a configuration; throws {@linkcode ConfigResolveError} with everything that is wrong. */
export async function resolveNet(input: ResolveInput): Promise<Resolution> {
  return await new Resolver(input).run();
}

class Resolver {
  readonly #input: ResolveInput;
  readonly #issues: ConfigIssue[] = [];
  readonly #warnings: ConfigIssue[] = [];
  readonly #absolutePath: (path: string) => string;
  readonly #secrets: SecretSources;

  constructor(input: ResolveInput) {
    this.#input = input;
    this.#secrets = secretSources(input.data);
    this.#absolutePath = (path) => absolutePath(input.projectRoot, path);
  }

  async run(): Promise<Resolution> {
    const { place } = this.#input;
    const { net, vars } = this.#resolveNetFields();
    const opener = new FileGraphOpener({
      projectRoot: this.#input.projectRoot,
      strict: this.#input.strict,
      values: { env: this.#input.env, secrets: this.#secrets },
      makeFactoryContext: () => this.#input.makeFactoryContext(net),
      issues: this.#issues,
      warnings: this.#warnings,
    });
    const { nodes, edges } = net.graph;
    const root = await openGraph(
      { nodes, edges, place: place.at("graph") },
      this.#input.filePath === undefined ? [] : [this.#input.filePath],
      opener,
      this.#issues,
    );
    this.#throwIfAny(opener.causes);
    const treeNodes = [...nodesOf(root)];
    const resolved = treeNodes.map((node) => this.#resolveNode(node, net, vars));
    await this.#checkCode(treeNodes, resolved, net);
    this.#throwIfAny();
    const mapping = new PortMapping(root);
    const byTree = new Map(treeNodes.map((tree, i) => [tree, resolved[i]!]));
    checkExposedPorts(
      root,
      mapping,
      (node, side, port) =>
        node.isUnexpanded ? undefined : byTree.get(node)?.[`${side}_ports`].has(port),
      this.#issues,
    );
    const treeEdges = flattenEdges(root, mapping);
    const flatEdges = treeEdges.map(({ config }) => config);
    fitNodes(resolved, flatEdges);
    requestDependencies(resolved, flatEdges);
    checkCollisions(root, this.#issues);
    this.#throwIfAny();
    const data: ResolvedNetConfigData = {
      ...net,
      graph: { ...net.graph, nodes: resolved, edges: flatEdges },
      pools: net.pools ?? new Map([["main", MAIN_POOL]]),
      output_queues: net.output_queues === null
        ? automaticQueues(resolved, flatEdges)
        : flattenQueues(net.output_queues, root, mapping),
      project_root_override: this.#input.projectRoot,
      vars,
    };
    return {
      data,
      warnings: this.#warnings,
      origin: { root, nodes: treeNodes, edges: treeEdges, place },
    };
  }

  /** Steps that need nothing but the net itself: environment, variables, its own fields. */
  #resolveNetFields(): { net: NetConfigData<never>; vars: VariableValues } {
    const { data, place, env } = this.#input;
    const secrets = this.#secrets;
    const plan = planOf(netConfigSchema);
    const issues: ConfigIssue[] = [];
    const withEnv = replaceReferences(plan, data, { env, secrets }, place, issues);
    const inheriting: ConfigIssue[] = [];
    const at = place.at("node_vars");
    const vars = convertNetVariables(withEnv.node_vars, at, inheriting, secrets);
    // What is wrong with variables themselves comes first: other complaints may follow from it.
    addAll(this.#issues, inheriting.filter(({ code }) => code !== "env_missing"));
    addAll(this.#issues, issues);
    const isBroken = inheriting.length > 0;
    const { graph, ...fields } = withEnv;
    const values = { vars, secrets, absolutePath: this.#absolutePath };
    const fieldIssues: ConfigIssue[] = [];
    const resolved = replaceReferences(plan, fields, values, place, fieldIssues);
    if (!isBroken) addAll(this.#issues, fieldIssues);
    this.#throwIfAny();
    return { net: { ...resolved, graph } as NetConfigData<never>, vars };
  }

  /** A node with everything that counts, but for what depends on edges. */
  #resolveNode(
    tree: TreeNode,
    net: NetConfigData<never>,
    netVars: VariableValues,
  ): ResolvedNodeConfig {
    const { place, flatName } = tree;
    const before = this.#issues.length;
    const vars = convertNodeVariables(
      tree.config.execution_config?.node_vars ?? null,
      { declared: net.node_vars, values: netVars },
      flatName,
      place.at("execution_config", "node_vars"),
      this.#issues,
      this.#secrets,
    );
    const config = replaceReferences(
      NODE_PLAN,
      tree.config,
      { vars, secrets: this.#secrets, absolutePath: this.#absolutePath },
      place,
      this.#issues,
    ) as NodeConfig<never>;
    const execution = effectiveExecution(config.execution_config, net);
    if (execution.storage !== null && bothEnabled(execution.storage)) {
      this.#issues.push(
        place.at("execution_config", "storage").issue(
          "storage_conflict",
          "cache and file_storage cannot both be enabled on the same node",
        ),
      );
    }
    // With a reference still in it, a node that will not be used cannot be completed.
    const isBroken = this.#issues.length > before;
    const parts = tree.isUnexpanded || isBroken
      ? {
        in_salvo_conditions: config.in_salvo_conditions ?? new Map(),
        out_salvo_conditions: config.out_salvo_conditions ?? new Map(),
        unexpanded: tree.isUnexpanded,
      }
      : completeNode(config, execution);
    return {
      ...config,
      ...parts,
      name: flatName,
      execution_config: execution,
      vars,
      ...(tree.streams ? { streams: true } : {}),
    };
  }

  async #checkCode(
    trees: readonly TreeNode[],
    nodes: readonly ResolvedNodeConfig[],
    net: NetConfigData<never>,
  ): Promise<void> {
    const { code, place } = this.#input;
    if (code === undefined) return;
    for (const [i, node] of nodes.entries()) {
      for (const key of FUNCTION_FIELDS) {
        const ref = node.execution_config[key];
        if (typeof ref !== "string") continue;
        const problem = await code.problemWith(ref);
        const at = trees[i]!.place.at("execution_config", key);
        const say = (text: string) => `of node "${node.name}": ${text}`;
        if (problem !== undefined) this.#issues.push(at.issue("import_failed", say(problem)));
        else if (key === "exec_node_func") {
          const remark = await code.remarkOnRaw(ref);
          if (remark !== undefined) {
            this.#warnings.push(at.issue("not_raw", say(remark), "warning"));
          }
        }
      }
    }
    if (typeof net.dead_letter_callback === "string") {
      const problem = await code.problemWith(net.dead_letter_callback);
      if (problem !== undefined) {
        this.#issues.push(place.at("dead_letter_callback").issue("import_failed", problem));
      }
    }
  }

  #throwIfAny(causes: readonly unknown[] = []): void {
    if (this.#issues.length === 0) return;
    throw new ConfigResolveError(this.#issues, {
      filePath: this.#input.filePath,
      cause: causes.length > 1 ? new AggregateError(causes) : causes[0],
    });
  }
}

const NODE_PLAN: Plan = planOf(nodeConfigSchema);
const FUNCTION_FIELDS = [
  "exec_node_func",
  "init_node_func",
  "close_node_func",
  "on_node_failure",
] as const;

/** Fits generated conditions to the edges. */
function fitNodes(nodes: readonly ResolvedNodeConfig[], edges: readonly EdgeConfig[]): void {
  const entered = new Map<string, Set<string>>();
  for (const { target_node, target_port } of edges) {
    let ports = entered.get(target_node);
    if (ports === undefined) entered.set(target_node, ports = new Set());
    ports.add(target_port);
  }
  for (const node of nodes) {
    if (node.factory === null || node.unexpanded) continue;
    const ports = entered.get(node.name);
    Object.assign(
      node,
      fitGenerated(node, {
        isConnected: (port) => ports?.has(port) ?? false,
        isSpecial: (port) => isSpecialOutPort(port, node.execution_config.error_port),
      }),
    );
  }
}

/** Gives targets of dependency edges a request, where they state none. */
function requestDependencies(
  nodes: readonly ResolvedNodeConfig[],
  edges: readonly EdgeConfig[],
): void {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  for (const { dependency, target_node } of edges) {
    const node = dependency ? byName.get(target_node) : undefined;
    if (node !== undefined && node.dependency_request === null) {
      node.dependency_request = { triggers: ["on_startup"], label: "main" };
    }
  }
}
