/**
 * The init and close functions of nodes.
 *
 * @module
 */
import { isThenable } from "../execution/thenable.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import type { NetNode } from "./net_node.ts";
import { settled, type Steps } from "./task.ts";

/** Runs a node's init function, unless it has run; those who come meanwhile wait for the same run. */
export function* initNode(engine: Engine, node: NetNode): Steps<void> {
  if (node.initialized) return;
  if (!node.initializing) {
    const running = node.functions.init?.(engine.net);
    if (!isThenable(running)) return initialized(engine, node);
    node.initializing = Promise.resolve(running)
      .then(() => initialized(engine, node))
      .finally(() => node.initializing = undefined);
  }
  yield node.initializing;
}

/** Runs a node's close function. The node counts as closed even if that fails. */
export function* closeNode(engine: Engine, node: NetNode): Steps<void> {
  if (!node.initialized) return;
  node.initialized = false;
  engine.initialized.splice(engine.initialized.indexOf(node), 1);
  yield* settled(node.functions.close?.(engine.net));
  sendSignal(engine, node, "node_closed");
}

function initialized(engine: Engine, node: NetNode): void {
  node.initialized = true;
  engine.initialized.push(node);
  sendSignal(engine, node, "node_initialized");
}

function sendSignal(
  engine: Engine,
  node: NetNode,
  signal: "node_initialized" | "node_closed",
): void {
  if (!node.signals.has(signal)) return;
  const draft = new CommitDraft("signal", engine.clock.now(), { nodeName: node.name });
  draft.addSignalOutside(engine, node, signal);
  engine.commit(draft);
}
