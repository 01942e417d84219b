/**
 * Functions as text.
 *
 * @module
 */
import { type AnyNode, parse } from "acorn";
import { FunctionNotShippableError } from "./error.ts";
import type { FunctionSource } from "./revive_functions.ts";

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
