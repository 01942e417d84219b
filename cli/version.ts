/**
 * The package's version.
 *
 * @module
 */
import configuration from "../deno.json" with { type: "json" };

/** Version of the package, as published. */
export const version: string = configuration.version;
