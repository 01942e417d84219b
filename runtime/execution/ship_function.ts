/**
 * Bringing functions that a program holds to workers: as text.
 *
 * @module
 */
import { type AnyNode, parse } from "acorn";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import { FunctionNotShippableError } from "./error.ts";

/** A function as text, in the place of the function. */
export interface FunctionSource {
  /** Marks it. */
  readonly $netrunFunctionSource: string;
}

/**
 * A copy of a node in which functions are their texts, so that it can travel.
 *
 * @throws {FunctionNotShippableError} If a function needs what is around it.
 */
export function shippableNode(node: ResolvedNodeConfig, poolId: string): ResolvedNodeConfig {
  const ship = (fn: (...args: never[]) => unknown) => functionSource(fn, node.name, poolId);
  const settings = { ...node.execution_config };
  if (typeof settings.exec_node_func === "function") {
    settings.exec_node_func = ship(settings.exec_node_func) as never;
  }
  // These run where the Net is.
  for (const field of ["init_node_func", "close_node_func", "on_node_failure"] as const) {
    settings[field] = null;
  }
  return {
    ...node,
    vars: { ...node.vars },
    factory_args: replaceFunctions(node.factory_args, ship) as Record<string, unknown>,
    execution_config: settings,
  };
}

/** A copy of a configuration in which null stands for every function. */
export function withoutFunctions(value: unknown): unknown {
  return replaceFunctions(value, () => null);
}

/** Replaces functions in plain data. */
function replaceFunctions(
  value: unknown,
  replace: (fn: (...args: never[]) => unknown) => unknown,
): unknown {
  if (typeof value === "function") return replace(value as never);
  if (Array.isArray(value)) return value.map((item) => replaceFunctions(item, replace));
  if (value instanceof Map) {
    return new Map(Array.from(value, ([key, item]) => [key, replaceFunctions(item, replace)]));
  }
  if (typeof value !== "object" || value === null) return value;
  const prototype = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, replaceFunctions(item, replace)]),
  );
}

/**
 * A function as text.
 *
 * @throws {FunctionNotShippableError} If the text alone does not do what the function does.
 */
export function functionSource(
  fn: (...args: never[]) => unknown,
  nodeName: string,
  poolId: string,
): FunctionSource {
  const text = Function.prototype.toString.call(fn);
  const refuse = (reason: string, cause?: unknown) =>
    new FunctionNotShippableError(
      nodeName,
      poolId,
      `${reason}; export it from a module and name that, as "./nodes.ts::${fn.name || "name"}", ` +
        "or let the node run on `main`",
      cause === undefined ? undefined : { cause },
    );
  if (/\{\s*\[native code\]\s*\}\s*$/.test(text)) throw refuse("it is native or bound");
  if (Object.keys(fn).length > 0 || Object.getOwnPropertySymbols(fn).length > 0) {
    throw refuse("it carries properties, which its text does not");
  }
  let program: AnyNode;
  try {
    program = parse(`(${text}\n)`, { ecmaVersion: "latest", sourceType: "module" });
  } catch (cause) {
    throw refuse("it is a method, whose text is no function by itself", cause);
  }
  const free = freeNames(program);
  if (free.length > 0) {
    throw refuse(`it uses ${free.map((name) => `\`${name}\``).join(", ")} from around it`);
  }
  return { $netrunFunctionSource: text };
}

/** Turns texts back into functions. */
export async function reviveFunctions(value: unknown): Promise<unknown> {
  if (Array.isArray(value)) return await Promise.all(value.map(reviveFunctions));
  if (typeof value !== "object" || value === null || value instanceof Map) return value;
  const { $netrunFunctionSource: text } = value as Partial<FunctionSource>;
  if (typeof text === "string" && Object.keys(value).length === 1) {
    const url = `data:text/javascript,${encodeURIComponent(`export default (${text}\n);`)}`;
    return (await import(url)).default;
  }
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, item]) => [key, await reviveFunctions(item)] as const),
  );
  return Object.fromEntries(entries);
}

type Visit = { [key: string]: unknown; type: string };

/**
 * Names that a program uses and neither declares nor finds in the global scope. A name that is
 * declared anywhere counts as declared everywhere: what slips through fails when it is called.
 */
function freeNames(program: AnyNode): string[] {
  const declared = new Set<string>(["arguments", "undefined"]);
  const used = new Set<string>();
  visit(program as unknown as Visit, declared, used);
  return [...used].filter((name) => !declared.has(name) && !(name in globalThis));
}

function visit(node: Visit, declared: Set<string>, used: Set<string>): void {
  switch (node.type) {
    case "Identifier":
      return void used.add(node.name as string);
    case "ThisExpression":
      return;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      for (const param of node.params as Visit[]) declare(param, declared);
      if (node.id) declare(node.id as Visit, declared);
      break;
    case "ClassDeclaration":
    case "ClassExpression":
      if (node.id) declare(node.id as Visit, declared);
      break;
    case "VariableDeclarator":
      declare(node.id as Visit, declared);
      break;
    case "CatchClause":
      if (node.param) declare(node.param as Visit, declared);
      break;
    case "LabeledStatement":
      return visit(node.body as Visit, declared, used);
    case "BreakStatement":
    case "ContinueStatement":
    case "MetaProperty":
      return;
    case "MemberExpression":
      visit(node.object as Visit, declared, used);
      if (node.computed) visit(node.property as Visit, declared, used);
      return;
    case "Property":
    case "PropertyDefinition":
    case "MethodDefinition":
      if (node.computed) visit(node.key as Visit, declared, used);
      if (node.value) visit(node.value as Visit, declared, used);
      return;
  }
  for (const [key, child] of Object.entries(node)) {
    if (key === "type") continue;
    if (Array.isArray(child)) {
      for (const each of child) if (isNode(each)) visit(each, declared, used);
    } else if (isNode(child)) visit(child, declared, used);
  }
}

function declare(pattern: Visit, declared: Set<string>): void {
  switch (pattern.type) {
    case "Identifier":
      return void declared.add(pattern.name as string);
    case "AssignmentPattern":
      return declare(pattern.left as Visit, declared);
    case "RestElement":
      return declare(pattern.argument as Visit, declared);
    case "ArrayPattern":
      for (const item of pattern.elements as (Visit | null)[]) if (item) declare(item, declared);
      return;
    case "ObjectPattern":
      for (const item of pattern.properties as Visit[]) {
        declare(item.type === "RestElement" ? item : item.value as Visit, declared);
      }
  }
}

function isNode(value: unknown): value is Visit {
  return typeof value === "object" && value !== null &&
    typeof (value as { type?: unknown }).type === "string";
}
