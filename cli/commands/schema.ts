/**
 * `netrun schema`: the JSON Schema of net files.
 *
 * @module
 */
import { netConfigJsonSchema } from "../../runtime/schema/json_schema.ts";
import { nearestName } from "../../runtime/schema/nearest_name.ts";
import { type Command, type CommandCall, CommandError } from "../command.ts";
import { jsonText, printOrWrite } from "../output.ts";

/** The command. */
export const schema: Command = {
  description: "Prints the JSON Schema (draft 2020-12) of net files, or of a part of them.\n" +
    'Editors complete and check a file that names it: "$schema" in JSON, `#:schema` in TOML.',
  positionals: [{ name: "PART", help: "net (default), node, edge, port, pool, … or a definition" }],
  options: [
    { name: "output", short: "o", value: "FILE", help: "write this file" },
    { name: "strict", help: "unknown keys are errors" },
  ],
  examples: [
    ["netrun schema -o netrun.schema.json", "for an editor"],
    ["netrun schema node", "of one node"],
  ],
  async run(call) {
    const whole = netConfigJsonSchema({ strict: call.flag("strict") });
    await printOrWrite(call, jsonText(call, partOf(call, whole)));
    return 0;
  },
};

function partOf(call: CommandCall, whole: Record<string, unknown>): unknown {
  const [part = "net"] = call.positionals;
  if (part === "net") return whole;
  const definitions = whole.$defs as Record<string, Record<string, unknown>>;
  const names = new Map(
    Object.keys(definitions).flatMap((name) => [
      [name, name],
      [kebabCase(name.replace(/(?:Config|Spec)$/, "")), name],
    ]),
  );
  const name = names.get(part);
  if (name === undefined) {
    const near = nearestName(part, names.keys());
    throw new CommandError(
      `No part ${part} in the schema: ` +
        (near === undefined
          ? `there are net, ${[...names.keys()].join(", ")}`
          : `did you mean ${near}?`),
    );
  }
  return { $schema: whole.$schema, title: name, ...definitions[name], $defs: definitions };
}

function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
}
