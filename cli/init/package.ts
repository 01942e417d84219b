/**
 * A package of nodes for JSR, with a net that uses it.
 *
 * @module
 */
import type { Template } from "./template.ts";

/** The template. */
export const package_: Template = {
  summary: "nodes to be published on JSR, with a net that tries them",
  files: ({ tasks, flowTest, schemaHint, version }) => ({
    "mod.ts": `/**
 * Nodes that work on words.
 *
 * @module
 */
import { node, type NodeFn } from "@netrun/netrun/node";
import * as z from "zod";

/** Counts the words of a text. */
export const countWords: NodeFn<{ text: string }, { count: number }> = node(
  {
    description: "Counts the words of a text.",
    in: { text: z.string() },
    out: { count: z.number() },
  },
  ({ text }) => ({ count: text.match(/\\S+/g)?.length ?? 0 }),
);
`,
    "words.netrun.toml": `${schemaHint}# Tries the nodes of this package.

[[graph.nodes]]
name = "count"
factory = "netrun.node_factories.function"
factory_args = { func = "./mod.ts::countWords" }
`,
    "words.nettest.toml": `title = "blanks do not count"
net = "words.netrun.toml"

[[inject]]
node = "count"
port = "text"
values = [" to be  or not "]

[expect.queues]
"count::count" = [4]
`,
    "deno.json": `${
      JSON.stringify(
        {
          name: "@you/words",
          version: "0.1.0",
          license: "MIT",
          exports: "./mod.ts",
          imports: {
            "@netrun/netrun": `jsr:@netrun/netrun@^${version}`,
            zod: "npm:zod@^4",
          },
          tasks: {
            run: `${tasks.run} --input 'count.text="one two"'`,
            test: flowTest,
            ui: tasks.ui,
          },
          publish: { include: ["mod.ts", "README.md"] },
        },
        null,
        2,
      )
    }\n`,
    "README.md": `# Words

Nodes for [netrun](https://jsr.io/@netrun/netrun) that work on words. In a net,
with this package in the imports of its \`deno.json\`:

    [[graph.nodes]]
    name = "count"
    factory = "netrun.node_factories.function"
    factory_args = { func = "@you/words::countWords" }
`,
  }),
};
