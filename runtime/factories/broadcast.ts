/**
 * The factory `netrun:broadcast`: copies each incoming packet to every output port.
 *
 * @module
 */
import * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import { COPY_MODES, type CopyMode, copyValue, findUncloneable } from "./copy_value.ts";
import { nonEmpty, oncePerEpoch, sendAll, takeCount } from "./conditions.ts";
import { NodeInputError, NodeOutputError } from "./error.ts";
import type { PacketsByPort } from "./input_values.ts";
import type { Factory } from "./protocol.ts";

/** Most ports a broadcast may have, a guard against a slip of the finger. */
const MAX_PORTS = 10_000;

const portCount = z.custom<number>(
  (value) => Number.isInteger(value) && (value as number) >= 1 && (value as number) <= MAX_PORTS,
  `must be an integer >= 1, at most ${MAX_PORTS}`,
).meta({ type: "integer", minimum: 1, maximum: MAX_PORTS });

const argsSchema = z.strictObject({
  num_inputs: portCount.default(1).describe("How many input ports, each by itself"),
  num_outputs: portCount.default(2).describe("How many output ports, each getting every packet"),
  copy_mode: z.enum(["none", "shallow", "deep"], {
    error: `must be one of ${COPY_MODES.join(", ")}`,
  }).default("none").describe(
    "What each output gets: the same value, a new outermost object, a deep copy",
  ),
});

interface BroadcastArgs {
  num_inputs: number;
  num_outputs: number;
  copy_mode: CopyMode;
}

const EXTRA = {
  ui: { shape: "triangle-left", hideLabel: true, hideDescription: true, hidePortNames: true },
};

/** Copies each incoming packet to every output port. */
export const broadcast: Factory = {
  argsSchema,
  factoryDesc: "Copies each incoming packet to every output port.\n\n" +
    "`copy_mode` `none` hands every output the same value: on the `main` pool they share its " +
    "memory, so that a node changing it changes it for the others; on other pools each node gets " +
    "a copy anyway. `shallow` makes a new outermost object, `deep` a copy of everything.",
  getNodeConfig(_netConfig, args) {
    const { num_inputs, num_outputs } = args as unknown as BroadcastArgs;
    const inputs = portNames("in", num_inputs);
    const outputs = portNames("out", num_outputs);
    return {
      type: "node",
      name: "broadcast",
      in_ports: new Map(inputs.map((port) => [port, {}])),
      out_ports: new Map(outputs.map((port) => [port, {}])),
      in_salvo_conditions: new Map(inputs.map((port) => [
        inputs.length === 1 ? "trigger" : `trigger_${port}`,
        oncePerEpoch(new Map([[port, takeCount(1)]]), nonEmpty(port)),
      ])),
      out_salvo_conditions: new Map([["send", sendAll(outputs)]]),
      extra: EXTRA,
    };
  },
  getNodeFuncs(_netConfig, args) {
    const { num_outputs, copy_mode } = args as unknown as BroadcastArgs;
    const outputs = portNames("out", num_outputs);
    return { exec: (ctx, packets) => broadcastPackets(ctx, packets, outputs, copy_mode) };
  },
};

function portNames(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, i) => `${prefix}_${i}`);
}

/** Sends a copy of every packet of the epoch through each of the outputs. */
function broadcastPackets(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  outputs: readonly string[],
  mode: CopyMode,
): void {
  const ids = Object.values(packets).flat();
  if (ids.length === 0) {
    throw new NodeInputError(
      ctx.nodeName,
      Object.keys(packets)[0] ?? "in_0",
      "holds no packet, and there is nothing to copy",
    );
  }
  for (const id of ids) {
    const value = ctx.consumePacket(id);
    for (const port of outputs) {
      ctx.loadOutputPort(port, ctx.createPacket(copyFor(ctx, port, value, mode)));
    }
  }
  ctx.sendOutputSalvo("send");
}

/** The copy that one output gets; what cannot be copied is named. */
function copyFor(
  ctx: NodeExecutionContext,
  port: string,
  value: unknown,
  mode: CopyMode,
): unknown {
  try {
    return copyValue(value, mode);
  } catch (cause) {
    const path = findUncloneable(value);
    throw new NodeOutputError(
      ctx.nodeName,
      port,
      `${path === "" ? "the value" : `the member ${path}`} cannot be cloned; ` +
        'take it out, or use copy_mode "shallow" or "none"',
      { cause },
    );
  }
}
