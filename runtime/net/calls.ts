/**
 * Request and answer: a packet goes in, and the first value that derives from it comes back.
 *
 * @module
 */
import type { PacketId } from "../../sim/action.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import { CommitDraft } from "./commit_draft.ts";
import type { Engine } from "./engine.ts";
import { runEpoch } from "./epoch_run.ts";
import { NetStateError, NoReplyError, OutputTimeoutError } from "./error.ts";
import { injectData } from "./inject.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { Answer, CallId, Unanswered } from "./origins.ts";
import type { OutputQueueSelector } from "./output_queues.ts";
import { startTask } from "./task.ts";

/** Options of `call`. */
export interface CallOptions {
  /** The output queue in which the answer is caught; it does not get it. */
  queue: OutputQueueSelector;
  /** How long to wait for the answer, in seconds; for ever if left out. */
  timeout?: number;
  /** Gives the call up; its reason is what the call rejects with. */
  signal?: AbortSignal;
}

/** Somebody who waits for an answer. */
interface Caller {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
  /** Ends what watches over the call. */
  readonly release: () => void;
}

/**
 * The open calls of a net.
 *
 * A call that ends without an answer takes along what it has left in the net: a packet that stayed
 * behind could meet those of the next call.
 */
export class Calls {
  readonly #engine: Engine;
  readonly #callers = new Map<CallId, Caller>();

  /** Creates the calls of a net, none of them open. */
  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Injects a packet; resolves with the first value that derives from it and reaches the queue. */
  async open(
    nodeName: string,
    portName: string,
    value: unknown,
    { queue, timeout, signal }: CallOptions,
  ): Promise<unknown> {
    const engine = this.#engine;
    const queueName = engine.state.queues.resolve(queue);
    if (timeout !== undefined && !(timeout >= 0)) {
      throw new InvalidArgumentError(
        `Cannot call node "${nodeName}": \`timeout\` must be a number of seconds, 0 or more, got ` +
          timeout,
      );
    }
    if (!engine.isLooping) throw new NetStateError(needsLoop(nodeName));
    signal?.throwIfAborted();
    const [call] = injectData(engine, nodeName, portName, [value], { call: { queueName } });
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    const release = this.#watch(call!, queueName, timeout, signal);
    this.#callers.set(call!, { resolve, reject, release });
    return await promise;
  }

  /** Hands out what a commit has answered, or has made impossible to answer. */
  settle(answered: readonly Answer[] | undefined, unanswered: readonly Unanswered[]): void {
    for (const answer of answered ?? []) {
      if ("error" in answer) this.#fail(answer.call, answer.error);
      else this.#take(answer.call)?.resolve(answer.value);
    }
    for (const { call, why } of unanswered) {
      if (this.#callers.has(call)) this.#fail(call, new NoReplyError(why));
    }
  }

  /** All is still: nothing will come of calls of which the packets only wait. */
  rejectHopeless(): boolean {
    const calls = [...this.#callers.keys()];
    for (const call of calls) {
      const waiting = this.#placesOf(call);
      this.#fail(call, new NoReplyError({ reason: "waiting", waiting }));
    }
    return calls.length > 0;
  }

  /** The loop has ended, by `error` if it failed. */
  end(error?: unknown): void {
    for (const call of [...this.#callers.keys()]) {
      this.#fail(call, error ?? new NetStateError("The run ended before the call was answered"));
    }
  }

  #watch(
    call: CallId,
    queueName: string,
    timeout: number | undefined,
    signal: AbortSignal | undefined,
  ): () => void {
    const { clock } = this.#engine;
    const timer = timeout === undefined ? undefined : clock.setTimeout(
      () => this.#fail(call, new OutputTimeoutError(queueName, timeout)),
      timeout * 1000,
    );
    const onAbort = () => this.#fail(call, signal!.reason);
    signal?.addEventListener("abort", onAbort, { once: true });
    return () => {
      if (timer !== undefined) clock.clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  }

  #take(call: CallId): Caller | undefined {
    const caller = this.#callers.get(call);
    if (!caller) return undefined;
    this.#callers.delete(call);
    caller.release();
    return caller;
  }

  #fail(call: CallId, error: unknown): void {
    const caller = this.#take(call);
    if (!caller) return;
    caller.reject(error);
    this.#discard(call);
  }

  /** Cancels the epochs that work for the call, and destroys its packets. */
  #discard(call: CallId): void {
    const engine = this.#engine;
    const origin = engine.state.origins.get(call);
    if (!origin) return;
    const epochs = [...origin.epochs].map((id) => engine.epochs.get(id)!);
    for (const epoch of epochs) this.#cancel(epoch);
    const waiting = [...origin.packets].filter((id) => this.#isOutsideEpochs(id));
    if (waiting.length === 0) return;
    const draft = new CommitDraft("discard", engine.clock.now());
    draft.actions = waiting.map((packetId) => ({ type: "destroyPacket", packetId }));
    draft.dropped = waiting;
    engine.commit(draft);
  }

  #cancel(epoch: LiveEpoch): void {
    const engine = this.#engine;
    const reason = "nobody waits for the answer of its call";
    if (epoch.phase !== "startable") return engine.cancel(epoch, reason);
    if (epoch.isControl) return;
    engine.cancel(epoch, reason);
    engine.takeUp(epoch);
    epoch.task = startTask(
      runEpoch(engine, epoch),
      () => {},
      (error) => engine.events.warn("cancel_failed", `${error}`, epoch.node.name),
    );
  }

  #isOutsideEpochs(id: PacketId): boolean {
    const type = this.#engine.state.sim.getPacket(id)?.location.type;
    return type === "inputPort" || type === "edge";
  }

  /** Where packets of the call wait, as `node.port`. */
  #placesOf(call: CallId): string[] {
    const { state: { sim, origins }, epochs } = this.#engine;
    const { packets = [], epochs: ids = [] } = origins.get(call) ?? {};
    const places = new Set<string>();
    for (const id of packets) {
      const location = sim.getPacket(id)?.location;
      if (location?.type === "inputPort") places.add(`${location.nodeName}.${location.portName}`);
      if (location?.type === "edge") {
        const { nodeName, portName } = location.edge.target;
        places.add(`${nodeName}.${portName}`);
      }
    }
    for (const id of ids) {
      const { node, inSalvo } = epochs.get(id)!;
      for (const { portName } of inSalvo.packets) places.add(`${node.name}.${portName}`);
    }
    return [...places];
  }
}

function needsLoop(nodeName: string): string {
  return `Cannot call node "${nodeName}": nothing runs the net; call startBackground(), or call ` +
    "during a run";
}
