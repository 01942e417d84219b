/**
 * The factory `netrun:write`: writes records into a file.
 *
 * @module
 */
import * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import type { RecordFormat } from "../formats/format.ts";
import { RecordFile } from "../formats/record_file.ts";
import type { VarRef } from "../schema/reference.ts";
import { nonEmpty, oncePerEpoch, takeCount } from "./conditions.ts";
import { checkFormat, formatField, pathField } from "./file_args.ts";
import { type PacketsByPort, packetsOf } from "./input_values.ts";
import type { Factory } from "./protocol.ts";
import { pathFromRoot, resolveArgs } from "./resolve_args.ts";

const shape = z.strictObject({
  path: pathField.describe("The file, from the project root"),
  format: formatField.describe("How the file is written; by default its extension says it"),
  append: z.boolean("must be true or false").default(false)
    .describe("Add to the file at once instead of replacing it at the end"),
});
const argsSchema = shape.superRefine((args, ctx) => {
  checkFormat(args, ctx);
  const isJson = (args.format ?? (/\.json$/i.test(String(args.path)) ? "json" : "")) === "json";
  if (args.append && isJson) {
    ctx.addIssue({
      code: "custom",
      path: ["append"],
      message: "must be false for format `json`, which is one value; use `jsonl`",
    });
  }
});

interface WriteArgs {
  path: string | VarRef;
  format?: RecordFormat;
  append: boolean;
}

/** What a `Net` that is being closed tells. */
interface ClosingNet {
  /** Why the last run ended. */
  readonly lastRunReason?: string | undefined;
  /** What the node is doing. */
  nodeState(name: string): {
    /** How many packets wait, by input port. */
    waiting: Readonly<Record<string, number>>;
    /** Epochs that nobody ran. */
    startable: readonly string[];
  };
}

/** Writes the records that arrive into a file, in their order. */
export const write: Factory = {
  argsSchema,
  factoryDesc: "Writes a record for each packet of `in`, in the order in which they arrive.\n\n" +
    "The file appears when the net is closed, and only if the run was not aborted, no epoch of the " +
    "node failed and nothing waits at it. Until then, and otherwise, the records are in " +
    "`PATH.<pid>.part`. With `append` they go to the end of the file at once.\n\n" +
    "Of tables the first record says what the columns are.",
  getNodeConfig() {
    return {
      type: "node",
      name: "write",
      in_ports: new Map([["in", {}]]),
      in_salvo_conditions: new Map([[
        "trigger",
        oncePerEpoch(new Map([["in", takeCount(1)]]), nonEmpty("in")),
      ]]),
      // One process, one epoch at a time: that is what keeps the records in order.
      execution_config: { pools: ["main"], max_parallel_epochs: 1 },
    };
  },
  getNodeFuncs(_netConfig, args, context) {
    const { path, format, append } = resolveArgs<WriteArgs & { path: string }>(
      shape,
      args,
      context,
    );
    const file = new RecordFile(pathFromRoot(context.projectRoot, path), { format, append });
    const failed = new Set<string>();
    const { nodeName = "write" } = context;
    return {
      exec: (ctx, packets) => writePackets(ctx, packets, file, failed),
      close: (net: ClosingNet) => closeFile(file, reasonToLeave(net, nodeName, failed), nodeName),
      onFailure: ({ epochId }: { epochId: string }) => void failed.add(epochId),
    };
  },
};

/** Writes the packets of an epoch; `failed` holds the epochs whose last attempt failed. */
async function writePackets(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  file: RecordFile,
  failed: Set<string>,
): Promise<void> {
  // Here too, since the node may have a failure function of its own in place of ours.
  failed.add(ctx.epochId);
  for (const id of packetsOf(packets, "in")) await file.write(ctx.consumePacket(id));
  failed.delete(ctx.epochId);
}

/** Why the file must not take its place, if so. */
function reasonToLeave(
  net: ClosingNet,
  nodeName: string,
  failed: ReadonlySet<string>,
): string | undefined {
  if (net.lastRunReason === "aborted") return "the run was aborted";
  if (failed.size > 0) return `${failed.size} of its epochs failed`;
  const { waiting, startable } = net.nodeState(nodeName);
  const count = Object.values(waiting).reduce((sum, one) => sum + one, startable.length);
  return count > 0 ? `${count} packets wait at it` : undefined;
}

async function closeFile(
  file: RecordFile,
  reason: string | undefined,
  nodeName: string,
): Promise<void> {
  if (reason === undefined) return await file.commit();
  const part = await file.leave();
  if (part === undefined) return;
  console.error(
    `Node ${JSON.stringify(nodeName)} has not written ${file.path}, because ${reason}; ` +
      `what it got is in ${part}`,
  );
}
