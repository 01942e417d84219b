/**
 * The state of the output queues: what left the net and waits to be fetched.
 *
 * @module
 */
import type { EpochId, PacketId } from "../../sim/action.ts";
import { InvalidArgumentError } from "../../sim/error.ts";
import { OutputQueueNotFoundError } from "./error.ts";
import { Fifo } from "./fifo.ts";

/** A packet that left the net, with its value and where it came from. */
export interface ConsumedOutputPacket {
  /** The packet. */
  packetId: PacketId;
  /** Its value. */
  value: unknown;
  /** Node that sent it. */
  fromNode: string;
  /** Output port from which it was sent. */
  fromPort: string;
  /** Queue that it came into. */
  queueName: string;
  /** When it came into the queue, in ms UTC. */
  timestamp: number;
  /** Epoch that sent it. */
  epochId: EpochId;
}

/** The name of a queue, or one of the ports that feed it. */
export type OutputQueueSelector =
  | string
  | { queue: string }
  | { node: string; port: string };

/** A queue as it is listed. */
export interface OutputQueueInfo {
  /** Name of the queue. */
  name: string;
  /** The output ports that feed it, as node and port. */
  ports: readonly (readonly [node: string, port: string])[];
  /** How many packets wait in it. */
  count: number;
}

interface Queue {
  readonly ports: readonly (readonly [string, string])[];
  readonly items: Fifo<ConsumedOutputPacket>;
}

/**
 * The output queues of a net and what waits in them.
 *
 * Changes by {@linkcode OutputQueues.append | append} and {@linkcode OutputQueues.take | take}
 * alone, so that every change can be part of a commit and be replayed.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const queues = new OutputQueues([["results", [["A", "out"]]]]);
 * assertEquals(queues.queueOfPort("A", "out"), "results");
 * const packet = { packetId: "01J0", value: 7, fromNode: "A", fromPort: "out", epochId: "01J1" };
 * queues.append([{ ...packet, queueName: "results", timestamp: 0 }]);
 * assertEquals(queues.take("results", 1).map((item) => item.value), [7]);
 * ```
 */
export class OutputQueues {
  readonly #queues = new Map<string, Queue>();
  /** Queue names by node, then port. */
  readonly #byPort = new Map<string, Map<string, string>>();

  /**
   * Creates empty queues.
   *
   * @param definitions Name of each queue and the ports that feed it. A port feeds one queue.
   */
  constructor(definitions: Iterable<readonly [string, Queue["ports"]]>) {
    for (const [name, ports] of definitions) {
      this.#queues.set(name, { ports, items: new Fifo() });
      for (const [node, port] of ports) {
        let queueNames = this.#byPort.get(node);
        if (queueNames === undefined) this.#byPort.set(node, queueNames = new Map());
        queueNames.set(port, name);
      }
    }
  }

  /** The names of the queues, in the order of their definition. */
  get names(): string[] {
    return [...this.#queues.keys()];
  }

  /** The queue that a port feeds, or `undefined`. */
  queueOfPort(node: string, port: string): string | undefined {
    return this.#byPort.get(node)?.get(port);
  }

  /**
   * The name of the queue that a caller means.
   *
   * @throws {InvalidArgumentError} If the selector names both or neither of queue and port, or only
   * one half of a port.
   * @throws {OutputQueueNotFoundError} If there is no such queue, or the port feeds none.
   */
  resolve(selector: OutputQueueSelector): string {
    const { queue, node, port } = readSelector(selector);
    if (queue !== undefined) {
      if (this.#queues.has(queue)) return queue;
      throw new OutputQueueNotFoundError(
        queue,
        `There is no output queue "${queue}"; ${this.#listing()}`,
      );
    }
    const name = this.queueOfPort(node!, port!);
    if (name !== undefined) return name;
    throw new OutputQueueNotFoundError(
      `${node}.${port}`,
      `Output port "${port}" of node "${node}" feeds no output queue; ${this.#listing()}`,
    );
  }

  /** How many packets wait in a queue. */
  count(queueName: string): number {
    return this.#get(queueName).items.length;
  }

  /** The packet that would be taken next, or `undefined`. */
  peek(queueName: string): ConsumedOutputPacket | undefined {
    return this.#get(queueName).items.first;
  }

  /** What waits in a queue, oldest first. A copy. */
  items(queueName: string): ConsumedOutputPacket[] {
    return [...this.#get(queueName).items];
  }

  /** All queues, with their ports and how much waits in each. */
  list(): OutputQueueInfo[] {
    return Array.from(
      this.#queues,
      ([name, { ports, items }]) => ({ name, ports, count: items.length }),
    );
  }

  /** Adds packets, each at the end of the queue that it names. Part of a commit. */
  append(items: readonly ConsumedOutputPacket[]): void {
    for (const item of items) this.#get(item.queueName).items.push(item);
  }

  /** Removes up to `count` packets from the front of a queue and returns them. Part of a commit. */
  take(queueName: string, count: number): ConsumedOutputPacket[] {
    const { items } = this.#get(queueName);
    const taken: ConsumedOutputPacket[] = [];
    for (let left = Math.min(count, items.length); left > 0; left--) taken.push(items.take()!);
    return taken;
  }

  #get(queueName: string): Queue {
    return this.#queues.get(queueName) ?? this.#queues.get(this.resolve(queueName))!;
  }

  #listing(): string {
    const names = this.names.map((name) => `"${name}"`).join(", ");
    return names ? `the queues are ${names}` : "this net has none";
  }
}

function readSelector(
  selector: OutputQueueSelector,
): { queue?: string; node?: string; port?: string } {
  if (typeof selector === "string") return { queue: selector };
  const { queue, node, port } = selector as { queue?: string; node?: string; port?: string };
  const byQueue = queue !== undefined;
  if (
    byQueue ? node !== undefined || port !== undefined : node === undefined || port === undefined
  ) {
    throw new InvalidArgumentError(
      "Cannot tell which output queue is meant: name either the queue, or both node and port, got " +
        JSON.stringify(selector),
    );
  }
  return byQueue ? { queue } : { node: node!, port: port! };
}
