import { type AttemptPlace, StagingContext } from "../../../runtime/execution/context.ts";
import { nodeLayout } from "../../../runtime/execution/node_layout.ts";
import type { NodeFunction } from "../../../runtime/execution/node_execution_context.ts";
import { expandFactoryNode } from "../../../runtime/factories/expand.ts";
import { fitGenerated } from "../../../runtime/factories/generated.ts";
import { loadNodeFunctions } from "../../../runtime/factories/node_functions.ts";
import type { NodeFuncs } from "../../../runtime/factories/protocol.ts";
import { type NodeConfigInput, nodeConfigSchema } from "../../../runtime/schema/node.ts";
import type { ResolvedNodeConfig } from "../../../runtime/schema/resolved.ts";
import type { SalvoConditionConfig, TermConfig } from "../../../runtime/schema/salvo_condition.ts";
import type { NodeSpec } from "../../../sim/graph_spec.ts";
import type { SalvoConditionSpec, Term } from "../../../sim/condition.ts";
import { factoryContext } from "./_context.ts";

/** A node as expanded and fitted to its edges, with its functions. */
export interface MadeNode {
  config: ResolvedNodeConfig;
  functions: NodeFuncs;
  warnings: string[];
}

/** What a node did in one epoch. */
export interface Ran {
  /** Values sent, by port. */
  outputs: Record<string, unknown[]>;
  /** The salvos in order, each as the values by port. */
  salvos: Record<string, unknown[]>[];
  prints: string[];
  result: unknown;
}

/** Expands a node, as resolving a net would; `connected` are its input ports with an edge. */
export async function makeNode(
  input: NodeConfigInput,
  { connected = [], ...over }: { connected?: string[] } & Parameters<typeof factoryContext>[0] = {},
): Promise<MadeNode> {
  const context = factoryContext(over);
  const expanded = await expandFactoryNode(nodeConfigSchema.parse(input), context);
  if (expanded.kind !== "node") throw new Error(`expanded to ${expanded.kind}`);
  // deno-lint-ignore no-explicit-any
  const node = expanded.node as any;
  const fitted = fitGenerated(
    {
      ...node,
      in_salvo_conditions: node.in_salvo_conditions ?? new Map(),
      out_salvo_conditions: node.out_salvo_conditions ?? new Map(),
    },
    { isConnected: (port) => connected.includes(port), isSpecial: () => false },
  );
  const execution_config = { ...node.execution_config };
  execution_config.type_checking_enabled ??= true;
  const config = { ...node, ...fitted, execution_config, vars: {} } as ResolvedNodeConfig;
  return {
    config,
    functions: await loadNodeFunctions(config, context),
    warnings: expanded.warnings.map(({ message }) => message),
  };
}

/** Runs one epoch of a node with the given values at its input ports. */
export async function runNode(
  { config, functions }: MadeNode,
  inputs: Record<string, unknown[]> = {},
  options: { exec?: NodeFunction; signal?: AbortSignal } = {},
): Promise<Ran> {
  const values = Object.entries(inputs).flatMap(([portName, list]) =>
    list.map((value, i) => ({ id: `${portName}-${i}`, portName, value }))
  );
  const packets = Object.fromEntries(
    Object.entries(inputs).map(([port, list]) => [port, list.map((_, i) => `${port}-${i}`)]),
  );
  const ran: Ran = { outputs: {}, salvos: [], prints: [], result: undefined };
  let ids = 0;
  const place: AttemptPlace = {
    poolId: "main",
    workerId: 0,
    projectRoot: factoryContext().projectRoot,
    now: () => 0,
    newId: () => `new-${ids++}`,
  };
  const ctx = new StagingContext(
    nodeLayout(config, specOf(config)),
    {
      epochId: "epoch",
      nodeName: config.name,
      packets,
      values,
      retryCount: 0,
      retryTimestamps: [],
      retryExceptions: [],
    },
    place,
    {
      signal: options.signal ?? new AbortController().signal,
      started() {},
      printed: (entries) => void ran.prints.push(...entries.map(({ text }) => text)),
      logged() {},
      yielded() {},
    },
  );
  const collect = () => {
    for (const { packets } of ctx.takeStaged().salvos) {
      const salvo: Record<string, unknown[]> = {};
      for (const { portName, value } of packets) {
        (salvo[portName] ??= []).push(value);
        (ran.outputs[portName] ??= []).push(value);
      }
      ran.salvos.push(salvo);
    }
  };
  const returned = (options.exec ?? functions.exec!)(ctx, packets);
  ran.result = isAsyncGenerator(returned) ? await drain(returned, collect) : await returned;
  collect();
  return ran;
}

/** Drives a streaming function as a pool does: what it staged is taken at each yield. */
async function drain(steps: AsyncGenerator, commit: () => void): Promise<unknown> {
  for (;;) {
    const { done, value } = await steps.next();
    if (done) return value;
    commit();
  }
}

function isAsyncGenerator(value: unknown): value is AsyncGenerator {
  return Object.prototype.toString.call(value) === "[object AsyncGenerator]";
}

/** The node as the simulator sees it, as far as output goes. */
function specOf(config: ResolvedNodeConfig): NodeSpec {
  return {
    name: config.name,
    inPorts: [],
    outPorts: [...config.out_ports].map(([name, { slots_spec }]) => ({ name, slots: slots_spec })),
    inSalvoConditions: [],
    outSalvoConditions: [...config.out_salvo_conditions].map(conditionSpec),
  } as NodeSpec;
}

function conditionSpec(
  [name, { max_salvos, ports, term }]: [string, SalvoConditionConfig<never>],
): SalvoConditionSpec {
  return {
    name,
    maxSalvos: max_salvos,
    ports: [...ports].map(([portName, count]) => ({ portName, count })),
    term: termSpec(term),
  };
}

function termSpec(term: TermConfig<never>): Term {
  switch (term.type) {
    case "port":
      return { type: "port", portName: term.port_name, state: { type: "nonEmpty" } };
    case "and":
    case "or":
      return { type: term.type, terms: term.terms.map(termSpec) };
    case "not":
      return { type: "not", term: termSpec(term.term) };
    default:
      return { type: term.type };
  }
}
