/**
 * What can be said when a net is made and closed.
 *
 * @module
 */
import type { NetConfig } from "../config/net_config.ts";
import type { EngineOptions } from "./build.ts";
import type { NetCode } from "./net_code.ts";

/** Options of making a net. */
export interface NetOptions extends EngineOptions {
  /**
   * Whether `init` executes the nodes with `run_on_init`.
   *
   * @default {true}
   */
  runInitNodes?: boolean;
  /**
   * Seconds that epochs in flight get at `close` before they are cancelled.
   *
   * @default {10}
   */
  closeTimeout?: number;
  /** Beginnings of URLs, or folders outside the project, whose modules may be loaded. */
  allowModules?: string[];
  /**
   * Whether {@linkcode Net.create} makes the net report to OpenTelemetry.
   *
   * @default {true if the environment variable `OTEL_DENO` is "true"}
   */
  telemetry?: boolean;
}

/** Options of closing a net. */
export interface CloseOptions {
  /** Seconds that the net may first run on, until nothing can happen any more. */
  drain?: number;
}

/** What a net was made of. */
export interface LoadedNet {
  /** The configuration as it was given. */
  config: NetConfig;
  /** The code that the net runs. */
  code: NetCode;
}
