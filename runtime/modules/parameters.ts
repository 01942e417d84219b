/**
 * Parameters of a function → input ports, and how to call it.
 *
 * @module
 */
import {
  docType,
  type FunctionContext,
  placeOf,
  problemAt,
  statedType,
} from "./function_context.ts";
import type { DocParameter } from "./jsdoc.ts";
import type {
  BatchSignature,
  CallArgument,
  InputSignature,
  ReservedParameter,
  SignatureArgument,
  SignatureProblem,
} from "./signature.ts";
import { childOf, childrenOf, fieldOf, keyOf, nameOf, type SyntaxNode } from "./syntax.ts";
import type { TypeMember } from "./type_members.ts";
import { inside, resolveParameter, typeArgumentsOf, type WrittenType } from "./type_text.ts";

/** What the parameters of a function come to. */
export interface ReadParameters {
  inputs: InputSignature[];
  arguments: CallArgument[];
  problems: SignatureProblem[];
}

/** A parameter without its default value. */
interface Parameter {
  node: SyntaxNode;
  /** Place among all parameters but `this`. */
  index: number;
  hasDefault: boolean;
  type: WrittenType | undefined;
  doc: DocParameter | undefined;
}

/**
 * Reads the parameters of a function.
 *
 * @param fn The function.
 * @param context Its module and doc comment.
 * @param expected Types that the place of the function states for its parameters, in order.
 */
export function readParameters(
  fn: SyntaxNode,
  context: FunctionContext,
  expected: readonly (WrittenType | undefined)[] = [],
): ReadParameters {
  const reader = new ParameterReader(context);
  const parameters = childrenOf(fn, "params")
    .filter((node) => nameOf(node) !== "this")
    .map((node, index) => reader.parameter(node, index, expected[index]));
  const regular = parameters.filter(({ node }) => !isReserved(nameOf(node)));
  for (const parameter of parameters) {
    if (parameter.node.type === "Identifier") reader.addIdentifier(parameter);
    else if (parameter.node.type === "ObjectPattern" && regular.length === 1) {
      reader.addObject(parameter);
    } else reader.refuse(parameter);
  }
  return reader.result;
}

function isReserved(name: string | undefined): name is ReservedParameter {
  return name === "ctx" || name === "print" || name === "log";
}

class ParameterReader {
  readonly result: ReadParameters = { inputs: [], arguments: [], problems: [] };
  readonly #context: FunctionContext;
  readonly #docs: readonly DocParameter[];

  constructor(context: FunctionContext) {
    this.#context = context;
    this.#docs = context.doc?.parameters ?? [];
  }

  parameter(written: SyntaxNode, index: number, expected: WrittenType | undefined): Parameter {
    const hasDefault = written.type === "AssignmentPattern";
    const node = hasDefault ? childOf(written, "left")! : written;
    const name = nameOf(node);
    const whole = this.#docs.filter((doc) => !doc.name.includes("."));
    const doc = name === undefined ? whole[index] : whole.find((tag) => tag.name === name);
    const type = statedType(node, this.#context) ?? expected ??
      (this.#context.isJavaScript ? docType(doc?.type, this.#context) : undefined);
    return { node, index, hasDefault, type, doc };
  }

  addIdentifier({ node, hasDefault, type, doc }: Parameter): void {
    const name = nameOf(node)!;
    const optional = hasDefault || fieldOf(node, "optional") === true ||
      (this.#context.isJavaScript && doc?.optional === true);
    this.result.arguments.push(this.#argument(name, node, { type, optional, text: doc?.text }));
  }

  addObject({ node, hasDefault, type, doc }: Parameter): void {
    const found = type && this.#context.types.membersOf(type);
    const byName = new Map(found?.members.map((member) => [member.name, member]));
    const members: SignatureArgument[] = [];
    for (const property of childrenOf(node, "properties")) {
      const key = keyOf(property);
      if (property.type === "RestElement") this.#refuseRest(property);
      else if (key === undefined) {
        this.result.problems.push(problemAt(
          "computed_key",
          "a computed key in the parameter names no port; write the key itself",
          property,
          this.#context,
        ));
      } else {
        const tag = this.#docs.find(({ name }) => name === `${doc?.name}.${key}`);
        const member = byName.get(key);
        members.push(this.#argument(key, property, {
          type: this.#memberType(member, tag) ?? found?.index,
          optional: hasDefault || member?.optional === true ||
            childOf(property, "value")?.type === "AssignmentPattern" ||
            (this.#context.isJavaScript && tag?.optional === true),
          text: tag?.text ?? this.#docs.find(({ name }) => name === key)?.text ??
            (member && this.#context.docs.before(member.node)?.description),
        }));
      }
    }
    this.result.arguments.push({ kind: "object", members });
  }

  refuse({ node }: Parameter): void {
    if (node.type === "RestElement") return this.#refuseRest(node);
    const message = node.type === "ObjectPattern"
      ? "an object pattern must be the only parameter beside `ctx`, `print` and `log`; " +
        "put the other parameters into it, or name this one"
      : "a pattern as parameter names no port; name the parameter and take its value apart inside";
    this.result.problems.push(problemAt("pattern_parameter", message, node, this.#context));
  }

  #refuseRest(node: SyntaxNode): void {
    const name = nameOf(childOf(node, "argument")) ?? "rest";
    this.result.problems.push(problemAt(
      "rest_parameter",
      `\`...${name}\` leaves open which ports there are; name each parameter, or take ` +
        `\`${name}: Batch<T>\` for a port that gives many values`,
      node,
      this.#context,
    ));
  }

  #memberType(member: TypeMember | undefined, tag: DocParameter | undefined) {
    return member?.type ??
      (this.#context.isJavaScript ? docType(tag?.type, this.#context) : undefined);
  }

  /** Makes the input port for an argument, unless its name is reserved. */
  #argument(
    name: string,
    node: SyntaxNode,
    { type, optional, text }: {
      type: WrittenType | undefined;
      optional: boolean;
      text: string | undefined;
    },
  ): SignatureArgument {
    if (isReserved(name)) return { kind: "reserved", name };
    if (this.result.inputs.some((input) => input.name === name)) {
      this.result.problems.push(
        problemAt("duplicate_port", `two parameters are named \`${name}\``, node, this.#context),
      );
    }
    const description = text || this.#context.docs.before(node)?.description;
    const batch = type && this.#batch(type);
    const element = batch ? batch.element : type;
    const described = element && this.#context.types.describe(element);
    this.result.inputs.push({
      name,
      ...(described ? { type: described } : {}),
      optional,
      ...(batch ? { batch: batch.batch } : {}),
      ...(description ? { description } : {}),
      ...placeOf(node, this.#context),
    });
    return { kind: "port", port: name };
  }

  #batch(type: WrittenType): { batch: BatchSignature; element?: WrittenType } | undefined {
    const reference = resolveParameter(type);
    const { node } = reference;
    if (node.type !== "TSTypeReference") return undefined;
    if (this.#context.types.canonicalName(node) !== "Batch") return undefined;
    const [element, ...limits] = typeArgumentsOf(node);
    const values = limits.map((limit) => {
      const literal = childOf(limit, "literal");
      return literal && fieldOf(literal, "value");
    });
    const batch = batchOf(values);
    if (!batch) {
      this.result.problems.push(problemAt(
        "bad_batch",
        "`Batch` takes the type of a value, then a whole number of packets above 0 and how many " +
          'to wait for (at most as many), or "done": `Batch<T, 5, 5>`, `Batch<T, "done">`',
        node,
        this.#context,
      ));
    }
    return { batch: batch ?? {}, ...(element ? { element: inside(reference, element) } : {}) };
  }
}

function batchOf([count, waitFor, ...others]: unknown[]): BatchSignature | undefined {
  if (others.length) return undefined;
  if (count === undefined) return {};
  if (count === "done" && waitFor === undefined) return { until: "done" };
  if (!isPacketCount(count)) return undefined;
  if (waitFor === undefined) return { count };
  return isPacketCount(waitFor) && waitFor <= count ? { count, waitFor } : undefined;
}

function isPacketCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) > 0;
}
