/**
 * Everything that is put into a net or changed in it by hand.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { EpochNotFoundError, EpochNotRunningError } from "../../sim/error.ts";
import type { NetConfig } from "../config/net_config.ts";
import type { CallOptions } from "./calls.ts";
import type { DeadLetter } from "./dead_letter.ts";
import type { Engine } from "./engine.ts";
import type { PortInputs } from "./execute.ts";
import type { FeedOptions, FeedSource } from "./feeds.ts";
import { setEnabled, takeDeadLetters, takeExceptions } from "./housekeeping.ts";
import { createEpoch, injectData, nodeNamed, request, sendControl } from "./inject.ts";
import { NetView } from "./net_view.ts";
import { throwAll } from "./throw_all.ts";

/** The part of a `Net` that takes packets and orders: a run, if there is one, acts on them. */
export class NetInput extends NetView {
  readonly #engine: Engine;

  /** Creates the input side of a net. */
  constructor(engine: Engine, config: NetConfig) {
    super(engine, config);
    this.#engine = engine;
  }

  /**
   * Puts one packet per value into an input port, all of them or none; returns their ids.
   *
   * @throws {NodeNotFoundError | InputPortNotFoundError | InputPortFullError}
   */
  injectData(node: string, port: string, values: readonly unknown[]): PacketId[] {
    return injectData(this.#engine, node, port, values);
  }

  /**
   * Injects the values of an iterable, one after another, as the net has room for them; resolves
   * with their number when it has ended. A run does not end before; without a run it waits for one.
   *
   * @throws {NodeNotFoundError | InputPortNotFoundError | InvalidArgumentError}
   * @throws What the iterable throws; what was injected stays.
   */
  async feed(
    node: string,
    port: string,
    source: FeedSource,
    options: FeedOptions = {},
  ): Promise<number> {
    return await this.#engine.feeds.open(node, port, source, options);
  }

  /**
   * Injects a packet and resolves with the first value that derives from it and reaches `queue`,
   * which does not get it. Needs a run in progress.
   *
   * An epoch belongs to the call from which all its inputs derive. If it fails, that call rejects, and
   * nobody else hears of it.
   *
   * @throws {NetStateError} If no run is in progress, or it ends before there is an answer.
   * @throws {EpochError} If an epoch of the call fails.
   * @throws {NoReplyError} If no answer can come any more.
   * @throws {OutputTimeoutError} If none comes within `timeout` seconds.
   */
  async call(node: string, port: string, value: unknown, options: CallOptions): Promise<unknown> {
    return await this.#engine.calls.open(node, port, value, options);
  }

  /**
   * Asks for the sources that a node depends on; they start at the next step.
   *
   * @throws {RequestNodeNotFoundError | RequestUnconnectedPortError}
   */
  request(node: string, label: string = "main"): void {
    request(this.#engine, node, label);
  }

  /**
   * Sends a command to a node and returns the id of its packet.
   *
   * @throws {InvalidArgumentError} If the node does not take it, or its value is wrong.
   */
  sendControl(node: string, type: string, value?: unknown): PacketId {
    return sendControl(this.#engine, node, type, value);
  }

  /**
   * Cancels a running epoch; its inputs are destroyed.
   *
   * @throws {EpochNotFoundError | EpochNotRunningError}
   */
  cancelEpoch(epochId: EpochId): void {
    const epoch = this.#engine.epochs.get(epochId);
    if (!epoch) throw new EpochNotFoundError(epochId);
    if (epoch.slot < 0) throw new EpochNotRunningError(epochId, epoch.node.name);
    this.#engine.cancel(epoch, "net.cancelEpoch");
  }

  /** Lets the epochs of a node run. */
  enableNode(name: string): void {
    setEnabled(this.#engine, name, true);
  }

  /** Keeps the epochs of a node from being run; they are formed all the same. */
  disableNode(name: string): void {
    setEnabled(this.#engine, name, false);
  }

  /** Whether the epochs of a node are run. */
  isNodeEnabled(name: string): boolean {
    return nodeNamed(this.#engine, name).state.enabled;
  }

  /** The failures that were not thrown are thrown now and forgotten: one as it is, several together. */
  propagateExceptions(): void {
    throwAll(takeExceptions(this.#engine), "Multiple epoch failures");
  }

  /** Empties the list of dead letters and returns what was in it. */
  clearDeadLetterQueue(): DeadLetter[] {
    return takeDeadLetters(this.#engine);
  }

  /** Forms an epoch again of the inputs of a dead letter; it starts like any other. */
  retryDeadLetter(
    { nodeName, salvoCondition, values }: Pick<
      DeadLetter,
      "nodeName" | "salvoCondition" | "values"
    >,
  ): EpochId {
    return this.createEpoch(nodeName, salvoCondition, values);
  }

  /**
   * Forms one epoch of exactly these inputs, whatever the conditions of the node say; it starts like
   * any other. That is how a source node, which no packet reaches, comes to run.
   *
   * @param salvoCondition Name of the condition that the epoch counts as formed by.
   * @throws {NodeNotFoundError | InputPortNotFoundError}
   */
  createEpoch(node: string, salvoCondition: string, inputs: PortInputs = {}): EpochId {
    return createEpoch(this.#engine, node, salvoCondition, Object.entries(inputs));
  }
}
