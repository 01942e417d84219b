/**
 * What workers are told of a net, and how they answer for its nodes.
 *
 * @module
 */
import type { MadeModules } from "../modules/module_cache.ts";
import type { ResolvedNodeConfig } from "../schema/resolved.ts";
import type { JobResult } from "./job.ts";
import { toStagedWire } from "./staged_wire.ts";

/** What a worker is told of the net before the first node. */
export interface WorkerNet {
  readonly poolId: string;
  readonly projectRoot: string;
  readonly allowModules: readonly string[];
  /** The configuration without credentials, if there are factories that may ask for it. */
  readonly netConfig: unknown;
  /** Where a compiled program keeps the JavaScript that it has made. */
  readonly made?: MadeModules | null;
}

/** Key under which {@linkcode WorkerNet} is made known. */
export const NET_KEY = "net";

/** Key under which a node is made known. */
export function nodeKey(nodeName: string): string {
  return `node:${nodeName}`;
}

/** Key after which nothing more may be made known but nodes that are. */
export const LOCK_KEY = "lock";

/** A node as workers are told of it: with all of its configuration, or by name if they have that. */
export type NodeReference =
  | { readonly kind: "factory"; readonly node: ResolvedNodeConfig }
  | { readonly kind: "node"; readonly node: string };

/** What a worker answers for a node's job. */
export type NodeAnswer = [cancelled: boolean, staged: unknown, returned?: unknown];

/** The answer to a job. What the function has returned stays where it is unless somebody wants it. */
export function toNodeAnswer(
  { cancelled, staged, value }: JobResult,
  wantsResult: boolean | undefined,
): NodeAnswer {
  const wire = toStagedWire(staged);
  return wantsResult ? [cancelled, wire, value] : [cancelled, wire];
}
