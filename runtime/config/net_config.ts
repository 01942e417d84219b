/**
 * The configuration of a net: loaded, checked, resolved, written.
 *
 * @module
 */
import type { GraphSpec } from "../../sim/graph_spec.ts";
import { ModuleLoader } from "../modules/loader.ts";
import { ConfigOverrideError, ConfigResolveError, ConfigSchemaError } from "../schema/error.ts";
import type { ConfigIssue } from "../schema/issue.ts";
import { type NetConfigData, type NetConfigInput, netConfigSchema } from "../schema/net.ts";
import { applyOverrides, type VariableOverrides } from "../schema/overrides.ts";
import { dump, type DumpOptions } from "../schema/dump.ts";
import { formatNetText, type WriteOptions } from "../schema/text/format_net_text.ts";
import { Place, type Source } from "../schema/place.ts";
import { planOf } from "../schema/plan.ts";
import { readConfig } from "../schema/read_config.ts";
import { remarksOnNet } from "../schema/remarks.ts";
import { withoutSecrets } from "../schema/secrets.ts";
import { replaceReferences } from "../schema/references.ts";
import type { FlattenedSubgraph, ResolvedNetConfigData } from "../schema/resolved.ts";
import { toGraphSpec } from "../schema/to_graph.ts";
import { convertNetVariables } from "../schema/variables.ts";
import { CodeChecker } from "./code_checker.ts";
import { canRestrictWorkers } from "../restricted_workers.ts";
import { environmentRecord, readEnvironment } from "./environment.ts";
import { folderOf, projectRootOf } from "./project_root.ts";
import { readConfigFile } from "./read_file.ts";
import { type Origin, resolveNet } from "./resolve.ts";
import { subgraphsOf } from "../schema/graph_tree.ts";
import { validateNet, validateResolved } from "../schema/validate.ts";

/** Options of {@linkcode NetConfig.parse}. */
export interface ParseOptions extends VariableOverrides {
  /** The file that the data is that of: paths start from its folder, messages name it. */
  filePath?: string;
  /**
   * Keys that do not exist are errors.
   *
   * @default {false}
   */
  strict?: boolean;
}

/** Options of {@linkcode NetConfig.fromFile}. */
export interface LoadOptions extends VariableOverrides {
  /**
   * Leave links in the path as they are instead of following them.
   *
   * @default {false}
   */
  keepSymlinks?: boolean;
  /**
   * Keys that do not exist are errors.
   *
   * @default {false}
   */
  strict?: boolean;
  /** Values that take the place of those of the file's top-level keys. */
  dataOverrides?: Record<string, unknown>;
}

/** Options of {@linkcode NetConfig.resolve}. */
export interface ResolveOptions {
  /** Folder that paths start from; that of the file, else the working folder, if left out. */
  basePath?: string;
  /** The environment that `{"$env": …}` refers to; that of the process if left out. */
  env?: Record<string, string>;
  /** Beginnings of URLs, or folders outside the project, whose modules may be loaded too. */
  allowModules?: string[];
  /**
   * Run no code of the project: nodes whose factory would need it stay as written.
   *
   * @default {false}
   */
  noImport?: boolean;
}

/** What a configuration remembers of where it came from. */
interface Provenance {
  filePath?: string | undefined;
  source: Source;
  strict: boolean;
}

/**
 * The configuration of a net, as written: nothing is looked up, imported or flattened yet.
 *
 * It never changes; {@linkcode NetConfig.resolve} returns another one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const config = NetConfig.parse({
 *   graph: {
 *     nodes: [
 *       { name: "source", out_ports: { out: {} } },
 *       { name: "sink", in_ports: { in: {} } },
 *     ],
 *     edges: [
 *       { source_node: "source", source_port: "out", target_node: "sink", target_port: "in" },
 *     ],
 *   },
 * });
 * const resolved = await config.resolve();
 * assertEquals(resolved.data.graph.nodes.map((node) => node.name), ["source", "sink"]);
 * assertEquals(config.validate(), []);
 * ```
 */
export class NetConfig {
  /** The parsed data: every field is there, references are as written. */
  readonly data: NetConfigData;
  /** Absolute path of the file, if it came from one. */
  readonly filePath?: string;
  /** Remarks about what was read: unknown keys, old names. */
  readonly warnings: ConfigIssue[];
  /** Where the data came from. */
  readonly #provenance: Provenance;

  /** Use {@linkcode NetConfig.fromFile} or {@linkcode NetConfig.parse}. */
  protected constructor(data: NetConfigData, warnings: ConfigIssue[], provenance: Provenance) {
    this.data = data;
    this.warnings = warnings;
    this.#provenance = provenance;
    if (provenance.filePath !== undefined) this.filePath = provenance.filePath;
  }

  /**
   * Loads a `*.netrun.json` or `*.netrun.toml` file.
   *
   * @param path Path from the working folder, or a `file:` URL.
   * @param options Values for variables, and how strictly to read.
   * @throws {ConfigFileError} If the file cannot be read.
   * @throws {ConfigOverrideError} If values are given to what is not declared.
   * @throws {ConfigSchemaError} If the data is not that of a net; lists every problem.
   */
  static async fromFile(path: string | URL, options: LoadOptions = {}): Promise<NetConfig> {
    const { filePath, text } = await readConfigFile(path, options);
    const { dataOverrides = {}, strict = false } = options;
    let raw = text.data;
    if (raw instanceof Map && Object.keys(dataOverrides).length > 0) {
      raw = new Map([...raw, ...Object.entries(dataOverrides)]);
    }
    const source: Source = {
      file: filePath,
      position: (at) => Object.hasOwn(dataOverrides, at[0] ?? "") ? undefined : text.position(at),
    };
    return NetConfig.#read(raw, { filePath, source, strict }, text.warnings, options);
  }

  /**
   * Checks data that a program holds.
   *
   * @param data Plain objects; maps of names may be `Map`s, to keep every order.
   * @param options The file that it is that of, and how strictly to read.
   * @throws {ConfigSchemaError} If the data is not that of a net; lists every problem.
   */
  static parse(data: unknown, options: ParseOptions = {}): NetConfig {
    const { filePath, strict = false } = options;
    return NetConfig.#read(data, { filePath, source: { file: filePath }, strict }, [], options);
  }

  static #read(
    raw: unknown,
    provenance: Provenance,
    remarks: readonly ConfigIssue[],
    overrides: VariableOverrides,
  ): NetConfig {
    const { filePath, source, strict } = provenance;
    const place = Place.top(source);
    const read = readConfig<NetConfigData>(netConfigSchema, raw, place, {
      strict,
      prepare(normalized) {
        const issues = applyOverrides(normalized, overrides, place);
        if (issues.length > 0) throw new ConfigOverrideError(issues, { filePath });
      },
    });
    if (read.data === undefined) throw new ConfigSchemaError(read.errors, { filePath });
    const warnings = [...remarks, ...read.warnings, ...remarksOnNet(read.data, place)];
    return new NetConfig(read.data, warnings, provenance);
  }

  /**
   * Absolute path of the folder that relative paths and modules start from.
   *
   * @throws {ConfigResolveError} If `project_root_override` refers to a variable without a value.
   */
  get projectRootPath(): string {
    return this.#projectRoot(undefined, readEnvironment(undefined));
  }

  #projectRoot(basePath: string | undefined, env: (name: string) => string | undefined): string {
    const { project_root_override, node_vars } = this.data;
    const base = basePath ?? (this.filePath === undefined ? undefined : folderOf(this.filePath));
    if (project_root_override === null || typeof project_root_override === "string") {
      return projectRootOf(project_root_override, base);
    }
    const place = Place.top(this.#provenance.source);
    const issues: ConfigIssue[] = [];
    const plan = planOf(netConfigSchema);
    const withEnv = replaceReferences(
      plan,
      { project_root_override, node_vars },
      { env },
      place,
      [],
    );
    const vars = convertNetVariables(withEnv.node_vars, place.at("node_vars"), []);
    const { project_root_override: override } = replaceReferences(
      plan,
      { project_root_override },
      { env, vars },
      place,
      issues,
    );
    if (issues.length > 0) throw new ConfigResolveError(issues, { filePath: this.filePath });
    return projectRootOf(override as unknown as string | null, base);
  }

  /**
   * A copy with values for references, absolute paths, factories called, and subgraphs flattened.
   *
   * @param options Where values come from, and which code may be loaded.
   * @throws {ConfigResolveError} With everything that is missing or does not fit.
   */
  async resolve(options: ResolveOptions = {}): Promise<ResolvedNetConfig> {
    const env = readEnvironment(options.env);
    const projectRoot = this.#projectRoot(options.basePath, env);
    const { allowModules = [], noImport = false } = options;
    const loader = new ModuleLoader({ projectRoot, allowModules });
    const { source, strict } = this.#provenance;
    const { data, warnings, origin } = await resolveNet({
      data: this.data,
      place: Place.top(source),
      filePath: this.filePath,
      projectRoot,
      env,
      strict,
      makeFactoryContext: (net) => ({
        netConfig: this.#viewOf(net, projectRoot),
        projectRoot,
        loader,
        noImport,
        env: options.env ?? environmentRecord(env),
      }),
      code: noImport ? undefined : new CodeChecker(loader),
    });
    return new ResolvedNetConfig(data, [...this.warnings, ...warnings], this.#provenance, origin);
  }

  /** The configuration as factories see it: with the values that count, without credentials. */
  #viewOf(net: NetConfigData, projectRoot: string): NetConfig {
    const data = withoutSecrets({ ...net, project_root_override: projectRoot });
    const view = new NetConfig(Object.freeze(data), [], this.#provenance);
    Object.freeze(view);
    return view;
  }

  /** Everything that is wrong with the structure; nothing is imported. */
  validate(): ConfigIssue[] {
    const place = Place.top(this.#provenance.source);
    return validateNet(this.data, place, { workerPermissions: canRestrictWorkers() });
  }

  /**
   * The data as it is written: fields that have their default are left out.
   *
   * Parsing it gives the same configuration. Maps of names are `Map`s, in order.
   *
   * @param options `full`: leave nothing out.
   * @throws {ConfigSchemaError} `not_serializable`, if there is code in it.
   */
  toData(options: DumpOptions = {}): NetConfigInput {
    const isResolved = this instanceof ResolvedNetConfig;
    return dump(planOf(netConfigSchema), this.data, { ...options, isResolved }) as NetConfigInput;
  }

  /**
   * The configuration as the text of a JSON file.
   *
   * @param options The text that it replaces, whose layout is kept as far as possible.
   * @throws {ConfigSchemaError} `not_serializable`, if there is code in it.
   */
  toJson(options: WriteOptions = {}): string {
    return formatNetText(this.toData(), "json", options);
  }

  /**
   * The configuration as the text of a TOML file.
   *
   * @param options The text that it replaces, whose layout and comments are kept as far as possible,
   * and who is told of what is lost.
   * @throws {ConfigSchemaError} `not_serializable`, if there is code in it.
   */
  toToml(options: WriteOptions = {}): string {
    return formatNetText(this.toData(), "toml", options);
  }
}

/** A configuration after resolving: flat, without references, with every value that counts. */
export class ResolvedNetConfig extends NetConfig {
  /** The resolved data: nothing has to be looked up elsewhere. */
  declare readonly data: ResolvedNetConfigData;
  /** Names of the nodes whose factories were not called, because that needs an import. */
  readonly unexpanded: string[];
  /** The subgraphs that were flattened, as they were written. */
  readonly subgraphs: FlattenedSubgraph[];
  readonly #origin: Origin;

  /** Use {@linkcode NetConfig.resolve}. */
  constructor(
    data: ResolvedNetConfigData,
    warnings: ConfigIssue[],
    provenance: Provenance,
    origin: Origin,
  ) {
    super(data, warnings, provenance);
    this.#origin = origin;
    this.unexpanded = data.graph.nodes.filter((node) => node.unexpanded).map((node) => node.name);
    this.subgraphs = [...subgraphsOf(origin.root)].map((graph) => ({
      name: graph.flatName,
      config: graph.config!,
      file: graph.file,
    }));
  }

  /** Resolving again changes nothing. */
  override resolve(): Promise<ResolvedNetConfig> {
    return Promise.resolve(this);
  }

  /** Everything that is wrong with the structure; nothing is imported. */
  override validate(): ConfigIssue[] {
    return validateResolved(this.data, this.#origin, { workerPermissions: canRestrictWorkers() });
  }

  /**
   * The graph as the simulator takes it.
   *
   * @throws {ConfigResolveError} If there are {@linkcode ResolvedNetConfig.unexpanded} nodes.
   */
  toGraph(): GraphSpec {
    if (this.unexpanded.length > 0) {
      const names = this.unexpanded.join(", ");
      const message = `cannot become a graph while the factories of ${names} are not called: ` +
        "resolve without `noImport`";
      const place = this.#origin.place.at("graph");
      throw new ConfigResolveError([place.issue("factory_failed", message)], {
        filePath: this.filePath,
      });
    }
    return toGraphSpec(this.data.graph);
  }
}
