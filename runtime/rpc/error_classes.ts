/**
 * The classes of errors that come out of a message as themselves.
 *
 * @module
 */
import * as execution from "../execution/error.ts";
import * as factories from "../factories/error.ts";
import * as modules from "../modules/error.ts";
import * as net from "../net/error.ts";
import * as packets from "../packets/error.ts";
import * as pools from "../pools/error.ts";
import * as schema from "../schema/error.ts";
import * as sim from "../../sim/error.ts";
import * as rpc from "./error.ts";

const builtIn = [
  Error,
  EvalError,
  RangeError,
  ReferenceError,
  SyntaxError,
  TypeError,
  URIError,
  AggregateError,
];

/** Prototypes by the name of the class: those of the language, Deno's, and the package's. */
export const errorPrototypes: ReadonlyMap<string, Error> = new Map([
  ...[...builtIn, ...Object.values(Deno.errors)].map((
    { name, prototype },
  ): [string, Error] => [name, prototype]),
  ...[sim, schema, modules, factories, packets, rpc, pools, execution, net]
    .flatMap((module) => Object.entries(module as Record<string, unknown>))
    .filter(([name, value]) => isErrorClass(value) && name !== "RemoteError")
    .map(([name, value]): [string, Error] => [name, (value as typeof Error).prototype]),
]);

function isErrorClass(value: unknown): boolean {
  return typeof value === "function" && value.prototype instanceof sim.NetrunError;
}
