/**
 * A function that takes the place of a node's own, behind the same ports.
 *
 * @module
 */
import type { NodeFunction } from "../execution/node_execution_context.ts";
import { functionExec } from "../factories/function_exec.ts";
import type { FunctionPlan, InputPlan, ResultPlan } from "../factories/function_plan.ts";
import { planFunction } from "../factories/plan_function.ts";
import type { AnyFunction } from "../schema/node.ts";
import type { ModuleLoader } from "../modules/loader.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { isControlPortName, isSignalPortName } from "../schema/signal.ts";
import { InvalidArgumentError } from "../../sim/error.ts";

/**
 * The raw function that serves the ports of `node` by calling `fn`, whose parameters are some of the
 * input ports. What comes in at the others is consumed.
 *
 * @throws {InvalidArgumentError} If the function takes what the node has no input port for.
 */
export async function replacementFor(
  node: ResolvedNodeConfig,
  func: string | AnyFunction,
  loader: ModuleLoader,
): Promise<NodeFunction> {
  const fn = typeof func === "string" ? await loader.loadFunction(func) as AnyFunction : func;
  const own = (await planFunction(func, { loader, noImport: false }))!;
  const ports = [...node.in_ports.keys()].filter((port) => !isControlPortName(port));
  const unknown = own.inputs.find(({ port }) => !ports.includes(port));
  if (unknown) {
    throw new InvalidArgumentError(
      `Cannot replace the function of node "${node.name}": the replacement takes ` +
        `"${unknown.port}", but the node's input ports are ${ports.join(", ") || "none"}`,
    );
  }
  const plan: FunctionPlan = {
    ...own,
    inputs: ports.map((port) => inputAt(node, port, own)),
    result: resultOf(node, own.result),
    stream: own.stream || own.yields && node.streams === true,
  };
  return functionExec(fn, plan);
}

function inputAt(node: ResolvedNodeConfig, port: string, own: FunctionPlan): InputPlan {
  const input = own.inputs.find((input) => input.port === port);
  // Nobody looks at a port that the function has no parameter for, however many packets it holds.
  if (!input) return { port, type: null, optional: true, batch: {} };
  if (input.batch || !takesSeveral(node, port)) return input;
  return { ...input, batch: { empty: true } };
}

/** Whether an epoch of the node may hold several packets of a port. */
export function takesSeveral(
  { in_salvo_conditions: conditions }: ResolvedNodeConfig,
  port: string,
): boolean {
  return [...conditions.values()].some(({ ports }) => {
    const taken = ports.get(port);
    return taken !== undefined && (taken.type === "all" || taken.count > 1);
  });
}

/** Routes a result to the ports of the node, unless the function itself says how. */
function resultOf(node: ResolvedNodeConfig, own: ResultPlan): ResultPlan {
  if (own.kind === "tuple") return own;
  const { error_port } = node.execution_config;
  const outputs = [...node.out_ports.keys()]
    .filter((port) => port !== error_port && !isSignalPortName(port))
    .map((port) => ({ port, type: null, preCreated: false }));
  if (outputs.length === 0) return { kind: "none" };
  return outputs.length === 1 && outputs[0]!.port === "out" && own.kind !== "object"
    ? { kind: "single", output: outputs[0]! }
    : { kind: "object", outputs };
}
