/**
 * `netrun factory-info`: what a factory takes.
 *
 * @module
 */
import {
  describeFactory,
  type FactoryInfo,
  type FactoryParameter,
} from "../../runtime/factories/factory_info.ts";
import { parametersFromSource } from "../../runtime/tools/factory_parameters.ts";
import { loadFactory } from "../../runtime/factories/load_factory.ts";
import { BUILT_IN_FACTORIES } from "../../runtime/modules/reference.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { printJson } from "../output.ts";
import { findProject } from "../project.ts";

/** The command. */
export const factoryInfo: Command = {
  description: "Prints the parameters of a factory; of the built-in ones if none is named.",
  positionals: [{ name: "NAME", help: "the factory, as a net file names it" }],
  options: [
    { name: "no-import", help: "load no code of the project" },
    {
      name: "allow-module",
      value: "PREFIX",
      many: true,
      help: "code outside the project that may be loaded: a beginning of URLs, or a folder",
    },
  ],
  examples: [
    ["netrun factory-info netrun:join", "a built-in factory"],
    ["netrun factory-info ./factories/fan.ts", "one of the project"],
  ],
  run: printFactory,
};

async function printFactory(call: CommandCall): Promise<number> {
  const project = await findProject(call);
  const context = {
    projectRoot: project.root,
    loader: project.loader,
    noImport: call.flag("no-import"),
  };
  const [name] = call.positionals;
  const info = async (name: string): Promise<FactoryInfo> => {
    const factory = await loadFactory(name, context);
    if (factory) {
      const description = describeFactory(factory);
      const { params } = description;
      return ordered(description, params ?? await parametersFromSource(project.loader, name));
    }
    throw new CommandError(`Factory ${name} can only be described by loading its module`);
  };
  printJson(
    call,
    name === undefined
      ? await Promise.all(BUILT_IN_FACTORIES.map((builtIn) => info(`netrun:${builtIn}`)))
      : await info(name),
  );
  return 0;
}

/** With the parameters in their place. */
function ordered(
  { factory, type, params: _, ...rest }: FactoryInfo,
  params: FactoryParameter[],
): FactoryInfo {
  return { factory, type, params, ...rest };
}
