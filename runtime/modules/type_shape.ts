/**
 * Types of TypeScript as plain data: what a check of a value at run time can hold it against.
 *
 * A shape survives JSON and structured cloning, so that it goes to a worker with its node.
 *
 * @module
 */

/** How many levels into a value a check follows a shape; what lies deeper is accepted. */
export const MAX_TYPE_DEPTH = 8;

/** Names of the types whose values are compared by `typeof`, and of `null`. */
export type PrimitiveName =
  | "string"
  | "number"
  | "boolean"
  | "bigint"
  | "symbol"
  | "null"
  | "undefined";

/** The shape of a type, told apart by `kind`. */
export type TypeShape =
  | AnyShape
  | UncheckedShape
  | NeverShape
  | PrimitiveShape
  | LiteralShape
  | BigIntLiteralShape
  | NonPrimitiveShape
  | FunctionShape
  | ArrayShape
  | TupleShape
  | ObjectShape
  | RecordShape
  | MapShape
  | SetShape
  | UnionShape
  | IntersectionShape
  | InstanceShape
  | ClassShape
  | ReferenceShape;

/** `any`, `unknown`, a type parameter: every value fits. */
export interface AnyShape {
  /** Discriminator. */
  kind: "any";
}

/** A type that leaves no trace at run time (imported, conditional, mapped …): every value fits. */
export interface UncheckedShape {
  /** Discriminator. */
  kind: "unchecked";
  /** The type as written. */
  name: string;
}

/** `never`: no value fits. */
export interface NeverShape {
  /** Discriminator. */
  kind: "never";
}

/** A primitive type: `typeof value === name`, or `value === null`. */
export interface PrimitiveShape {
  /** Discriminator. */
  kind: "primitive";
  /** Which primitive type. */
  name: PrimitiveName;
}

/** A literal type: `Object.is(value, shape.value)`, except that 0 and -0 are the same. */
export interface LiteralShape {
  /** Discriminator. */
  kind: "literal";
  /** The one value that fits. */
  value: string | number | boolean;
}

/** A literal type such as `12n`; `digits` is `"12"` (JSON has no bigint). */
export interface BigIntLiteralShape {
  /** Discriminator. */
  kind: "bigintLiteral";
  /** Decimal digits, with a sign if negative. */
  digits: string;
}

/** `object`: any value that is not primitive, functions included. */
export interface NonPrimitiveShape {
  /** Discriminator. */
  kind: "nonPrimitive";
}

/** A function or constructor type: `typeof value === "function"`. */
export interface FunctionShape {
  /** Discriminator. */
  kind: "function";
}

/** `T[]`, `readonly T[]`, `Array<T>`: an array of which every element fits. */
export interface ArrayShape {
  /** Discriminator. */
  kind: "array";
  /** What every element must fit. */
  element: TypeShape;
}

/** `[A, B?, ...C[]]`: an array. Optional elements may be missing or undefined. */
export interface TupleShape {
  /** Discriminator. */
  kind: "tuple";
  /** Its places, in order. */
  elements: TupleElementShape[];
}

/** One place of a tuple. */
export interface TupleElementShape {
  /** What the element must fit. */
  shape: TypeShape;
  /** The element may be missing. */
  optional?: true;
  /** Takes any number of elements, each of which fits `shape`. At most one of a tuple is `rest`. */
  rest?: true;
}

/**
 * `{ a: A; b?: B; [k: string]: C }` or an interface: a non-null object or function that has the
 * members; it may have others. Class instances qualify.
 */
export interface ObjectShape {
  /** Discriminator. */
  kind: "object";
  /** Its known properties. */
  members: MemberShape[];
  /** What all own enumerable string-keyed properties that are not in `members` must fit. */
  index?: TypeShape;
}

/** A property. An optional one may be missing or undefined. */
export interface MemberShape {
  /** Key of the property. */
  name: string;
  /** What its value must fit. */
  shape: TypeShape;
  /** The property may be missing. */
  optional?: true;
}

/**
 * `Record<K, V>`: a non-null object of which every own enumerable string key fits `key` (numeric
 * keys as numbers where `key` asks for numbers) and every value fits `value`. Where the keys are
 * known by name, the shape is an {@linkcode ObjectShape}.
 */
export interface RecordShape {
  /** Discriminator. */
  kind: "record";
  /** What every key must fit. */
  key: TypeShape;
  /** What every value must fit. */
  value: TypeShape;
}

/** `Map<K, V>`, `ReadonlyMap<K, V>`. */
export interface MapShape {
  /** Discriminator. */
  kind: "map";
  /** What every key must fit. */
  key: TypeShape;
  /** What every value must fit. */
  value: TypeShape;
}

/** `Set<T>`, `ReadonlySet<T>`. */
export interface SetShape {
  /** Discriminator. */
  kind: "set";
  /** What every element must fit. */
  element: TypeShape;
}

/** `A | B`: at least one option fits. */
export interface UnionShape {
  /** Discriminator. */
  kind: "union";
  /** What a value may be. */
  options: TypeShape[];
}

/** `A & B`: every part fits. */
export interface IntersectionShape {
  /** Discriminator. */
  kind: "intersection";
  /** What a value must be, all at once. */
  parts: TypeShape[];
}

/** A class that the platform has as a global, such as `Date`: recognised across realms, by tag. */
export interface InstanceShape {
  /** Discriminator. */
  kind: "instance";
  /** Name of the global. */
  name: string;
}

/** A class of the same file: some constructor on the value's prototype chain has this name. */
export interface ClassShape {
  /** Discriminator. */
  kind: "class";
  /** Name of the class. */
  name: string;
}

/** A type that stands under `name` in the `definitions` of the description; may be recursive. */
export interface ReferenceShape {
  /** Discriminator. */
  kind: "reference";
  /** Key in the definitions. */
  name: string;
}

/** A shape together with the named types that it, or one of them, refers to. */
export interface TypeDescription {
  /** The type itself. */
  shape: TypeShape;
  /** By name as written, with type arguments: `Shape`, `Tree<string>`. Absent if there are none. */
  definitions?: Record<string, TypeShape>;
}
