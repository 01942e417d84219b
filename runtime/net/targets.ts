/**
 * Running a net just far enough to feed some of its nodes.
 *
 * @module
 */
import { NodeNotFoundError, SalvoConditionNotFoundError } from "../../sim/error.ts";
import type { Engine } from "./engine.ts";
import { NetStateError } from "./error.ts";
import type { LiveEpoch } from "./live_epoch.ts";
import type { TargetInputSalvo } from "./target_input_salvo.ts";

/** A node, by all its input conditions or by one of them. */
export type Target = string | readonly [node: string, inputSalvoCondition: string];

/** The nodes at which a targeted run stops, and what leads to them. */
export class Targets {
  readonly #engine: Engine;
  /** Conditions by target; undefined means all. */
  readonly #targets = new Map<string, Set<string> | undefined>();
  /** Nodes that run. */
  readonly #upstream: ReadonlySet<string>;

  /**
   * Reads the targets.
   *
   * @throws {NodeNotFoundError} If there is no such node.
   * @throws {SalvoConditionNotFoundError} If the node has no such input condition.
   */
  constructor(engine: Engine, targets: string | readonly Target[]) {
    this.#engine = engine;
    for (const target of typeof targets === "string" ? [targets] : targets) this.#add(target);
    this.#upstream = this.#findUpstream();
  }

  /** Whether the epoch runs; the others are left startable. */
  readonly isUpstream = (epoch: LiveEpoch): boolean =>
    this.#upstream.has(epoch.node.name) && !this.#isTargeted(epoch);

  /** Whether the node is a target, or leads to one. */
  readonly includes = (nodeName: string): boolean =>
    this.#targets.has(nodeName) || this.#upstream.has(nodeName);

  /**
   * Nodes before the targets that run when the net starts and have not run yet, in graph order.
   *
   * @throws {NetStateError} If one of them cannot be executed.
   */
  sourcesToRun(): string[] {
    const { nodes } = this.#engine;
    const sources = [...nodes.values()].filter(({ name, settings, state }) =>
      settings.run_on_init && state.epochCount === 0 && this.#upstream.has(name) &&
      !this.#targets.has(name)
    );
    const blocked = sources.filter(({ state, functions }) => !state.enabled || !functions.exec);
    if (blocked.length > 0) {
      throw new NetStateError(
        `Cannot execute source node(s) ${blocked.map(({ name }) => `"${name}"`).join(", ")}: ` +
          "they are disabled or have no function",
      );
    }
    return sources.map(({ name }) => name);
  }

  /** The inputs that have reached the targets, in order of creation. */
  collect(): TargetInputSalvo[] {
    const { state: { sim, packets }, epochs } = this.#engine;
    return sim.getStartableEpochs().map((id) => epochs.get(id)!)
      .filter((epoch) => !epoch.isControl && this.#isTargeted(epoch))
      .map(({ id, node, inSalvo }) => {
        const values = new Map<string, unknown[]>();
        for (const { portName, packetId } of inSalvo.packets) {
          const list = values.get(portName);
          if (list) list.push(packets.peek(packetId));
          else values.set(portName, [packets.peek(packetId)]);
        }
        return {
          nodeName: node.name,
          salvoCondition: inSalvo.salvoCondition,
          epochId: id,
          packets: values,
        };
      });
  }

  #add(target: Target): void {
    const [name, condition] = typeof target === "string" ? [target, undefined] : target;
    const node = this.#engine.nodes.get(name);
    if (!node) throw new NodeNotFoundError(name);
    if (condition === undefined) this.#targets.set(name, undefined);
    else if (!node.config.in_salvo_conditions.has(condition)) {
      throw new SalvoConditionNotFoundError(condition, "", name);
    } else if (!this.#targets.has(name)) this.#targets.set(name, new Set([condition]));
    else this.#targets.get(name)?.add(condition);
  }

  #isTargeted({ node, inSalvo }: LiveEpoch): boolean {
    if (!this.#targets.has(node.name)) return false;
    return this.#targets.get(node.name)?.has(inSalvo.salvoCondition) ?? true;
  }

  /** Everything that can reach a target, and targets of which only some conditions are meant. */
  #findUpstream(): ReadonlySet<string> {
    const before = new Map<string, Set<string>>();
    for (const { source, target } of this.#engine.graph.edges) {
      const sources = before.get(target.nodeName);
      if (sources) sources.add(source.nodeName);
      else before.set(target.nodeName, new Set([source.nodeName]));
    }
    const upstream = new Set<string>();
    const open = [...this.#targets.keys()];
    for (let name = open.pop(); name !== undefined; name = open.pop()) {
      for (const source of before.get(name) ?? []) {
        if (!upstream.has(source)) upstream.add(source), open.push(source);
      }
    }
    for (const [name, conditions] of this.#targets) {
      if (conditions) upstream.add(name);
      else upstream.delete(name);
    }
    return upstream;
  }
}
