/**
 * Tools on net files: actions, recipes, templates, what a net consists of and what is wrong with it.
 *
 * @example An action of a net
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { buildActionContext, executeAction } from "@netrun/netrun/tools";
 *
 * const context = buildActionContext({ nodeName: "roast", graphExtra: { ui: { env: { MAX: 230 } } } });
 * const action = { id: "show", command: 'echo "$NODE_NAME below $MAX"' };
 * assertEquals((await executeAction(action, context)).stdout, "roast below 230\n");
 * ```
 *
 * @module
 */
export {
  type ActionConfig,
  type ActionSettings,
  type ExtraData,
  getActionSettings,
  getAvailableActions,
  getNodeActions,
  getNodeEnv,
  getProjectActions,
  resolveProjectRoot,
} from "./actions.ts";
export {
  type ActionContext,
  type ActionContextSource,
  buildActionContext,
  buildTemplateVariables,
  resolveWorkingDirectory,
} from "./action_context.ts";
export {
  type ActionResult,
  executeAction,
  executeCommand,
  type ExecuteOptions,
} from "./execute_action.ts";
export { resolveTemplate, type TemplateVariables } from "./template.ts";
export {
  checkInputs,
  executeRecipe,
  getRecipePrompts,
  getRecipes,
  loadRecipeModule,
  type NetFile,
  type RecipeConfig,
  type RecipeModule,
  recipePath,
  type RecipePrompt,
  type RecipeResult,
} from "./recipes.ts";
export { RecipeError, type RecipeErrorOptions, RecipeNotFoundError } from "./error.ts";
export {
  type ReportedIssue,
  type ValidationOptions,
  type ValidationReport,
  validationReport,
} from "./validation_report.ts";
export {
  describeNet,
  describeNode,
  describeNodes,
  describeStructure,
  type Description,
  type ShownNet,
} from "./describe_net.ts";
export { type ExecutionOrder, executionOrder, type OrderedNode } from "./execution_order.ts";
