/**
 * What values a port type stands for, as a TypeScript type.
 *
 * @module
 */
import type { Holding } from "./function_ports.ts";

/** Names of types with the TypeScript types of their values. */
export interface NamedValues {
  /** An integer. */
  int: number;
  /** A number. */
  float: number;
  /** A number. */
  number: number;
  /** A string. */
  str: string;
  /** A string. */
  string: string;
  /** True or false. */
  bool: boolean;
  /** True or false. */
  boolean: boolean;
  /** A list of anything. */
  list: unknown[];
  /** A list of anything. */
  array: unknown[];
  /** A plain object. */
  dict: Record<string, unknown>;
  /** A plain object. */
  object: Record<string, unknown>;
  /** Bytes. */
  bytes: Uint8Array;
  /** Null. */
  None: null;
  /** Null. */
  null: null;
}

/** The values of a type expression; unknown where it is not understood. */
export type TextValue<Text extends string> = Text extends keyof NamedValues ? NamedValues[Text]
  : Text extends `${infer Item}[]` ? TextValue<Item>[]
  : Text extends `list[${infer Item}]` ? TextValue<Item>[]
  : unknown;

/** The values of a port type; unknown where it is not known to the compiler. */
export type PortValue<Type> = Type extends string ? TextValue<Type>
  : Type extends Holding<infer Value> ? Value
  : Type extends { _zod: { output: infer Value } } ? Value
  : Type extends abstract new (...args: never[]) => infer Value ? Value
  : Type extends { readonly name: infer Name extends string } ? TextValue<Name>
  : unknown;

/**
 * The name of the target port if values of one port type can go to another, else a type that no
 * name has and whose text says why.
 */
export type Fits<Source, Target, Port> = unknown extends PortValue<Source> ? Port
  : unknown extends PortValue<Target> ? Port
  : PortValue<Source> extends PortValue<Target> ? Port
  : { "values of the output port do not fit the input port": [Source, Target] };
