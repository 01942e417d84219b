// What stands around functions: comments, nodeConfig, node().
// deno-lint-ignore-file
import { node as declare } from "./node_helper.ts";
import * as authoring from "./node_helper.ts";

/**
 * Splits a text.
 *
 *   Indented lines stay so.
 *
 * ```ts
 * // @param is no tag in here
 * ```
 * @param text What to split.
 * @param options - How.
 * @param options.by Where.
 * @returns The parts,
 * over two lines.
 */
export function split(text: string, by = " "): string[] {
  return text.split(by);
}
split.nodeConfig = {
  description: `fixed`,
  in_ports: { text: { slots_spec: { type: "finite", capacity: 3 } } },
  extra: { offset: -1, list: [1, null, true] },
};

/**
 * @param size The rectangle.
 * @param size.w Its width.
 * @param h Its height.
 */
export function area({ w, h }: { w: number; h: number }) {
  return w * h;
}
area.nodeConfig = `description = "by TOML"`;

export const computedConfig = (a: number) => a;
(computedConfig as any).nodeConfig = { description: String(1), extra: { a: 1, ...{} } };

/** Declared. */
export const declared = declare(
  { in: { rows: {} }, out: { even: String }, name: "declared", stream: true, ["x"]: 1 },
  ({ rows }: any) => ({ even: rows }),
);

export const qualified = authoring.node({ description: "all literal" }, (x: any) => x);

/** The first of two. */
export const first = (a: number) => a,
  /** The second. */
  second = (b: number) => b;

export const computed = [1, 2].map;
export const bound = split.bind(null);

// A line comment in between.
/** Right before. */
// And one more.
export function close(a: number) {}
