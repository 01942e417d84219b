/**
 * `netrun structure`: nodes, ports, conditions and edges.
 *
 * @module
 */
import { describeStructure } from "../../runtime/tools/describe_net.ts";
import { type Command, resolveOptions } from "../command.ts";
import { inspectConfig } from "../inspect_config.ts";
import { printJson } from "../output.ts";

/** The command. */
export const structure: Command = {
  description: "Prints the nodes of a net with their ports and conditions, and its edges.\n" +
    "Subgraphs are flattened, factories expanded, default parts added.",
  options: [
    { name: "format", value: "FORM", choices: ["json", "mermaid"], help: "what to print (json)" },
    ...resolveOptions,
  ],
  examples: [
    ["netrun structure -c report.netrun.toml", "JSON: nodes and edges"],
    ["netrun structure --format mermaid", "a diagram for a Markdown page"],
  ],
  async run(call) {
    const net = await inspectConfig(call);
    if (call.value("format") === "mermaid") {
      const { drawingOf } = await import("../../runtime/tools/drawing.ts");
      const { toMermaid } = await import("../../runtime/tools/draw_mermaid.ts");
      call.io.out(toMermaid(drawingOf(net)));
    } else printJson(call, describeStructure(net));
    return 0;
  },
};
