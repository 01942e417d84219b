/**
 * The factory `netrun:read`: sends the records of a file.
 *
 * @module
 */
import * as z from "zod";
import type { NodeExecutionContext } from "../execution/node_execution_context.ts";
import type { RecordFormat } from "../formats/format.ts";
import { readRecordsOfFile } from "../formats/read_records.ts";
import type { VarRef } from "../schema/reference.ts";
import { nonEmpty, oncePerEpoch, sendAll, takeCount } from "./conditions.ts";
import { NodeInputError } from "./error.ts";
import { checkFormat, formatField, pathField } from "./file_args.ts";
import { type PacketsByPort, packetsOf } from "./input_values.ts";
import type { Factory } from "./protocol.ts";
import { pathFromRoot, resolveArgs } from "./resolve_args.ts";
import { show } from "./args.ts";
import { sendLoaded } from "./send_result.ts";

const shape = z.strictObject({
  path: pathField.optional().describe("The file, from the project root; without it a port `path`"),
  format: formatField.describe("How the file is written; by default its extension says it"),
  cast: z.boolean("must be true or false").default(false)
    .describe("Of tables: numbers and booleans instead of their texts"),
  batch: z.int("must be an integer >= 1").min(1, "must be an integer >= 1").optional()
    .describe("Send arrays of so many records instead of each by itself"),
});
const argsSchema = shape.superRefine(checkFormat);

interface ReadArgs {
  path?: string | VarRef;
  format?: RecordFormat;
  cast: boolean;
  batch?: number;
}

/** Sends the records of a file, one packet each, as they are read. */
export const read: Factory = {
  argsSchema,
  factoryDesc:
    "Reads a file and sends a packet for each of its records: a row of `csv` and `tsv`, " +
    "a line of `jsonl` and `lines`, an element of `json`, all of `text` and `bytes`.\n\n" +
    "Records go on their way while the file is still being read, so that a file of any size needs " +
    "little memory. Without `path` the node has an input port of that name.",
  getNodeConfig(_netConfig, args) {
    const { path } = args as unknown as ReadArgs;
    return {
      type: "node",
      name: "read",
      ...(path === undefined
        ? {
          in_ports: new Map([["path", { port_type: "string" }]]),
          in_salvo_conditions: new Map([[
            "trigger",
            oncePerEpoch(new Map([["path", takeCount(1)]]), nonEmpty("path")),
          ]]),
        }
        : {}),
      out_ports: new Map([["out", {}]]),
      out_salvo_conditions: new Map([
        ["send", { ...sendAll(["out"]), max_salvos: { type: "infinite" } }],
      ]),
      execution_config: { pools: ["main"] },
      streams: true,
    };
  },
  getNodeFuncs(_netConfig, args, context) {
    const resolved = resolveArgs<ReadArgs>(shape, args, context);
    return {
      exec: (ctx, packets) => readFile(ctx, packets, resolved as ReadArgs & { path?: string }),
    };
  },
};

/** Sends every record, and stops for a commit after each. */
async function* readFile(
  ctx: NodeExecutionContext,
  packets: PacketsByPort,
  { path, format, cast, batch = 1 }: ReadArgs & { path?: string },
): AsyncGenerator<undefined, void> {
  const file = pathFromRoot(ctx.projectRoot, path ?? pathInput(ctx, packets));
  const records = readRecordsOfFile(file, { ...(format === undefined ? {} : { format }), cast });
  let waiting: unknown[] = [];
  const send = (value: unknown) => {
    ctx.loadOutputPort("out", ctx.createPacket(value));
    sendLoaded(ctx);
  };
  for await (const record of records) {
    ctx.signal.throwIfAborted();
    waiting.push(record);
    if (waiting.length < batch) continue;
    send(batch === 1 ? record : waiting);
    waiting = [];
    yield;
  }
  if (batch > 1 && waiting.length > 0) send(waiting);
}

/** The path that a packet names. */
function pathInput(ctx: NodeExecutionContext, packets: PacketsByPort): string {
  const [id] = packetsOf(packets, "path");
  const path = id === undefined ? undefined : ctx.consumePacket(id);
  if (typeof path === "string" && path !== "") return path;
  throw new NodeInputError(ctx.nodeName, "path", `must be the path of a file, got ${show(path)}`);
}
