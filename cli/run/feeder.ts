/**
 * Getting the given packets into the net, a bounded number at a time.
 *
 * @module
 */
import type { Net } from "../../runtime/net/net.ts";
import type { RunInput } from "./inputs.ts";
import { packetsAt } from "./waiting.ts";

/** So many packets are injected before the net runs until nothing moves. */
const CHUNK = 1000;

/** Injects packets in portions; several inputs take turns. */
export class Feeder implements AsyncDisposable {
  readonly #net: Net;
  readonly #open: Set<RunInput>;

  /** Prepares the inputs of a net. */
  constructor(net: Net, inputs: readonly RunInput[]) {
    this.#net = net;
    this.#open = new Set(inputs);
  }

  /**
   * Injects the next packets, as far as the ports have room.
   *
   * @returns Whether any were injected.
   */
  async injectSome(): Promise<boolean> {
    let count = 0;
    const room = new Map([...this.#open].map((input) => [input, this.#room(input)]));
    let stuck = false;
    while (this.#open.size > 0 && count < CHUNK && !stuck) {
      stuck = true;
      for (const input of [...this.#open]) {
        const left = room.get(input)!;
        if (left <= 0) continue;
        stuck = false;
        const next = await input.values.next();
        if (next.done) {
          this.#open.delete(input);
          continue;
        }
        this.#net.injectData(input.node, input.port, [next.value]);
        room.set(input, left - 1);
        count++;
      }
    }
    return count > 0;
  }

  /** Inputs that have more to give, but whose ports are full. */
  get unfinished(): readonly RunInput[] {
    return [...this.#open];
  }

  /** Closes the files that were not read to their end. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const { values } of this.#open) await values.return?.();
    this.#open.clear();
  }

  #room({ node, port }: RunInput): number {
    const slots = this.#net.graph.node(node)!.inPorts.find(({ name }) => name === port)!.slots;
    return slots.type === "infinite"
      ? Infinity
      : slots.capacity - packetsAt(this.#net, node, port);
  }
}
