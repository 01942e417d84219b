/**
 * The graph part of a function's node: ports, conditions, texts.
 *
 * @module
 */
import { parse as parseToml } from "@std/toml";
import { fileUrl } from "../modules/file_url.ts";
import type { NodeConfigInput } from "../schema/node.ts";
import type { GatherConfigInput, PortConfigInput } from "../schema/port.ts";
import type { SalvoConditionConfig, TermConfig } from "../schema/salvo_condition.ts";
import { show } from "./args.ts";
import {
  allOf,
  atLeast,
  nonEmpty,
  oncePerEpoch,
  sendAll,
  takeAll,
  takeCount,
} from "./conditions.ts";
import { FunctionSignatureError } from "./error.ts";
import { type BatchPlan, type FunctionPlan, type InputPlan, outputsOf } from "./function_plan.ts";
import { mergeConfig } from "./merge.ts";

/** How to make the config. */
export interface FunctionConfigOptions {
  /** Absolute path of the project root. */
  projectRoot: string;
  /** Whether ports get types. */
  includePortTypes: boolean;
}

/**
 * The config of a node that a function makes, with what the function states about it.
 *
 * @throws {FunctionSignatureError} If what the function states about its node is malformed.
 */
export function functionConfig(
  plan: FunctionPlan,
  options: FunctionConfigOptions,
): NodeConfigInput {
  const outputs = outputsOf(plan.result);
  const portConfig = (type: PortConfigInput["port_type"]): PortConfigInput =>
    options.includePortTypes && type != null ? { port_type: type } : {};
  const config: NodeConfigInput = {
    type: "node",
    name: plan.name,
    ...(plan.description === undefined ? {} : { description: plan.description }),
    in_ports: new Map(plan.inputs.map((input) => [input.port, {
      ...portConfig(input.type),
      ...gatherOf(input.batch),
      ...(input.optional ? { optional: true } : {}),
    }])),
    out_ports: new Map(outputs.map(({ port, type }) => [port, portConfig(type)])),
    ...(plan.inputs.length === 0
      ? {}
      : { in_salvo_conditions: new Map([["trigger", trigger(plan.inputs)]]) }),
    // Without ports it is dropped again, unless some are added by the node.
    out_salvo_conditions: new Map([[
      "send",
      {
        ...sendAll(outputs.map(({ port }) => port)),
        ...(plan.yields ? { max_salvos: { type: "infinite" } } as const : {}),
        generated: true,
      },
    ]]),
    extra: extraOf(plan, options.projectRoot),
    ...(plan.stream ? { streams: true } : {}),
  };
  return plan.nodeConfigs.reduce<NodeConfigInput>(
    (merged, stated) => mergeConfig(merged, statedConfig(plan, stated)) as NodeConfigInput,
    config,
  );
}

/** When the function is called: once every port holds what it takes. */
function trigger(inputs: readonly InputPlan[]): SalvoConditionConfig<never> {
  const terms = inputs.map(({ port, batch }): TermConfig<never> =>
    batch?.waitFor === undefined || batch.waitFor === 1
      ? nonEmpty(port)
      : atLeast(port, batch.waitFor)
  );
  const takes = new Map(inputs.map(({ port, batch }) => [
    port,
    batch === undefined
      ? takeCount(1)
      : batch.count === undefined
      ? takeAll
      : takeCount(batch.count),
  ]));
  const term = terms.length === 1 ? terms[0]! : allOf(terms);
  return { ...oncePerEpoch(takes, term), generated: true };
}

function gatherOf(batch: BatchPlan | undefined): { gather?: GatherConfigInput } {
  if (batch?.until === "done") {
    return { gather: { until: "done", ...(batch.empty ? { empty: true } : {}) } };
  }
  return batch?.maxWait === undefined ? {} : { gather: { max_wait: batch.maxWait } };
}

/** Where the function is written, and what its doc comment says about the ports. */
function extraOf(plan: FunctionPlan, projectRoot: string): Record<string, unknown> {
  const described = [...plan.inputs, ...outputsOf(plan.result)].flatMap(({ port, description }) =>
    description === undefined ? [] : [[port, description] as const]
  );
  const { location } = plan;
  return {
    ...(location?.url.startsWith("file:")
      ? {
        source_path: pathFrom(projectRoot, location.url),
        source_line: location.line,
      }
      : {}),
    ...(described.length === 0 ? {} : { ui: { portDescriptions: Object.fromEntries(described) } }),
  };
}

/** The path of a file relative to the project root; absolute if it lies outside. */
function pathFrom(projectRoot: string, url: string): string {
  const root = fileUrl(projectRoot).replace(/\/*$/, "/");
  return decodeURIComponent(
    url.startsWith(root)
      ? url.slice(root.length)
      : url.replace(/^file:\/\/(?:\/(?=[a-zA-Z]:))?/, ""),
  );
}

/** Fields that a function may state about its node; the last is dropped with a warning. */
const STATABLE: ReadonlySet<string> = new Set([
  "name",
  "description",
  "in_ports",
  "out_ports",
  "in_salvo_conditions",
  "out_salvo_conditions",
  "dependency_request",
  "extra",
  "execution_config",
]);

/** What a function states about its node, as an object. */
function statedConfig(plan: FunctionPlan, stated: unknown): Record<string, unknown> {
  const config = typeof stated === "string" ? tomlOf(plan, stated) : stated;
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw badNodeConfig(
      plan,
      `its \`nodeConfig\` must be an object or TOML text, got ${show(config)}`,
    );
  }
  for (const key of Object.keys(config)) {
    if (!STATABLE.has(key)) {
      throw badNodeConfig(
        plan,
        `its \`nodeConfig\` has the key ${JSON.stringify(key)}; it may have ${
          [...STATABLE].slice(0, -1).join(", ")
        }`,
      );
    }
  }
  return config as Record<string, unknown>;
}

function tomlOf(plan: FunctionPlan, text: string): Record<string, unknown> {
  try {
    return parseToml(text);
  } catch (cause) {
    throw badNodeConfig(plan, `its \`nodeConfig\` is no TOML: ${(cause as Error).message}`, cause);
  }
}

function badNodeConfig(
  plan: FunctionPlan,
  message: string,
  cause?: unknown,
): FunctionSignatureError {
  const { location } = plan;
  return new FunctionSignatureError("bad_node_config", plan.ref, message, {
    ...(cause === undefined ? {} : { cause }),
    location: location && { file: location.url, line: location.line },
  });
}
