/**
 * A cached node: what its entries are keyed by.
 *
 * @module
 */
import { CACHE_FORMAT } from "./cache_format.ts";
import type { CacheSettings } from "./cache_settings.ts";
import { canonicalDigest } from "./canonical.ts";
import { inputDigest, type PortValue } from "./input_digest.ts";

/** What a node depends on beside its inputs. */
export interface NodeDependencies {
  /** Its variables. */
  readonly vars: Readonly<Record<string, unknown>>;
  /** Its factory, by name, and the arguments of it. */
  readonly factory: readonly [name: string | null, args: unknown];
  /** Hash of its code. */
  readonly source: string;
}

/** A node whose epochs are cached. */
export class CachedNode {
  /** Its name. */
  readonly name: string;
  /** How it is cached. */
  readonly settings: CacheSettings;
  readonly #conditions: readonly string[];
  readonly #fingerprint: string;

  /**
   * Creates the node.
   *
   * @param conditions Names of its input conditions that take data.
   */
  constructor(
    name: string,
    settings: CacheSettings,
    conditions: readonly string[],
    dependencies: NodeDependencies,
  ) {
    this.name = name;
    this.settings = settings;
    this.#conditions = conditions;
    this.#fingerprint = fingerprint(settings, dependencies);
  }

  /**
   * The key of an epoch.
   *
   * @throws {NotSerializableError} If an input has no canonical form.
   */
  key(condition: string, inputs: readonly PortValue[]): string {
    const { netVersion, nodeVersion, keyIncludes, maxValueBytes } = this.settings;
    return canonicalDigest([
      CACHE_FORMAT,
      this.name,
      netVersion,
      nodeVersion,
      condition,
      keyIncludes.includes("inputs") ? inputDigest(inputs, maxValueBytes) : null,
      this.#fingerprint,
    ]);
  }

  /** The keys that these inputs may have: that of the condition, or of each. */
  keysFor(inputs: Readonly<Record<string, readonly unknown[]>>, condition?: string): string[] {
    const values = Object.entries(inputs)
      .flatMap(([portName, values]) => values.map((value) => ({ portName, value })));
    const conditions = condition === undefined ? this.#conditions : [condition];
    return conditions.map((name) => this.key(name, values));
  }
}

/** What stands in the key for all that a node depends on beside its inputs; values are hashed only. */
function fingerprint(
  { keyIncludes, keyExcludeVars }: CacheSettings,
  { vars, factory, source }: NodeDependencies,
): string {
  const included = Object.entries(vars)
    .filter(([name]) => !keyExcludeVars.includes(name))
    .sort(([a], [b]) => a < b ? -1 : 1);
  return canonicalDigest([
    keyIncludes.includes("vars") ? included.map(([name, value]) => [name, hashable(value)]) : null,
    keyIncludes.includes("factory_args") ? hashable(factory) : null,
    keyIncludes.includes("source") ? source : null,
  ]);
}

/**
 * Anything that code may have put into arguments as data that has a canonical form: functions as their
 * texts, instances of classes by their properties.
 */
export function hashable(value: unknown, seen: Map<object, number> = new Map()): unknown {
  if (typeof value === "function") return ["function", Function.prototype.toString.call(value)];
  if (typeof value === "symbol") return ["symbol", String(value)];
  if (typeof value !== "object" || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return ["same", known];
  seen.set(value, seen.size);
  const inside = (part: unknown) => hashable(part, seen);
  if (Array.isArray(value)) return ["array", ...Array.from(value, inside)];
  if (value instanceof Map) return ["map", ...Array.from(value, (entry) => entry.map(inside))];
  if (value instanceof Set) return ["set", ...Array.from(value, inside)];
  if (value instanceof Date || value instanceof RegExp || ArrayBuffer.isView(value)) return value;
  const { name } = Object.getPrototypeOf(value)?.constructor ?? {};
  return [String(name), ...Object.entries(value).map(([key, member]) => [key, inside(member)])];
}
