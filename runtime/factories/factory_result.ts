/**
 * Checking what a factory returned.
 *
 * @module
 */
import type * as z from "zod";
import { describeIssue } from "../schema/error.ts";
import { isRecord } from "../schema/field.ts";
import { isSubgraphLike, type SubgraphConfig, subgraphConfigSchema } from "../schema/graph.ts";
import { type NodeConfig, nodeConfigSchema } from "../schema/node.ts";
import { NO_SOURCE, Place } from "../schema/place.ts";
import { readConfig } from "../schema/read_config.ts";
import { show } from "./args.ts";
import { FactoryProtocolError } from "./error.ts";
import type { NodeFuncs, NodeFuncsTuple } from "./protocol.ts";

/**
 * The node or subgraph that a factory returned, as parsed.
 *
 * @param factory The factory, as the configuration names it.
 * @param result What its `getNodeConfig` returned.
 * @param warn Told of keys that mean nothing.
 * @throws {FactoryProtocolError} If it is neither, with every problem.
 */
export function parseFactoryResult(
  factory: string,
  result: unknown,
  warn: (message: string) => void,
): NodeConfig | SubgraphConfig {
  if (!isRecord(result)) {
    throw new FactoryProtocolError(
      factory,
      `\`getNodeConfig\` must return the config of a node or subgraph, got ${show(result)}`,
    );
  }
  const isSubgraph = isSubgraphLike(result);
  const schema: z.ZodType<NodeConfig | SubgraphConfig> = isSubgraph
    ? subgraphConfigSchema
    : nodeConfigSchema;
  const { data, errors, warnings } = readConfig(
    schema,
    isSubgraph ? { name: "subgraph", ...result } : result,
    Place.top(NO_SOURCE),
    { strict: false, isMade: true },
  );
  for (const issue of warnings) {
    warn(`factory ${JSON.stringify(factory)} returned ${describeIssue(issue)}`);
  }
  if (data !== undefined) return data;
  throw new FactoryProtocolError(
    factory,
    `\`getNodeConfig\` returned what is no config of a ${isSubgraph ? "subgraph" : "node"}: ` +
      errors.map((issue) => describeIssue(issue)).join("; "),
  );
}

/**
 * The functions that a factory returned, under their names.
 *
 * @param factory The factory, as the configuration names it.
 * @param result What its `getNodeFuncs` returned.
 * @throws {FactoryProtocolError} If it is no set of functions.
 */
export function checkNodeFuncs(factory: string, result: unknown): NodeFuncs {
  const [exec, init, close, onFailure, pairing] = membersOf(factory, result);
  const named = { exec, init, close, onFailure };
  for (const [name, value] of Object.entries(named)) {
    if (value == null || typeof value === "function") continue;
    throw new FactoryProtocolError(
      factory,
      `\`getNodeFuncs\` returned ${show(value)} as \`${name}\`, which must be a function or null`,
    );
  }
  return {
    exec: exec ?? null,
    init: init ?? null,
    close: close ?? null,
    onFailure: onFailure ?? null,
    ...(pairing === undefined ? {} : { pairing }),
  };
}

type Members = [
  exec: NodeFuncs["exec"] | undefined,
  init: NodeFuncs["init"],
  close: NodeFuncs["close"],
  onFailure: NodeFuncs["onFailure"],
  pairing: NodeFuncs["pairing"],
];

/** The members of a result, whatever they are. */
function membersOf(factory: string, result: unknown): Members {
  if (Array.isArray(result) && result.length <= 4) {
    const [exec, init, close, onFailure] = result as unknown as NodeFuncsTuple;
    return [exec, init, close, onFailure, undefined];
  }
  if (isRecord(result) && "exec" in result) {
    const { exec, init, close, onFailure, pairing } = result as unknown as NodeFuncs;
    return [exec, init, close, onFailure, pairing];
  }
  const got = Array.isArray(result) ? `a list of ${result.length}` : show(result);
  throw new FactoryProtocolError(
    factory,
    "`getNodeFuncs` must return `{exec, init?, close?, onFailure?}` or the list of these four, " +
      `got ${got}`,
  );
}
