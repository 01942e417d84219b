/**
 * Values as they travel: plain copies, with a list of the parts that are more than that.
 *
 * @module
 */
import { NotSerializableError } from "../packets/error.ts";
import { LazyPacketValueSpec } from "../packets/lazy_value.ts";
import { isPlainObject } from "../packets/type_check.ts";
import { errorPrototypes } from "./error_classes.ts";
import { RemoteError } from "./error.ts";
import { isLeaf, isMovable, isPartial, Survey, type ViewPolicy } from "./survey.ts";

/** Longest chain of causes that travels with an error. */
const maxCauses = 8;

/** An error as data. */
export interface ErrorParts {
  /** Tag. */
  readonly kind: "error";
  /** Name of its class. */
  readonly type: string;
  /** Its message. */
  readonly message: string;
  /** Its stack trace, if known. */
  readonly stack: string | undefined;
  /** Its code, if it has one. */
  readonly code: string | undefined;
  /** `cause`, `errors` and own properties, as far as they have copies. */
  readonly props: Record<string, unknown>;
}

/** A lazy value as data. */
export interface LazyParts {
  /** Tag. */
  readonly kind: "lazy";
  /** Reference of the function. */
  readonly funcImportPath: string;
  /** Its arguments. */
  readonly args: readonly unknown[];
  /** Its named arguments. */
  readonly kwargs: Readonly<Record<string, unknown>>;
}

/**
 * An object that stands in a value for something that has no copy of its own, and what that is made
 * of. Copying a message keeps identities, so nothing that only looks like it is taken for it.
 */
export type Substitute = readonly [stand: object, parts: ErrorParts | LazyParts];

/** A value that can be copied, and what stands in it for something else. */
export interface Portable {
  /** The value itself if nothing had to be replaced. */
  readonly value: unknown;
  /** What was replaced; undefined if nothing was. */
  readonly substitutes: readonly Substitute[] | undefined;
  /** About how many bytes it takes: those of texts and buffers, and 8 for each part. */
  readonly size: number;
  /**
   * Whether it is small, and JSON would give it back equal in every way: for such values that is ten
   * times as fast as any other copy.
   */
  readonly isText: boolean;
  /** Buffers in it that are nobody else's, so that they can be moved. */
  readonly moved?: ArrayBuffer[];
}

/**
 * Prepares a value for copying. Errors and lazy values are replaced, views are cut out of larger
 * buffers; everything else is left to the copy itself.
 *
 * @param subject What it is, for the message, such as `packet "out"`.
 * @throws {NotSerializableError} If a part of it has no copy; the part is named.
 */
export function toPortable(
  value: unknown,
  subject: string,
  views: ViewPolicy = "cut",
): Portable {
  const survey = new Survey(views);
  const needsCopy = survey.visit(value, 0);
  const { obstacle, size, isText } = survey;
  if (obstacle !== undefined) throw new NotSerializableError(subject, survey.path, obstacle);
  if (!needsCopy) return { value, substitutes: undefined, size, isText };
  const copier = new Copier(views);
  const copy = copier.copy(value);
  const { substitutes, moved } = copier;
  return { value: copy, substitutes, size, isText: false, moved };
}

/** Copies a value, with substitutes for what has no copy of its own. */
class Copier {
  readonly substitutes: Substitute[] = [];
  /** Buffers that were made for the copy, and are large. */
  readonly moved: ArrayBuffer[] = [];
  readonly #views: ViewPolicy;
  readonly #copies = new Map<object, unknown>();
  #causesLeft = maxCauses;

  constructor(views: ViewPolicy) {
    this.#views = views;
  }

  /** A copy in which everything is replaced that has to be. */
  copy(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const known = this.#copies.get(value);
    if (known !== undefined) return known;
    if (value instanceof Error) return this.#stand(value, () => this.#errorParts(value));
    if (value instanceof LazyPacketValueSpec) {
      return this.#stand(value, () => ({
        kind: "lazy",
        funcImportPath: value.funcImportPath,
        args: this.copy(value.args) as unknown[],
        kwargs: this.copy(value.kwargs) as Record<string, unknown>,
      }));
    }
    if (ArrayBuffer.isView(value)) {
      const copy = this.#copyView(value);
      this.#copies.set(value, copy);
      return copy;
    }
    if (Array.isArray(value)) {
      const copy: unknown[] = new Array(value.length);
      this.#copies.set(value, copy);
      for (let i = 0; i < value.length; i++) if (i in value) copy[i] = this.copy(value[i]);
      return copy;
    }
    if (value instanceof Map) {
      const copy = new Map();
      this.#copies.set(value, copy);
      for (const [key, member] of value) copy.set(this.copy(key), this.copy(member));
      return copy;
    }
    if (value instanceof Set) {
      const copy = new Set();
      this.#copies.set(value, copy);
      for (const member of value) copy.add(this.copy(member));
      return copy;
    }
    if (value instanceof ArrayBuffer) return this.#copyBuffer(value);
    if (isLeaf(value)) return value;
    const copy: Record<string, unknown> = {};
    this.#copies.set(value, copy);
    for (const key of Object.keys(value)) {
      define(copy, key, this.copy((value as Record<string, unknown>)[key]));
    }
    return copy;
  }

  #copyView(view: ArrayBufferView): ArrayBufferView {
    const { buffer, byteOffset, byteLength } = view;
    if (this.#views === "keep") return view;
    if (!isPartial(view)) {
      const copy = this.#copyBuffer(buffer);
      return copy === buffer ? view : viewOf(copy, view);
    }
    const bytes = new Uint8Array(buffer, byteOffset, byteLength).slice();
    if (this.#views === "move" && isMovable(bytes.buffer)) this.moved.push(bytes.buffer);
    return viewOf(bytes.buffer, view);
  }

  /** A buffer that can be moved, or the buffer itself if that is not worth it. */
  #copyBuffer(buffer: ArrayBufferLike): ArrayBufferLike {
    if (this.#views !== "move" || !isMovable(buffer)) return buffer;
    const known = this.#copies.get(buffer) as ArrayBuffer | undefined;
    if (known) return known;
    const copy = buffer.slice(0);
    this.#copies.set(buffer, copy);
    this.moved.push(copy);
    return copy;
  }

  #stand(value: object, parts: () => ErrorParts | LazyParts): object {
    const stand = {};
    this.#copies.set(value, stand);
    this.substitutes.push([stand, parts()]);
    return stand;
  }

  #errorParts(error: Error): ErrorParts {
    const props: Record<string, unknown> = {};
    const keys = new Set([...Object.keys(error), "cause", "errors"]);
    for (const key of ["message", "stack", "name", "code"]) keys.delete(key);
    for (const key of keys) {
      if (!Object.hasOwn(error, key)) continue;
      if (key === "cause" && this.#causesLeft-- <= 0) continue;
      const part = (error as unknown as Record<string, unknown>)[key];
      if (hasCopy(part)) define(props, key, this.copy(part));
    }
    const { code } = error as { code?: unknown };
    return {
      kind: "error",
      type: error.name && error.name !== "Error"
        ? String(error.name)
        : error.constructor?.name || "Error",
      message: String(error.message),
      stack: typeof error.stack === "string" ? error.stack : undefined,
      code: typeof code === "string" ? code : undefined,
      props,
    };
  }
}

/** Parts of an error that have no copy are left out of it: what matters is the error. */
function hasCopy(value: unknown): boolean {
  const survey = new Survey();
  survey.visit(value, 0);
  return survey.obstacle === undefined;
}

/**
 * Puts errors and lazy values back in their places.
 *
 * @param value The copy of what {@linkcode toPortable} returned.
 */
export function fromPortable(
  value: unknown,
  substitutes: readonly Substitute[] | undefined,
): unknown {
  if (!substitutes) return value;
  return new Rebuild(substitutes).visit(value);
}

class Rebuild {
  readonly #parts: ReadonlyMap<unknown, ErrorParts | LazyParts>;
  readonly #made = new Map<unknown, unknown>();
  readonly #seen = new Set<object>();

  constructor(substitutes: readonly Substitute[]) {
    this.#parts = new Map(substitutes);
  }

  /** The value with its substitutes replaced, in place. */
  visit(value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    const parts = this.#parts.get(value);
    if (parts) return this.#make(value, parts);
    if (this.#seen.has(value)) return value;
    this.#seen.add(value);
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) if (i in value) value[i] = this.visit(value[i]);
    } else if (value instanceof Map) {
      const entries = [...value];
      value.clear();
      for (const [key, member] of entries) value.set(this.visit(key), this.visit(member));
    } else if (value instanceof Set) {
      const members = [...value];
      value.clear();
      for (const member of members) value.add(this.visit(member));
    } else if (isPlainObject(value)) {
      for (const key of Object.keys(value)) {
        define(value as Record<string, unknown>, key, this.visit((value as never)[key]));
      }
    }
    return value;
  }

  #make(stand: object, parts: ErrorParts | LazyParts): unknown {
    const made = this.#made.get(stand);
    if (made) return made;
    if (parts.kind === "lazy") {
      const { funcImportPath, args, kwargs } = parts;
      const spec = new LazyPacketValueSpec(
        funcImportPath,
        this.visit(args) as unknown[],
        this.visit(kwargs) as Record<string, unknown>,
      );
      this.#made.set(stand, spec);
      return spec;
    }
    const error = bareError(parts);
    this.#made.set(stand, error);
    for (const [key, part] of Object.entries(parts.props)) {
      const isListed = key !== "cause" && key !== "errors";
      define(error as never, key, this.visit(part), isListed);
    }
    return error;
  }
}

/** The error without what is nested in it: of its class where that is known here. */
function bareError({ type, message, stack, code }: ErrorParts): Error {
  const prototype = errorPrototypes.get(type);
  const error = prototype
    ? Object.setPrototypeOf(new Error(message), prototype) as Error
    : new RemoteError(type, message);
  if (prototype && error.name !== type) define(error as never, "name", type, false);
  define(error as never, "stack", stack ?? `${type}: ${message}`, false);
  if (code !== undefined) define(error as never, "code", code);
  return error;
}

function define(
  object: Record<string, unknown>,
  key: string,
  value: unknown,
  enumerable = true,
): void {
  Object.defineProperty(object, key, { value, enumerable, configurable: true, writable: true });
}

/** A view of all of a buffer, of the kind that another view is of. */
function viewOf(buffer: ArrayBufferLike, { constructor }: ArrayBufferView): ArrayBufferView {
  const kind = constructor as { new (buffer: ArrayBufferLike): ArrayBufferView; name: string };
  return kind.name === "Buffer" ? new Uint8Array(buffer) : new kind(buffer);
}
