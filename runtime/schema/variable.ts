/**
 * Node variables: values that functions read as `ctx.vars` and fields refer to by `{"$var": …}`.
 *
 * @module
 */
import * as z from "zod";
import { bool, choice, type CrossCheck, envOr, object, oneOf, refined } from "./field.ts";
import type { EnvRef, Written } from "./reference.ts";

/** A value that a variable can be written with. */
export type VariableScalar = string | number | boolean;

/** What a variable's value is converted to. */
export type NodeVariableType = "str" | "int" | "float" | "bool" | "json";

/** Declaration of a node variable. */
export interface NodeVariable {
  /** Its value; null is a placeholder to be filled when the net is loaded. */
  value: VariableScalar | EnvRef | null;
  /** What the value is converted to. */
  type: NodeVariableType;
  /** The only values allowed, after conversion. */
  options: VariableScalar[] | null;
  /** Take type, options and optional (and the value, if none is given) from the net's variable. */
  inherit: boolean;
  /** May stay without a value, which is then null. */
  optional: boolean;
}

/** What may be written for a {@linkcode NodeVariable}. */
export interface NodeVariableInput extends Written<NodeVariable, "type"> {
  /** What the value is converted to; `""` means `str`. */
  type?: NodeVariableType | "" | undefined;
}

/** A value given to a declared variable on loading: bare, with a type, or a whole declaration. */
export type NodeVarValue =
  | VariableScalar
  | readonly [value: VariableScalar, type: NodeVariableType]
  | NodeVariableInput;

/** Values of one node's variables, by name. */
export type Vars = { readonly [name: string]: NodeVarValue };

const variableScalar: z.ZodType<VariableScalar, VariableScalar> = choice(
  [z.string("must be a string, number or boolean"), z.number(), z.boolean()],
  (value) => typeof value === "number" ? 1 : typeof value === "boolean" ? 2 : 0,
);

/** An inheriting variable must leave a field at its default, since it comes from the net. */
function inherited(path: string, defaultValue: unknown): CrossCheck {
  return {
    holds: (variable) => variable.inherit !== true || variable[path] === defaultValue,
    path,
    code: "inherit_conflict",
    message: `must be left out beside \`inherit\`: ${path} comes from the net's variable`,
  };
}

const variableType: z.ZodType<NodeVariableType, NodeVariableType | ""> = choice(
  [
    oneOf("str", "int", "float", "bool", "json"),
    z.literal("").transform((): NodeVariableType => "str"),
  ],
  (value) => value === "" ? 1 : 0,
);

/** The schema that {@linkcode nodeVariableSchema} is, with the types that zod infers. */
export const nodeVariableInferred = refined(
  object("NodeVariable", "Declaration of a node variable.", {
    value: envOr(variableScalar).nullable().default(null).describe(
      "Its value; null is a placeholder to be filled when the net is loaded.",
    ),
    type: variableType.default("str").describe(
      "What the value is converted to.",
    ),
    options: z.array(variableScalar).nullable().default(null).describe(
      "The only values allowed, after conversion.",
    ),
    inherit: bool.default(false).describe(
      "Take type, options and optional (and the value, if none is given) from the net's variable.",
    ),
    optional: bool.default(false).describe("May stay without a value, which is then null."),
  }),
  inherited("type", "str"),
  inherited("options", null),
  inherited("optional", false),
);

/** Schema of a {@linkcode NodeVariable}. */
export const nodeVariableSchema: z.ZodType<NodeVariable, NodeVariableInput> = nodeVariableInferred;
