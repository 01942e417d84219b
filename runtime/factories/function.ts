/**
 * The factory `netrun:function`: makes a node of an ordinary function.
 *
 * @module
 */
import * as z from "zod";
import type { AnyFunction } from "../schema/node.ts";
import { FactoryArgsError } from "./error.ts";
import { functionConfig } from "./function_config.ts";
import { functionExec } from "./function_exec.ts";
import type { FunctionPlan } from "./function_plan.ts";
import { planFunction } from "./plan_function.ts";
import type { Factory, FactoryArgs, FactoryContext } from "./protocol.ts";

const argsSchema = z.strictObject({
  func: z.custom<string | AnyFunction>(
    (value) => typeof value === "function" || typeof value === "string" && value !== "",
    "must name a function, such as './nodes.ts::double', or be one",
  ).describe("The function").meta({ type: "string", minLength: 1 }),
  include_port_types: z.boolean("must be true or false").default(true)
    .describe("Whether the ports get the types of parameters and result"),
  manual_output: z.boolean("must be true or false").default(false)
    .describe("The function sends its output by `ctx` and returns nothing"),
  stream: z.boolean("must be true or false").default(false)
    .describe("Of a generator: each value goes on its way as soon as it is yielded"),
});

type FunctionArgs = z.output<typeof argsSchema>;

/** Makes a node of an ordinary function: its parameters are the input ports. */
export const functionFactory: Factory = {
  argsSchema,
  factoryDesc: "Makes a node of a function: its parameters are the input ports, what it returns " +
    "leaves by `out`, or by a port for each member of an object type.\n\n" +
    "Types, `Batch`, defaults, generators and `node()`: see the guide to writing nodes.",
  async getNodeConfig(_netConfig, args, context) {
    const { include_port_types } = args as FunctionArgs;
    const plan = await planWith(args, context);
    return plan && functionConfig(plan, {
      projectRoot: context.projectRoot,
      includePortTypes: include_port_types,
    });
  },
  async getNodeFuncs(_netConfig, args, context) {
    const { func } = args as FunctionArgs;
    const plan = await planWith(args, { ...context, noImport: false });
    const fn = typeof func === "string" ? await context.loader.loadFunction(func) : func;
    return { exec: functionExec(fn, plan!) };
  },
};

/** The plan of the function, with what the arguments say about its output. */
async function planWith(
  args: FactoryArgs,
  context: FactoryContext,
): Promise<FunctionPlan | undefined> {
  const { func, manual_output, stream } = args as FunctionArgs;
  const plan = await planFunction(func, context);
  if (plan === undefined) return undefined;
  if (stream && !plan.yields) {
    throw new FactoryArgsError("netrun:function", [{
      path: ["stream"],
      message: `must be false: ${JSON.stringify(plan.ref)} is no generator`,
    }]);
  }
  return {
    ...plan,
    manualOutput: plan.manualOutput || manual_output,
    stream: plan.stream || stream,
  };
}
