/**
 * `netrun cache stats`, `ls`, `show`, `clear`, `verify`: the stored results of a net.
 *
 * @module
 */
import { Net } from "../../runtime/net/net.ts";
import { toJSONValue } from "../../runtime/packets/json_value.ts";
import type { CachedEpoch, CacheStats } from "../../runtime/storage/net_cache.ts";
import { numberOption } from "../arguments.ts";
import { type Command, type CommandCall, CommandError, type Option } from "../command.ts";
import { findConfig } from "../find_config.ts";
import { noSuchNode } from "../net_file.ts";
import { printJson } from "../output.ts";
import { variableOptions, variablesOf } from "../variables.ts";

const nodeOption: Option = {
  name: "node",
  short: "n",
  value: "NODE",
  help: "of this node; by default of all",
};

const options: readonly Option[] = [nodeOption, ...variableOptions];

/** `netrun cache stats`. */
export const stats: Command = {
  description: "Counts the stored results of each node.",
  options,
  examples: [["netrun cache stats", "all nodes that are cached"]],
  run: (call) =>
    withNet(call, (net) => {
      printJson(
        call,
        Object.fromEntries(
          nodesOf(call, net).map((node) => [node, statsToJSON(net.cache.stats(node))]),
        ),
      );
      return 0;
    }),
};

/** `netrun cache ls`. */
export const list: Command = {
  description: "Lists the stored results, oldest first.",
  options,
  examples: [["netrun cache ls -n train", "those of one node"]],
  run: (call) =>
    withNet(call, (net) => {
      printJson(call, entriesOf(call, net).map(summary));
      return 0;
    }),
};

/** `netrun cache show`. */
export const show: Command = {
  description: "Prints a stored result with its inputs and outputs.",
  positionals: [{ name: "KEY", required: true, help: "its key, or the beginning of it" }],
  options,
  examples: [["netrun cache show 3f2a", "the beginning of a key is enough"]],
  run: (call) =>
    withNet(call, (net) => {
      const [key] = call.positionals;
      const found = entriesOf(call, net).filter((entry) => entry.key.startsWith(key!));
      if (found.length !== 1) {
        const how = found.length === 0 ? "No stored result has" : `${found.length} results have`;
        throw new CommandError(`${how} the key ${key}: see \`netrun cache ls\``);
      }
      const [entry] = found as [CachedEpoch];
      printJson(call, {
        ...summary(entry),
        inputs: toJSONValue(entry.inputValuesByPort),
        outputs: toJSONValue(entry.outputPortValues),
        salvos: entry.outputSalvoNames,
      });
      return 0;
    }),
};

/** `netrun cache clear`. */
export const clear: Command = {
  description: "Removes stored results, all or those that the options name.",
  options: [
    ...options,
    { name: "net-version", value: "N", help: "stored with this version of the net's cache" },
    { name: "node-version", value: "N", help: "stored with this version of the node's cache" },
    { name: "older-than", value: "SECONDS", help: "stored before so many seconds" },
  ],
  examples: [
    ["netrun cache clear -n train", "one node"],
    ["netrun cache clear --older-than 86400", "what is older than a day"],
  ],
  run: (call) =>
    withNet(call, (net) => {
      const node = call.value("node");
      const netVersion = numberOption(call, "net-version", { what: "a version" });
      const nodeVersion = numberOption(call, "node-version", { what: "a version" });
      const age = numberOption(call, "older-than", { what: "a number of seconds" });
      const hasFilter = [netVersion, nodeVersion, age].some((value) => value !== undefined);
      const cleared = hasFilter
        ? net.cache.clear({
          ...node !== undefined && { node },
          ...netVersion !== undefined && { netVersion },
          ...nodeVersion !== undefined && { nodeVersion },
          ...age !== undefined && { olderThan: Date.now() - age * 1000 },
        })
        : net.cache.clear(node);
      printJson(call, { cleared });
      return 0;
    }),
};

/** `netrun cache verify`. */
export const verify: Command = {
  description:
    "Reads every stored result and removes those that are damaged; ends with 1 if any were.",
  options: variableOptions,
  examples: [["netrun cache verify", "prints how many are intact"]],
  run: (call) =>
    withNet(call, (net) => {
      const found = net.cache.verify();
      printJson(call, found);
      return found.corrupt > 0 ? 1 : 0;
    }),
};

/** Does something with a net that is not run. */
async function withNet(call: CommandCall, work: (net: Net) => number): Promise<number> {
  // The keys of entries depend on the code, which is loaded to be found as a run finds it.
  const net = await Net.fromFile(findConfig(call), { ...variablesOf(call), cache: true });
  try {
    return work(net);
  } finally {
    await net.close();
  }
}

function nodesOf(call: CommandCall, net: Net): string[] {
  const node = call.value("node");
  if (node === undefined) return [...net.cache.stats().keys()];
  if (!net.graph.node(node)) throw noSuchNode(node, net.graph.nodes.map(({ name }) => name));
  return [node];
}

function entriesOf(call: CommandCall, net: Net): CachedEpoch[] {
  return nodesOf(call, net).flatMap((node) => net.cache.entries(node));
}

function summary(entry: CachedEpoch): Record<string, unknown> {
  return {
    node: entry.nodeName,
    key: entry.key,
    condition: entry.inSalvoCondition,
    mode: entry.mode,
    net_version: entry.netVersion,
    node_version: entry.nodeVersion,
    epoch: entry.originalEpochId,
    cached_at: new Date(entry.cachedAt).toISOString(),
    last_used_at: new Date(entry.lastUsedAt).toISOString(),
    size_bytes: entry.sizeBytes,
  };
}

function statsToJSON(stats: CacheStats): Record<string, unknown> {
  const { entryCount, epochCount, sampleSize, ...counts } = stats;
  return {
    entry_count: entryCount,
    epoch_count: epochCount,
    sample_size: sampleSize,
    ...counts,
  };
}
