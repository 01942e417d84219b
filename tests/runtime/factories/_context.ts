import type { FactoryContext } from "../../../runtime/factories/protocol.ts";
import { ModuleLoader } from "../../../runtime/modules/loader.ts";

/** Root of the test project. */
export const PROJECT = new URL("project", import.meta.url).pathname;

/** A context for expanding the nodes of the test project. */
export function factoryContext(over: Partial<FactoryContext> = {}): FactoryContext {
  const projectRoot = over.projectRoot ?? PROJECT;
  return {
    netConfig: null,
    projectRoot,
    loader: new ModuleLoader({ projectRoot }),
    noImport: false,
    env: {},
    ...over,
  };
}
