/**
 * The factories of this package, each loaded when a net first uses it.
 *
 * @module
 */
import type { Factory } from "./protocol.ts";

/** How to load each built-in factory, by the name after `netrun:`. */
const BUILT_INS: Readonly<Record<string, () => Promise<Factory>>> = {
  function: () => import("./function.ts").then((module) => module.functionFactory),
  broadcast: () => import("./broadcast.ts").then((module) => module.broadcast),
  join: () => import("./join.ts").then((module) => module.join),
  command: () => import("./command.ts").then((module) => module.command),
  read: () => import("./read.ts").then((module) => module.read),
  write: () => import("./write.ts").then((module) => module.write),
};

/**
 * A built-in factory by its name, such as `broadcast`.
 *
 * @throws {RangeError} If there is none of that name.
 */
export function loadBuiltIn(name: string): Promise<Factory> {
  if (!Object.hasOwn(BUILT_INS, name)) throw new RangeError(`No built-in factory ${name}`);
  return BUILT_INS[name]!();
}
