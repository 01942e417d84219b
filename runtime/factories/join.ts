/**
 * The factory `netrun:join`: waits for packets on all inputs and sends one object.
 *
 * @module
 */
import * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import {
  allOf,
  anyOf,
  atLeast,
  nonEmpty,
  oncePerEpoch,
  sendAll,
  takeAll,
  takeCount,
} from "./conditions.ts";
import type { SalvoConditionConfig } from "../schema/salvo_condition.ts";
import { show } from "./args.ts";
import { NodeInputError } from "./error.ts";
import { type PacketsByPort, packetsOf } from "./input_values.ts";
import type { Factory, Pairing, PairingKey } from "./protocol.ts";

const argsSchema = z.strictObject({
  ports: z.unknown().superRefine(checkPorts).default(["a", "b"])
    .describe("Names of the input ports, or an object from name to how many packets to take")
    .meta({
      anyOf: [
        { type: "array", items: { type: "string", minLength: 1 }, minItems: 1, uniqueItems: true },
        { type: "object", additionalProperties: { type: "integer", minimum: 1 }, minProperties: 1 },
      ],
    }),
  by: z.unknown().superRefine(checkBy).optional()
    .describe("Pair packets by a key: a path into the values, or an object from port to path")
    .meta({
      anyOf: [{ type: "string" }, { type: "object", additionalProperties: { type: "string" } }],
    }),
}).superRefine((args, ctx) => {
  if (args.by === undefined || ctx.issues.length > 0) return;
  const counts = portCounts(args.ports);
  for (const [port, count] of counts) {
    if (count !== 1) {
      ctx.addIssue({
        code: "custom",
        path: ["ports", port],
        message: `must be 1, since \`by\` pairs one packet of each port`,
      });
    }
  }
  if (typeof args.by === "string") return;
  const paths = new Map(entriesOf(args.by as object));
  for (const port of counts.keys()) {
    if (!paths.has(port)) {
      ctx.addIssue({
        code: "custom",
        path: ["by"],
        message: `must have a path for port '${port}'`,
      });
    }
  }
  for (const port of paths.keys()) {
    if (!counts.has(port)) {
      ctx.addIssue({ code: "custom", path: ["by", port], message: "must name one of the ports" });
    }
  }
});

interface JoinArgs {
  ports: unknown;
  by?: unknown;
}

/** Waits for packets on all inputs and sends one object with a member for each. */
export const join: Factory = {
  argsSchema,
  factoryDesc: "Waits until every input holds its packets and sends one object `{port: value}`; " +
    "a port that takes several gives an array.\n\n" +
    "Packets pair in the order in which they arrive. Where branches run in parallel, that is not " +
    "the order in which they set out: give the nodes of the branches `ordered`, or pair by a key " +
    'with `by`: `"id"`, or `{"a": "id", "b": "order.id"}` with a path into the values for each ' +
    "port. Packets that find no partner leave by `unmatched` as `{port, value}` once nothing " +
    "upstream is left to do.",
  getNodeConfig(_netConfig, args) {
    const { ports, by } = args as unknown as JoinArgs;
    const counts = portCounts(ports);
    const names = [...counts.keys()];
    const outputs = by === undefined ? ["out"] : ["out", "unmatched"];
    return {
      type: "node",
      name: "join",
      in_ports: new Map(names.map((port) => [port, {}])),
      out_ports: new Map(outputs.map((port) => [port, {}])),
      in_salvo_conditions: by === undefined
        ? new Map([["trigger", whenAllHold(counts)]])
        : new Map([
          [PAIR, { ...whenAllHold(counts), manual: true }],
          [REST, {
            ...oncePerEpoch(
              new Map(names.map((port) => [port, takeAll])),
              anyOf(names.map(nonEmpty)),
            ),
            manual: true,
          }],
        ]),
      out_salvo_conditions: new Map([["send", sendAll(outputs)]]),
    };
  },
  getNodeFuncs(_netConfig, args) {
    const { ports, by } = args as unknown as JoinArgs;
    const counts = portCounts(ports);
    if (by === undefined) return { exec: (ctx, packets) => joinPackets(ctx, packets, counts) };
    const pairing = pairingBy(by as string | object, [...counts.keys()]);
    return { exec: (ctx, packets) => pairPackets(ctx, packets, pairing), pairing };
  },
};

const PAIR = "pair";
const REST = "rest";

/** Sends `{port: value}` of the first packets of every port. */
function joinPackets(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  counts: ReadonlyMap<string, number>,
): void {
  const joined = [...counts].map(([port, count]): [string, unknown] => {
    const ids = packetsOf(packets, port);
    if (ids.length !== count) {
      throw new NodeInputError(
        ctx.nodeName,
        port,
        `join takes ${count} of its packets at a time, got ${ids.length}`,
      );
    }
    const values = ids.map((id) => ctx.consumePacket(id));
    return [port, count === 1 ? values[0] : values];
  });
  ctx.loadOutputPort("out", ctx.createPacket(Object.fromEntries(joined)));
  ctx.sendOutputSalvo("send");
}

/** Sends `{port: value}` if the packets are one of every port and of one key, else each as unmatched. */
function pairPackets(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  pairing: KeyPaths,
): void {
  const arrived = [...pairing.paths.keys()].flatMap((port) =>
    packetsOf(packets, port).map((id) => {
      const value = ctx.consumePacket(id);
      const key = pairing.keyOf(port, value);
      if (key === undefined) throw badKey(ctx, port, value, pairing.paths.get(port)!);
      return { port, value, key };
    })
  );
  const isPair = arrived.length === pairing.paths.size &&
    new Set(arrived.map(({ port }) => port)).size === arrived.length &&
    new Set(arrived.map(({ key }) => key)).size === 1;
  if (isPair) {
    const joined = Object.fromEntries(arrived.map(({ port, value }) => [port, value]));
    ctx.loadOutputPort("out", ctx.createPacket(joined));
  } else {
    for (const { port, value } of arrived) {
      ctx.loadOutputPort("unmatched", ctx.createPacket({ port, value }));
    }
  }
  if (arrived.length > 0) ctx.sendOutputSalvo("send");
}

function badKey(
  ctx: NodeExecutionContext,
  port: string,
  value: unknown,
  path: readonly string[],
): NodeInputError {
  return new NodeInputError(
    ctx.nodeName,
    port,
    `${
      path.join(".")
    } of a packet's value must be a string, number, boolean or bigint to pair by, ` +
      `got ${show(valueAt(value, path))}`,
  );
}

interface KeyPaths extends Pairing {
  /** The path to the key, for each port in order. */
  readonly paths: ReadonlyMap<string, readonly string[]>;
}

/** The pairing that the argument `by` asks for. */
function pairingBy(by: string | object, ports: readonly string[]): KeyPaths {
  const stated = typeof by === "string" ? undefined : new Map(entriesOf(by));
  const paths = new Map(ports.map((port) => {
    const path = (stated === undefined ? by : stated.get(port)) as string;
    return [port, path.split(".")];
  }));
  return {
    pair: PAIR,
    rest: REST,
    paths,
    keyOf(port: string, value: unknown): PairingKey | undefined {
      const path = paths.get(port);
      const key = path === undefined ? undefined : valueAt(value, path);
      return typeof key === "string" || typeof key === "number" || typeof key === "boolean" ||
          typeof key === "bigint"
        ? key
        : undefined;
    },
  };
}

/** What stands at `path` in a value; undefined where nothing does. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  for (const step of path) {
    if (typeof value !== "object" || value === null) return undefined;
    if (value instanceof Map) value = value.get(step);
    else value = Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
  }
  return value;
}

/** The condition that every port holds its count. */
function whenAllHold(counts: ReadonlyMap<string, number>): SalvoConditionConfig<never> {
  return oncePerEpoch(
    new Map([...counts].map(([port, count]) => [port, takeCount(count)])),
    allOf([...counts].map(([port, count]) => count === 1 ? nonEmpty(port) : atLeast(port, count))),
  );
}

/** Ports in order, each with how many of its packets an epoch takes. */
function portCounts(ports: unknown): Map<string, number> {
  return Array.isArray(ports)
    ? new Map(ports.map((port: string) => [port, 1]))
    : new Map(entriesOf(ports as object) as [string, number][]);
}

function entriesOf(object: object): [string, unknown][] {
  return object instanceof Map ? [...object] : Object.entries(object);
}

function checkPorts(ports: unknown, ctx: z.RefinementCtx): void {
  const refuse = (message: string, path: (string | number)[] = []) =>
    ctx.addIssue({ code: "custom", path, message });
  if (typeof ports !== "object" || ports === null) {
    return refuse("must be an array of names or an object of name to count");
  }
  const entries: [string | number, unknown, unknown][] = Array.isArray(ports)
    ? ports.map((name, i) => [i, name, 1])
    : entriesOf(ports).map(([name, count]) => [name, name, count]);
  if (entries.length === 0) refuse("must not be empty");
  const seen = new Set<unknown>();
  for (const [step, name, count] of entries) {
    if (typeof name !== "string" || name === "") refuse("must be a name that is not empty", [step]);
    else if (seen.has(name)) refuse("must not contain duplicate names", [step]);
    else if (!Number.isInteger(count) || (count as number) < 1) {
      refuse("count must be an integer >= 1", [step]);
    }
    seen.add(name);
  }
}

function checkBy(by: unknown, ctx: z.RefinementCtx): void {
  if (by === undefined) return;
  const refuse = (message: string, path: string[] = []) =>
    ctx.addIssue({ code: "custom", path, message });
  const isPath = (path: unknown) =>
    typeof path === "string" && path !== "" && !path.split(".").includes("");
  if (typeof by === "string") {
    if (!isPath(by)) refuse("must be a path such as 'order.id'");
  } else if (typeof by !== "object" || by === null || Array.isArray(by)) {
    refuse("must be a path or an object of port to path");
  } else {
    for (const [port, path] of entriesOf(by)) {
      if (!isPath(path)) refuse("must be a path such as 'order.id'", [port]);
    }
  }
}
