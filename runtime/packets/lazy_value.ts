/**
 * Values that are computed when they are needed.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { LazyPacketValueEvaluationError } from "./error.ts";

/**
 * The value of a packet as a call that is made when the packet is first taken as an input.
 *
 * It is a class, so that data which happens to look the same is never taken for one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const spec = new LazyPacketValueSpec("./load.ts::loadTable", ["sales"]);
 * assertEquals(spec.args, ["sales"]);
 * assertEquals(isLazyPacketValue({ funcImportPath: "./load.ts::loadTable" }), false);
 * ```
 */
export class LazyPacketValueSpec {
  /** Reference of the function, such as `./load.ts::loadTable`. */
  readonly funcImportPath: string;
  /** Its positional arguments; they must be copyable. */
  readonly args: readonly unknown[];
  /** Named arguments, passed as one object after the others if there are any. */
  readonly kwargs: Readonly<Record<string, unknown>>;

  /** Creates the specification of a call. */
  constructor(
    funcImportPath: string,
    args: readonly unknown[] = [],
    kwargs: Readonly<Record<string, unknown>> = {},
  ) {
    this.funcImportPath = funcImportPath;
    this.args = args;
    this.kwargs = kwargs;
  }
}

/** Whether a packet's value still has to be computed. */
export function isLazyPacketValue(value: unknown): value is LazyPacketValueSpec {
  return value instanceof LazyPacketValueSpec;
}

/** Computes the value of a lazy packet. */
export type LazyValueEvaluator = (spec: LazyPacketValueSpec, packetId: PacketId) => unknown;

/** A function as loading a reference returns it. */
export type LoadedFunction = (...args: unknown[]) => unknown;

/**
 * Returns an evaluator that loads each function with `loadFunction` and calls it.
 *
 * What `loadFunction` throws passes unchanged; what the function throws becomes the cause of a
 * {@linkcode LazyPacketValueEvaluationError}.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const evaluate = lazyValueEvaluator(() => (a, b) => Number(a) + Number(b));
 * assertEquals(await evaluate(new LazyPacketValueSpec("./math.ts::add", [1, 2]), "01J0"), 3);
 * ```
 */
export function lazyValueEvaluator(
  loadFunction: (reference: string) => LoadedFunction | Promise<LoadedFunction>,
): (spec: LazyPacketValueSpec, packetId: PacketId) => Promise<unknown> {
  return async (spec, packetId) => {
    const { funcImportPath, args, kwargs } = spec;
    const compute = await loadFunction(funcImportPath);
    try {
      return await (Object.keys(kwargs).length > 0 ? compute(...args, kwargs) : compute(...args));
    } catch (cause) {
      throw new LazyPacketValueEvaluationError(packetId, funcImportPath, { cause });
    }
  };
}
