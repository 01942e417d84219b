/**
 * What reading a function's signature yields, as plain data.
 *
 * @module
 */
import type { TypeDescription } from "./type_shape.ts";

/** A place in a source file. */
export interface SourceLocation {
  /** Absolute URL of the file. */
  url: string;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 units. */
  column: number;
}

/** Parameters of these names are given by the system and never become ports. */
export type ReservedParameter = "ctx" | "print" | "log";

/**
 * An export of a module, as far as reading can tell, or a function read by its own text.
 *
 * - `function`: parameters and result are known.
 * - `declared`: made by `node(spec, fn)`, whose spec counts instead of the signature.
 * - `unreadable`: nothing can ever be read from it; import will not help.
 * - `fallback`: the source does not tell; import the module and look at the value.
 */
export type Signature =
  | FunctionSignature
  | DeclaredSignature
  | UnreadableSignature
  | FallbackSignature;

/** The type of a port; absent where a type puts no constraint on values. */
export interface SignatureType {
  /** The type's text, normalised, for display. */
  name: string;
  /** What values are checked against. */
  type?: TypeDescription;
  /** The type cannot be checked at run time: it is only shown. */
  unchecked?: true;
}

/** A port as a signature implies it. */
export interface PortSignature {
  /** Name of the port. */
  name: string;
  /** Type of its values; of one value for a batch. */
  type?: SignatureType;
  /** The port may be left out: `b?: T`, a default value, an optional member of a result. */
  optional: boolean;
  /** Text about it in the doc comment. */
  description?: string;
  /** Where it is written, if the signature came from a file. */
  location?: SourceLocation;
}

/** How many waiting packets a `Batch<…>` parameter takes. */
export interface BatchSignature {
  /** At most so many; all if absent. */
  count?: number;
  /** Only when at least so many wait. */
  waitFor?: number;
  /** Only when nothing upstream is left to do. */
  until?: "done";
}

/** An input port. */
export interface InputSignature extends PortSignature {
  /** The function gets an array of values. */
  batch?: BatchSignature;
}

/** An output port. */
export interface OutputSignature extends PortSignature {
  /** The function hands over the id of a packet that it made itself. */
  preCreated?: true;
}

/** One argument of the call, or one key of the object that is the argument. */
export type SignatureArgument =
  | { kind: "port"; port: string }
  | { kind: "reserved"; name: ReservedParameter };

/** One argument of the call; `object` is one object with a key for each member. */
export type CallArgument = SignatureArgument | { kind: "object"; members: SignatureArgument[] };

/** How the result of a function is routed. */
export type ResultSignature =
  /** No output port. */
  | { kind: "none" }
  /** The result, as it is, on one port. */
  | { kind: "single"; port: OutputSignature }
  /** The members of a plain object, each on the port of its name. */
  | { kind: "object"; ports: OutputSignature[] }
  /** The elements of an array, in the order of the ports. */
  | { kind: "tuple"; ports: OutputSignature[] };

/** Codes of what can be wrong with a signature. */
export type SignatureProblemCode =
  | "rest_parameter"
  | "pattern_parameter"
  | "computed_key"
  | "duplicate_port"
  | "bad_batch"
  | "unreadable"
  | "not_a_function"
  | "bad_node_config";

/** Something that keeps a function from being a node. */
export interface SignatureProblem {
  /** Stable name of the kind of problem. */
  code: SignatureProblemCode;
  /** What is wrong and what to do. */
  message: string;
  /** Where it is written, if the signature came from a file. */
  location?: SourceLocation;
}

/**
 * A value written in the source.
 *
 * `value` is plain data, with null in place of what is no literal; `computed` lists the paths of
 * those places (an empty path: the whole value).
 */
export interface LiteralReading {
  /** The value, as far as it is written out. */
  value: unknown;
  /** Paths of the places that are no literals. */
  computed: string[][];
  /** Where it is written. */
  location?: SourceLocation;
}

/** What can be said about any export that is a function. */
export interface SignatureTexts {
  /** The function's own name, where it has one. */
  name?: string;
  /** Doc comment before its first tag, dedented. */
  description?: string;
  /** What `@returns` says. */
  returnsDescription?: string;
  /** What is assigned to its `nodeConfig` property. */
  nodeConfig?: LiteralReading;
  /** Where the function is written, if it came from a file. */
  location?: SourceLocation;
}

/** A function whose parameters and result are known. */
export interface FunctionSignature extends SignatureTexts {
  /** Discriminator. */
  kind: "function";
  /** `source`: read from a file, with types. `function`: from `toString()`, without them. */
  readFrom: "source" | "function";
  /** `async function` and its like. */
  async: boolean;
  /** `function*` and its like. */
  generator: boolean;
  /** Each value that the result yields is routed by itself. */
  yields: boolean;
  /** Input ports, in order. */
  inputs: InputSignature[];
  /** How to call it. */
  arguments: CallArgument[];
  /** What becomes of its result. */
  result: ResultSignature;
  /** The result's type is stated, so that `result` is not a guess by the body. */
  annotated: boolean;
  /** Empty for a function that can be a node. */
  problems: SignatureProblem[];
}

/** A function made by `node(spec, fn)`. */
export interface DeclaredSignature extends SignatureTexts {
  /** Discriminator. */
  kind: "declared";
  /** The spec. If `computed` is not empty, the module must be imported to know it all. */
  spec: LiteralReading;
}

/** A class, a native or bound function, or no function at all. */
export interface UnreadableSignature {
  /** Discriminator. */
  kind: "unreadable";
  /** Why. */
  problem: SignatureProblem;
}

/** An export of which the source says too little. */
export interface FallbackSignature {
  /** Discriminator. */
  kind: "fallback";
  /** Why reading gave up. */
  reason: string;
  /** Where it did. */
  location?: SourceLocation;
}
