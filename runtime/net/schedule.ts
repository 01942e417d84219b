/**
 * Which startable epoch is launched next.
 *
 * @module
 */
import type { LiveEpoch } from "./live_epoch.ts";
import type { NetNode } from "./net_node.ts";

/**
 * Startable epochs by node, and the nodes of which one might be launched, oldest epoch first.
 *
 * A node that cannot launch now is held: nobody looks at it again until it is released, however
 * many epochs wait there.
 */
export class Schedule {
  /** A binary heap by `readyOrder`, the order of the node's first startable epoch. */
  readonly #ready: NetNode[] = [];

  /** Whether some node might launch an epoch. */
  get hasReady(): boolean {
    return this.#ready.length > 0;
  }

  /** Adds an epoch that was just formed. */
  add(epoch: LiveEpoch): void {
    const { node } = epoch;
    if (node.lastStartable) node.lastStartable.next = epoch;
    else node.firstStartable = epoch;
    node.lastStartable = epoch;
    if (node.standing === "idle") this.#push(node);
  }

  /**
   * Takes the oldest epoch that `decide` wants launched. A node whose epoch it holds is held; an
   * epoch that it leaves is taken out until the schedule is rebuilt.
   */
  next(decide: (epoch: LiveEpoch) => "launch" | "hold" | "leave"): LiveEpoch | undefined {
    for (;;) {
      const node = this.#pop();
      if (!node) return undefined;
      const epoch = firstStartable(node);
      const decision = epoch && decide(epoch);
      if (decision === "hold") {
        node.standing = "held";
        continue;
      }
      if (decision) removeFirst(node);
      if (node.firstStartable) this.#push(node);
      else node.standing = "idle";
      if (decision === "launch") return epoch;
    }
  }

  /** A held node may be looked at again. */
  release(node: NetNode): void {
    if (node.standing !== "held") return;
    if (firstStartable(node)) this.#push(node);
    else node.standing = "idle";
  }

  /** Starts again from these epochs, which are all that are startable, in order of creation. */
  rebuild(nodes: Iterable<NetNode>, epochs: Iterable<LiveEpoch>): void {
    this.#ready.length = 0;
    for (const node of nodes) {
      node.firstStartable = node.lastStartable = undefined;
      node.standing = "idle";
    }
    for (const epoch of epochs) {
      epoch.next = undefined;
      this.add(epoch);
    }
  }

  #push(node: NetNode): void {
    node.standing = "ready";
    node.readyOrder = node.firstStartable!.order;
    const heap = this.#ready;
    let at = heap.push(node) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (heap[parent]!.readyOrder <= node.readyOrder) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = node;
  }

  #pop(): NetNode | undefined {
    const heap = this.#ready;
    const first = heap[0];
    const last = heap.pop();
    if (heap.length === 0 || !last) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && heap[child + 1]!.readyOrder < heap[child]!.readyOrder) child++;
      if (heap[child]!.readyOrder >= last.readyOrder) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

/** The node's first epoch that is still startable; others were executed or cancelled meanwhile. */
function firstStartable(node: NetNode): LiveEpoch | undefined {
  while (node.firstStartable && node.firstStartable.phase !== "startable") removeFirst(node);
  return node.firstStartable;
}

function removeFirst(node: NetNode): void {
  const first = node.firstStartable!;
  node.firstStartable = first.next;
  if (!first.next) node.lastStartable = undefined;
  first.next = undefined;
}
