/**
 * Values by name and by port.
 *
 * @module
 */
import type { PortRef } from "./graph_spec.ts";

/** Up to so many names, comparing them all is faster than hashing, and takes a tenth of the memory. */
const FEW = 8;

/** A map from names to values, small for the few ports and conditions that most nodes have. */
export class NameMap<T> {
  readonly #names: string[] = [];
  readonly #values: T[] = [];
  #byName: Map<string, T> | undefined = undefined;

  /** The value of a name, if it has one. */
  get(name: string): T | undefined {
    if (this.#byName !== undefined) return this.#byName.get(name);
    const names = this.#names;
    for (let i = 0; i < names.length; i++) if (names[i] === name) return this.#values[i];
    return undefined;
  }

  /** Gives a name that has no value one. */
  add(name: string, value: T): void {
    this.#names.push(name);
    this.#values.push(value);
    if (this.#byName !== undefined) {
      this.#byName.set(name, value);
    } else if (this.#names.length > FEW) {
      this.#byName = new Map(this.#names.map((name, i) => [name, this.#values[i]!]));
    }
  }
}

/** Indexes things by their names. */
export function byName<T extends { readonly name: string }>(items: readonly T[]): NameMap<T> {
  const map = new NameMap<T>();
  for (const item of items) map.add(item.name, item);
  return map;
}

/** A map from ports to values. Names are never joined to keys: `a.b` and `c` are not `a` and `b.c`. */
export class PortRefMap<T> {
  readonly #inputs = new Map<string, NameMap<T>>();
  readonly #outputs = new Map<string, NameMap<T>>();

  /** The value of a port, if it has one. */
  get(port: PortRef): T | undefined {
    return this.#side(port).get(port.nodeName)?.get(port.portName);
  }

  /** Gives a port that has no value one. */
  add(port: PortRef, value: T): void {
    const side = this.#side(port);
    let ports = side.get(port.nodeName);
    if (ports === undefined) side.set(port.nodeName, ports = new NameMap());
    ports.add(port.portName, value);
  }

  #side(port: PortRef): Map<string, NameMap<T>> {
    return port.portType === "input" ? this.#inputs : this.#outputs;
  }
}
