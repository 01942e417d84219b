/**
 * References to environment variables and node variables, which most fields take in place of a
 * literal value.
 *
 * @module
 */

/** Stands for the value of an environment variable. */
export interface EnvRef {
  /** Name of the environment variable. */
  $env: string;
  /** Used if the variable is not set. */
  default?: unknown;
}

/** Stands for the value of a node variable. */
export interface NodeVarRef {
  /** Name of the node variable. */
  $var: string;
  /** Used if no such variable is declared. */
  default?: unknown;
}

/** A reference: to an environment variable or to a node variable. */
export type VarRef = EnvRef | NodeVarRef;

/** A map as it may be written: a `Map`, or an object where the order of its keys is as wanted. */
export type MapInput<T> = ReadonlyMap<string, T> | { readonly [name: string]: T };

/** What may be written for an object of type `T`: every key may be left out. */
export type Written<T, Except extends PropertyKey = never> = {
  [Key in keyof T as Exclude<Key, Except>]?: T[Key] | undefined;
};
