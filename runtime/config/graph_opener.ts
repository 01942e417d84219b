/**
 * Opening subgraphs: reading their files, calling factories.
 *
 * @module
 */
import { ModuleImportError } from "../modules/error.ts";
import { expandFactoryNode } from "../factories/expand.ts";
import type { FactoryContext } from "../factories/protocol.ts";
import { ConfigError } from "../schema/error.ts";
import {
  type GraphConfig,
  graphConfigSchema,
  type SubgraphConfig,
  subgraphConfigSchema,
} from "../schema/graph.ts";
import type { GraphFile, GraphOpener, OpenedFactory } from "../schema/graph_tree.ts";
import { addAll, type ConfigIssue } from "../schema/issue.ts";
import { type NodeConfig, nodeConfigSchema } from "../schema/node.ts";
import type { Place, Source } from "../schema/place.ts";
import { planOf } from "../schema/plan.ts";
import { readConfig } from "../schema/read_config.ts";
import { remarkOnMembers } from "../schema/remarks.ts";
import { type ReferenceValues, replaceReferences } from "../schema/references.ts";
import { readConfigFile } from "./read_file.ts";
import { absolutePath, folderOf } from "./project_root.ts";

/** What opening needs. */
export interface OpenerOptions {
  projectRoot: string;
  strict: boolean;
  /** The environment, for references in what is opened. */
  values: ReferenceValues;
  /** Makes what factories get; called when the first one is. */
  makeFactoryContext: () => FactoryContext;
  issues: ConfigIssue[];
  warnings: ConfigIssue[];
}

/** A file as parsed, once however often it is used. */
interface ParsedFile {
  raw: unknown;
  isNet: boolean;
  source: Source;
  /** The checked graph, once it was needed. */
  graph?: GraphConfig;
}

/** Opens subgraphs with the file system and the factories. */
export class FileGraphOpener implements GraphOpener {
  readonly #options: OpenerOptions;
  readonly #files = new Map<string, Promise<ParsedFile>>();
  readonly #causes: unknown[] = [];
  #factoryContext: FactoryContext | undefined;
  readonly #realPaths = new Map<string, Promise<string | undefined>>();

  constructor(options: OpenerOptions) {
    this.#options = options;
  }

  async readFile(
    path: string,
    from: readonly string[],
    place: Place,
  ): Promise<GraphFile | undefined> {
    const { issues } = this.#options;
    const file = await this.#find(path, from);
    if (file === undefined) {
      const message = `there is no file ${path}, neither from the project root ` +
        `${this.#options.projectRoot} nor beside the file that names it`;
      issues.push(place.issue("subgraph_file_not_found", message));
      return undefined;
    }
    if (from.includes(file)) {
      const chain = [...from.slice(from.indexOf(file)), file].join(" -> ");
      issues.push(place.issue("subgraph_cycle", `the file contains itself: ${chain}`));
      return undefined;
    }
    try {
      return this.#check(await this.#parse(file), file, place);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      issues.push(place.issue("subgraph_file_invalid", error.message));
      return undefined;
    }
  }

  /** The real path of a subgraph's file: from the project root, else from the file that names it. */
  async #find(path: string, from: readonly string[]): Promise<string | undefined> {
    const referrer = from.at(-1);
    const candidates = [absolutePath(this.#options.projectRoot, path)];
    if (referrer !== undefined) candidates.push(absolutePath(folderOf(referrer), path));
    for (const candidate of candidates) {
      let real = this.#realPaths.get(candidate);
      if (real === undefined) {
        real = Deno.realPath(candidate).catch((error) => {
          // A file that is there but must not be looked at is not "not found".
          if (error instanceof Deno.errors.NotCapable) return candidate;
          return undefined;
        });
        this.#realPaths.set(candidate, real);
      }
      const found = await real;
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #parse(file: string): Promise<ParsedFile> {
    let parsed = this.#files.get(file);
    if (parsed === undefined) this.#files.set(file, parsed = this.#read(file));
    return parsed;
  }

  async #read(file: string): Promise<ParsedFile> {
    const { text } = await readConfigFile(file, { keepSymlinks: true });
    addAll(this.#options.warnings, text.warnings);
    const source = { file, position: text.position.bind(text) };
    const graph = text.data instanceof Map ? text.data.get("graph") : undefined;
    return graph === undefined
      ? { raw: text.data, isNet: false, source }
      : { raw: graph, isNet: true, source };
  }

  #check(parsed: ParsedFile, file: string, place: Place): GraphFile | undefined {
    const { raw, isNet, source } = parsed;
    const { issues, warnings, strict } = this.#options;
    const top = place.enter(source);
    const inside = isNet ? top.at("graph") : top;
    if (parsed.graph === undefined) {
      const read = readConfig<GraphConfig>(graphConfigSchema, raw, inside, { strict });
      addAll(warnings, read.warnings);
      if (read.data === undefined) {
        const isGraph = raw instanceof Map && raw.has("nodes");
        if (isGraph) addAll(issues, read.errors);
        else {
          const message =
            `${file} is no graph: it must have \`nodes\`, or \`graph\` with \`nodes\``;
          issues.push(place.issue("subgraph_file_invalid", message));
        }
        return undefined;
      }
      remarkOnMembers(read.data.nodes, inside, warnings);
      parsed.graph = this.#withEnvironment(graphConfigSchema, read.data, inside);
    }
    const { nodes, edges } = parsed.graph;
    return { nodes, edges, place: inside, file };
  }

  #withEnvironment<T>(schema: Parameters<typeof planOf>[0], data: T, place: Place): T {
    const { values, issues } = this.#options;
    return replaceReferences(planOf(schema), data, values, place, issues);
  }

  async callFactory(
    node: NodeConfig,
    chain: readonly string[],
    place: Place,
  ): Promise<OpenedFactory | undefined> {
    const { issues, warnings, makeFactoryContext } = this.#options;
    this.#factoryContext ??= makeFactoryContext();
    const made = place.at("factory").closed();
    try {
      const expanded = await expandFactoryNode(node, { ...this.#factoryContext, chain });
      if (expanded.kind === "unexpanded") return expanded;
      for (const { code, path, message } of expanded.warnings) {
        warnings.push(place.at(...path).issue(code, message, "warning"));
      }
      if (expanded.kind === "node") {
        return {
          kind: "node",
          node: this.#withEnvironment(nodeConfigSchema, expanded.node, made) as NodeConfig,
          streams: expanded.streams,
        };
      }
      const unfit = [
        "in_ports",
        "out_ports",
        "in_salvo_conditions",
        "out_salvo_conditions",
      ] as const;
      const stated = [
        ...unfit.filter((key) => (node[key]?.size ?? 0) > 0),
        ...statedSettings(node),
      ];
      for (const key of stated) {
        const message = `the factory makes a subgraph, which has no \`${key}\`: remove it`;
        issues.push(place.at(key).issue("factory_failed", message));
      }
      return {
        kind: "subgraph",
        subgraph: this.#withEnvironment(
          subgraphConfigSchema,
          expanded.subgraph,
          made,
        ) as SubgraphConfig,
        chain: expanded.chain,
      };
    } catch (error) {
      issues.push(
        place.at("factory").issue(
          error instanceof ModuleImportError ? "import_failed" : "factory_failed",
          `factory of node ${JSON.stringify(node.name)}: ${messageOf(error)}`,
        ),
      );
      this.#causes.push(error);
      return undefined;
    }
  }

  /** What factories threw, in order. */
  get causes(): readonly unknown[] {
    return this.#causes;
  }
}

function statedSettings(node: NodeConfig): ("execution_config" | "dependency_request")[] {
  return (["execution_config", "dependency_request"] as const).filter((key) => node[key] !== null);
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
