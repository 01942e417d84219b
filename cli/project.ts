/**
 * The project that a command is about, with or without a net file.
 *
 * @module
 */
import { NetConfig } from "../runtime/config/net_config.ts";
import { ModuleLoader } from "../runtime/modules/loader.ts";
import { type CommandCall, CommandError } from "./command.ts";
import { findConfig } from "./find_config.ts";

/** A project: the folder that references start from, and what loads them. */
export interface Project {
  /** Absolute path of its root. */
  readonly root: string;
  /** Reads and loads its modules. */
  readonly loader: ModuleLoader;
}

/** The project of the net file of a call; without one that of the working folder. */
export async function findProject(call: CommandCall): Promise<Project> {
  const root = await projectRoot(call);
  const allowModules = [...call.values("allow-module")];
  return { root, loader: new ModuleLoader({ projectRoot: root, allowModules }) };
}

async function projectRoot(call: CommandCall): Promise<string> {
  try {
    return (await NetConfig.fromFile(findConfig(call))).projectRootPath;
  } catch (error) {
    const isNamed = call.value("config") !== undefined || call.io.env("NETRUN_CONFIG");
    if (error instanceof CommandError && !isNamed) return call.io.cwd;
    throw error;
  }
}
