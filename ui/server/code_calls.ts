/**
 * What needs code of the project, or files that a net names: done in the confined child process for
 * trusted folders, and here without any import for others.
 *
 * @module
 */
import { NetConfig, type ResolvedNetConfig } from "../../runtime/config/net_config.ts";
import { parseNetText } from "../../runtime/schema/text/net_text.ts";
import { ConfigError } from "../../runtime/schema/error.ts";
import type { ConfigIssue } from "../../runtime/schema/issue.ts";
import { argumentsSchema, describeFactory } from "../../runtime/factories/factory_info.ts";
import { builtInName, isFactory, loadFactory } from "../../runtime/factories/load_factory.ts";
import { ModuleLoader } from "../../runtime/modules/loader.ts";
import { BUILT_IN_FACTORIES } from "../../runtime/modules/reference.ts";
import { parametersFromSource } from "../../runtime/tools/factory_parameters.ts";
import { listFunctions, projectModules } from "../../runtime/tools/list_functions.ts";
import { executeRecipe, getRecipePrompts } from "../../runtime/tools/recipes.ts";
import { checkActions, recordOf } from "../../runtime/tools/actions.ts";
import { toPlain } from "../../runtime/tools/raw_net.ts";
import { portTypeText } from "../../runtime/tools/port_type_text.ts";
import { sharedParts } from "./shared_parts.ts";
import { schemaOfParameters } from "./parameter_schema.ts";

const NOT_TRUSTED = "The module is code of this project: trust the folder to use it";

/** A request, with documents as JSON text so that their order survives. */
export type CodeCall =
  | { kind: "validate"; document: string; filePath: string | undefined; noImport: boolean }
  | { kind: "graph"; document: string; filePath: string | undefined; noImport: boolean }
  | { kind: "share"; document: string; filePath: string | undefined; noImport: boolean }
  | { kind: "preview"; node: string; root: string; noImport: boolean }
  | { kind: "describe"; ref: string; root: string; noImport: boolean }
  | { kind: "check"; ref: string; root: string; noImport: boolean }
  | { kind: "factories"; refs: string[]; root: string; noImport: boolean }
  | { kind: "functions"; root: string }
  | { kind: "prompts"; path: string; document: string }
  | { kind: "recipe"; path: string; document: string; inputs: string };

/** Answers a call. What is returned is plain JSON data. */
export async function answer(call: CodeCall): Promise<unknown> {
  switch (call.kind) {
    case "validate":
      return await validate(call);
    case "graph":
      return (await resolve(call)).toGraph();
    case "share":
      return sharedParts(await resolve(call));
    case "preview":
      return await preview(call);
    case "describe":
      return await describe(call.ref, call.root, call.noImport);
    case "check":
      return await checkImport(call.ref, call.root, call.noImport);
    case "factories":
      return await Promise.all([
        ...BUILT_IN_FACTORIES.map((name) => `netrun:${name}`),
        ...call.refs,
      ].map(async (ref) => {
        try {
          return await describe(ref, call.root, call.noImport);
        } catch (error) {
          return { factory: ref, error: messageOf(error) };
        }
      }));
    case "functions":
      return await functionsIn(call.root);
    case "prompts":
      return await getRecipePrompts(call.path, recordOf(plainOf(call.document)));
    case "recipe":
      return await executeRecipe(
        call.path,
        recordOf(plainOf(call.document)),
        recordOf(plainOf(call.inputs)),
      );
  }
}

function dataOf(text: string): unknown {
  return parseNetText(text, "json").data;
}

function plainOf(text: string): unknown {
  return toPlain(dataOf(text));
}

interface DocumentCall {
  document: string;
  filePath: string | undefined;
  noImport: boolean;
}

async function validate({ document, filePath, noImport }: DocumentCall): Promise<unknown> {
  const warnings: ConfigIssue[] = [];
  let errors: ConfigIssue[];
  const data = dataOf(document);
  try {
    const config = NetConfig.parse(data, filePath === undefined ? {} : { filePath });
    warnings.push(...config.warnings);
    errors = split(config.validate(), warnings);
    if (errors.length === 0) {
      const resolved = await config.resolve({ noImport });
      warnings.push(...resolved.warnings);
      errors = split(resolved.validate(), warnings);
    }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    errors = split(error.issues, warnings);
  }
  errors.push(...checkActions(recordOf(toPlain(data))));
  const unique = [...new Map(warnings.map((issue) => [JSON.stringify(issue), issue])).values()];
  return {
    valid: errors.length === 0,
    errors: errors.map(reported),
    warnings: unique.map(reported),
  };
}

function split(issues: readonly ConfigIssue[], warnings: ConfigIssue[]): ConfigIssue[] {
  warnings.push(...issues.filter(({ severity }) => severity === "warning"));
  return issues.filter(({ severity }) => severity === "error");
}

function reported({ code, path, message }: ConfigIssue): unknown {
  return { loc: path.join(" → "), msg: message, type: code, path };
}

async function resolve(
  { document, filePath, noImport }: DocumentCall,
): Promise<ResolvedNetConfig> {
  const config = NetConfig.parse(dataOf(document), filePath === undefined ? {} : { filePath });
  return await config.resolve({ noImport });
}

async function preview(
  { node, root, noImport }: { node: string; root: string; noImport: boolean },
): Promise<unknown> {
  const data = recordOf(plainOf(node));
  const alone = { ...data, name: data.name || "node" };
  const config = NetConfig.parse({ graph: { nodes: [alone], edges: [] } });
  const resolved = await config.resolve({ basePath: root, noImport });
  if (resolved.unexpanded.length > 0) {
    return { error: "The factory is code of this project: trust the folder to see its ports" };
  }
  const made = resolved.data.graph.nodes;
  const [first] = made;
  if (made.length !== 1 || !first) {
    return { node: { in_ports: [], out_ports: [], is_subgraph: true } };
  }
  const ports = (ports: typeof first.in_ports) =>
    [...ports].filter(([name]) => !name.startsWith("__")).map(([name, port]) => ({
      name,
      type: portTypeText(port.port_type as never) ?? "",
      capacity: port.slots_spec.type === "finite" ? port.slots_spec.capacity : null,
    }));
  return {
    node: {
      in_ports: ports(first.in_ports),
      out_ports: ports(first.out_ports),
      description: first.description,
    },
  };
}

async function describe(ref: string, root: string, noImport: boolean): Promise<unknown> {
  const loader = new ModuleLoader({ projectRoot: root });
  const loaded = await loadFactory(ref, { projectRoot: root, loader, noImport });
  if (loaded) {
    const { argsSchema } = loaded.factory;
    const info = describeFactory(loaded);
    if (argsSchema !== undefined) return { ...info, schema: argumentsSchema(argsSchema) };
    const params = await parametersFromSource(loader, ref);
    return {
      ...info,
      params,
      ...(params.length > 0 ? { schema: schemaOfParameters(params) } : {}),
    };
  }
  return { factory: ref, error: NOT_TRUSTED };
}

/** Whether a reference leads to something, and whether that is a factory. */
async function checkImport(ref: string, root: string, noImport: boolean): Promise<unknown> {
  const loader = new ModuleLoader({ projectRoot: root });
  try {
    if (builtInName(ref, root) !== undefined) return { valid: true, is_factory: true };
    if (noImport) {
      loader.resolve(ref, "module");
      return { valid: true, is_factory: null, error: NOT_TRUSTED };
    }
    const value = await loader.loadModule(ref);
    return { valid: true, is_factory: isFactory(value) };
  } catch (error) {
    return { valid: false, is_factory: false, error: messageOf(error) };
  }
}

async function functionsIn(root: string): Promise<unknown> {
  const loader = new ModuleLoader({ projectRoot: root });
  const found: unknown[] = [];
  for (const module of await projectModules(root)) {
    try {
      found.push(...await listFunctions(loader, root, module));
    } catch {
      // A module that cannot be read has no functions to offer; validation says what is wrong.
    }
  }
  return found;
}

/** The message of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
