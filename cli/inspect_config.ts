/**
 * The net that an inspecting command shows.
 *
 * @module
 */
import { NetConfig, type ResolvedNetConfig } from "../runtime/config/net_config.ts";
import { ConfigError } from "../runtime/schema/error.ts";
import { ModuleImportError } from "../runtime/modules/error.ts";
import type { CommandCall } from "./command.ts";
import { findConfig } from "./find_config.ts";
import { printWarning, printWarnings } from "./output.ts";

/** A net as far as it could be resolved. */
export interface InspectedConfig {
  /** The net as written. */
  readonly written: NetConfig;
  /** The net as resolved; undefined if it cannot be, which was said on standard error. */
  readonly resolved: ResolvedNetConfig | undefined;
  /** The one that is shown. */
  readonly shown: NetConfig;
}

/**
 * Loads and resolves the net file of a call.
 *
 * @param argument The file as a positional argument, for commands that take one.
 * @throws {ConfigError} If the file cannot be loaded, or with `--strict` resolved.
 */
export async function inspectConfig(
  call: CommandCall,
  argument?: string,
): Promise<InspectedConfig> {
  const written = await NetConfig.fromFile(findConfig(call, argument));
  try {
    const resolved = await written.resolve({
      noImport: call.flag("no-import"),
      allowModules: [...call.values("allow-module")],
    });
    printWarnings(call, resolved.warnings);
    return { written, resolved, shown: resolved };
  } catch (error) {
    const isExpected = error instanceof ConfigError || error instanceof ModuleImportError;
    if (!isExpected || call.flag("strict")) throw error;
    printWarning(call, `could not resolve config: ${error.message}`);
    return { written, resolved: undefined, shown: written };
  }
}
