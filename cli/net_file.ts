/**
 * The data of the net file that a command is about, as it is written.
 *
 * @module
 */
import { type ConfigFile, readConfigFile } from "../runtime/config/read_file.ts";
import { nearestName } from "../runtime/schema/nearest_name.ts";
import {
  asObject,
  findNode,
  type FoundNode,
  nodeNames,
  type RawObject,
} from "../runtime/tools/raw_net.ts";
import { type CommandCall, CommandError } from "./command.ts";
import { findConfig } from "./find_config.ts";

/** A net file, read but not checked. */
export interface RawNetFile extends ConfigFile {
  /** Its data: an object. */
  readonly net: RawObject;
}

/**
 * Reads the net file of a call.
 *
 * @param argument The file as a positional argument, for commands that take one.
 * @throws {ConfigFileError} If it cannot be read.
 * @throws {CommandError} If it holds no object.
 */
export async function readNetFile(call: CommandCall, argument?: string): Promise<RawNetFile> {
  const file = await readConfigFile(findConfig(call, argument));
  const net = asObject(file.text.data);
  if (!net) throw new CommandError(`${file.filePath}: a net is an object, with the key \`graph\``);
  return { ...file, net };
}

/**
 * Finds a node by its name; inner nodes by their dotted one.
 *
 * @throws {CommandError} If there is none.
 */
export function requireNode(net: RawObject, name: string): FoundNode {
  const found = findNode(net, name);
  if (found) return found;
  throw noSuchNode(name, nodeNames(net));
}

/** Says that there is no node of a name, and which is near. */
export function noSuchNode(name: string, known: Iterable<string>): CommandError {
  const near = nearestName(name, known);
  return new CommandError(
    `No node "${name}"${near === undefined ? "" : `: did you mean "${near}"?`}`,
  );
}
