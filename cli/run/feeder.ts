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
/** So long more packets are waited for once there is one. */
const PATIENCE_MS = 20;

type Taken = { readonly input: RunInput; readonly result: IteratorResult<unknown> };

/** Injects packets in portions, several inputs in turn; what waits in a file stays there. */
export class Feeder implements Disposable {
  readonly #net: Net;
  readonly #open: Set<RunInput>;
  /** Values that were asked for and have not come. */
  readonly #pending = new Map<RunInput, Promise<Taken>>();
  /** Ends the portion that is being injected. */
  #endPortion: () => void = () => {};

  /** Prepares the inputs of a net. */
  constructor(net: Net, inputs: readonly RunInput[]) {
    this.#net = net;
    this.#open = new Set(inputs);
  }

  /**
   * Injects what comes next: waits for the first packet, and for more only a moment.
   *
   * @returns Whether any were injected.
   */
  async injectSome(): Promise<boolean> {
    const ended = Promise.withResolvers<undefined>();
    this.#endPortion = () => ended.resolve(undefined);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let count = 0;
    const room = new Map([...this.#open].map((input) => [input, this.#room(input)]));
    const inject = ({ input, result }: Taken) => {
      this.#pending.delete(input);
      if (result.done) return void this.#open.delete(input);
      this.#net.injectData(input.node, input.port, [result.value]);
      room.set(input, room.get(input)! - 1);
      timer ??= setTimeout(this.#endPortion, PATIENCE_MS);
      count++;
    };
    try {
      for (;;) {
        const able = [...this.#open].filter((input) => room.get(input)! > 0);
        if (able.length === 0 || count >= CHUNK) break;
        if (count === 0) {
          const first = await Promise.race([
            ...able.map((input) => this.#next(input)),
            ended.promise,
          ]);
          if (first === undefined) break;
          inject(first);
          continue;
        }
        for (const input of able) {
          const taken = await Promise.race([this.#next(input), ended.promise]);
          if (taken === undefined) return true;
          inject(taken);
        }
      }
      return count > 0;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Injects no more. */
  stop(): void {
    this.#open.clear();
    this.#endPortion();
  }

  /** Closes what was not read to its end. */
  [Symbol.dispose](): void {
    // A read that never ends, of a terminal for example, would hold up the end of the run.
    for (const { values } of this.#open) void Promise.resolve(values.return?.()).catch(() => {});
    this.#open.clear();
  }

  #next(input: RunInput): Promise<Taken> {
    let next = this.#pending.get(input);
    if (!next) {
      next = Promise.resolve(input.values.next()).then((result) => ({ input, result }));
      this.#pending.set(input, next);
    }
    return next;
  }

  #room({ node, port }: RunInput): number {
    const slots = this.#net.graph.node(node)!.inPorts.find(({ name }) => name === port)!.slots;
    return slots.type === "infinite" ? Infinity : slots.capacity - packetsAt(this.#net, node, port);
  }
}
