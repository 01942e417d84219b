/**
 * From the name of a factory to the factory.
 *
 * @module
 */
import { resolveReference } from "../modules/reference.ts";
import type { FactoryRef } from "../schema/node.ts";
import { loadBuiltIn } from "./built_in.ts";
import { FactoryProtocolError } from "./error.ts";
import type { Factory, FactoryContext } from "./protocol.ts";

/** A factory with what to call it in messages. */
export interface LoadedFactory {
  /** The factory. */
  factory: Factory;
  /** As the configuration names it. */
  name: string;
  /** The name after `netrun:`, if it is built in. */
  builtIn?: string;
}

/**
 * Loads the factory that `ref` names.
 *
 * @returns The factory; undefined if that takes an import and `context.noImport` forbids it.
 * @throws {ModuleImportError} If the module cannot or may not be loaded.
 * @throws {FactoryProtocolError} If what it exports is no factory.
 */
export async function loadFactory(
  ref: FactoryRef,
  context: Pick<FactoryContext, "projectRoot" | "loader" | "noImport">,
): Promise<LoadedFactory | undefined> {
  if (typeof ref !== "string") {
    const name = factoryName(ref);
    return { factory: checkFactory(ref, name), name };
  }
  const builtIn = builtInName(ref, context.projectRoot);
  if (builtIn !== undefined) return { factory: await loadBuiltIn(builtIn), name: ref, builtIn };
  if (context.noImport) return undefined;
  return { factory: checkFactory(await context.loader.loadModule(ref), ref), name: ref };
}

/** What to call a factory in messages. */
export function factoryName(ref: FactoryRef): string {
  return typeof ref === "string" ? ref : "(given as an object)";
}

/** The built-in factory that a reference means, by any of its names. */
export function builtInName(ref: string, projectRoot: string): string | undefined {
  // Only names of ours start like this; others need a look at the disk, which is the loader's.
  if (!ref.startsWith("netrun")) return undefined;
  return resolveReference(ref, { kind: "module", projectRoot }).builtIn;
}

function checkFactory(value: unknown, name: string): Factory {
  if (isFactory(value)) return value;
  const exported = typeof value === "object" && value !== null
    ? Object.entries(value).filter(([, member]) => isFactory(member)).map(([key]) => key)
    : [];
  throw new FactoryProtocolError(
    name,
    exported.length > 0
      ? `the module itself has no function \`getNodeConfig\`; its export has one: ` +
        `write \`${name}::${exported[0]}\``
      : "has no function `getNodeConfig`; export one that returns the ports and conditions of a node",
  );
}

/** Whether a value has what makes a factory. */
export function isFactory(value: unknown): value is Factory {
  return (typeof value === "object" || typeof value === "function") && value !== null &&
    "getNodeConfig" in value && typeof value.getNodeConfig === "function";
}
