/**
 * `--input` and `--input-file`: the packets that a run is given.
 *
 * @module
 */
import { resolve } from "node:path";
import { formatOfPath, type RecordFormat } from "../../runtime/formats/format.ts";
import { readRecords, readRecordsOfFile } from "../../runtime/formats/read_records.ts";
import { fromJSONValue } from "../../runtime/packets/json_value.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import type { Graph } from "../../sim/graph.ts";
import { type CommandCall, CommandError, type Option } from "../command.ts";
import { splitAssignment } from "../variables.ts";

/** Options that give packets. */
export const inputOptions: readonly Option[] = [
  { name: "input", value: "NODE.PORT=JSON", many: true, help: "inject one packet with this value" },
  {
    name: "input-file",
    value: "NODE.PORT=FILE",
    many: true,
    help:
      "inject a packet a record: .jsonl, .json, .csv, .tsv, .txt; - is standard input, JSON lines",
  },
  { name: "cast", help: "of tables, turn texts into numbers and booleans where nothing is lost" },
];

/** Values for one input port, read as they are needed. */
export interface RunInput {
  /** The node. */
  readonly node: string;
  /** Its port. */
  readonly port: string;
  /** The values. */
  readonly values: Iterable<unknown> | AsyncIterable<unknown>;
}

/**
 * The packets that a call gives; nothing is read yet but the values of `--input`.
 *
 * @throws {CommandError} If a place does not exist, or a value is no JSON.
 */
export function givenInputs(call: CommandCall, graph: Graph): RunInput[] {
  const inputs: RunInput[] = [];
  for (const text of call.values("input")) {
    const [place, json] = splitAssignment("input", text, "NODE.PORT=JSON");
    const value = parseValue(json, `--input ${place}`);
    inputs.push({ ...findPort(graph, "input", place), values: [value] });
  }
  for (const text of call.values("input-file")) {
    const [place, file] = splitAssignment("input-file", text, "NODE.PORT=FILE");
    const values = openRecords(call, file);
    inputs.push({ ...findPort(graph, "input-file", place), values });
  }
  return inputs;
}

/**
 * A value that was given as JSON; `$bytes` and `$bigint` are read as they are printed.
 *
 * @throws {CommandError} If it is no JSON.
 */
export function parseValue(text: string, place: string): unknown {
  try {
    return fromJSONValue(JSON.parse(text));
  } catch (error) {
    const hint = /^[\w. -]+$/.test(text) ? `; a text needs quotes: '"${text}"'` : "";
    throw new CommandError(`${place} is not JSON: ${(error as Error).message}${hint}`, {
      cause: error,
    });
  }
}

/**
 * The records of a file, or of standard input.
 *
 * @throws {CommandError} If there is no such file, or it may not be read.
 */
export function openRecords(call: CommandCall, file: string): AsyncGenerator<unknown> {
  const cast = call.flag("cast");
  if (file === "-") {
    return readRecords(call.io.stdin, { format: "jsonl", source: "standard input", cast });
  }
  const path = resolve(call.io.cwd, file);
  try {
    if (Deno.statSync(path).isDirectory) throw new Error("it is a folder");
    Deno.openSync(path).close();
  } catch (error) {
    throw new CommandError(`Cannot read ${path}: ${(error as Error).message}`, { cause: error });
  }
  const format = formatOf(path);
  return readRecordsOfFile(path, { format, cast });
}

function formatOf(path: string): RecordFormat {
  try {
    return formatOfPath(path);
  } catch (cause) {
    throw new CommandError(
      `Cannot tell the format of ${path}: its extension must be one of .jsonl, .json, .csv, .tsv, ` +
        ".txt; JSON lines can also come from standard input, as -",
      { cause },
    );
  }
}

/** Both names may hold dots: the split is the one at which node and port exist. */
function findPort(graph: Graph, option: string, place: string): { node: string; port: string } {
  const splits = [...place.matchAll(/\./g)].map(({ index }) => ({
    node: place.slice(0, index),
    port: place.slice(index + 1),
  }));
  const nodes = splits.filter(({ node }) => graph.node(node) !== undefined);
  const fits = nodes.filter(({ node, port }) =>
    graph.node(node)!.inPorts.some(({ name }) => name === port)
  );
  if (fits.length === 1) return fits[0]!;
  if (fits.length > 1) {
    throw new CommandError(
      `--${option} ${place} is ambiguous: it fits ${fits.map(describe).join(" and ")}`,
    );
  }
  if (nodes.length > 0) {
    const { node, port } = nodes[0]!;
    const ports = graph.node(node)!.inPorts.map(({ name }) => name);
    throw new CommandError(
      `--${option} ${place}: node "${node}" has no input port "${port}"; it has ` +
        (ports.length === 0 ? "none" : ports.join(", ")),
    );
  }
  const whole = graph.node(place);
  if (whole) {
    const ports = whole.inPorts.map(({ name }) => `${place}.${name}`);
    throw new CommandError(
      `--${option} ${place}: name a port of the node too: ` +
        (ports.length === 0 ? "it has none that takes packets" : ports.join(", ")),
    );
  }
  const near = nearestName(splits[0]?.node ?? place, graph.nodes.map(({ name }) => name));
  throw new CommandError(
    `--${option} ${place}: no such node; the form is NODE.PORT` +
      (near === undefined ? "" : `; did you mean node "${near}"?`),
  );
}

function describe({ node, port }: { node: string; port: string }): string {
  return `port "${port}" of node "${node}"`;
}
