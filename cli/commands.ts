/**
 * All commands of the program: what each is for, and how to load it.
 *
 * @module
 */
import type { Command } from "./command.ts";

/** A command that is loaded when it is called. */
export interface CommandEntry {
  /** One line for the overview. */
  readonly summary: string;
  /** Loads it. */
  readonly load: () => Promise<Command>;
}

/** Commands under a common first word. */
export interface CommandGroup {
  /** One line for the overview. */
  readonly summary: string;
  /** The commands by their second word. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** Commands and groups by their first word. */
export type CommandTable = Readonly<Record<string, CommandEntry | CommandGroup>>;

/** The commands as the overview shows them: by what they are for. */
export const sections: readonly (readonly [title: string, CommandTable])[] = [
  ["Run", {
    run: {
      summary: "run a net and print what came out",
      load: async () => (await import("./commands/run.ts")).run,
    },
    exec: {
      summary: "run one node by itself",
      load: async () => (await import("./commands/exec.ts")).exec,
    },
    test: {
      summary: "run flow tests (*.nettest.json, *.nettest.toml)",
      load: async () => (await import("./commands/run_tests.ts")).test,
    },
    "dead-letters": {
      summary: "look at epochs that failed, and run them again",
      commands: {
        ls: {
          summary: "list them",
          load: async () => (await import("./commands/dead_letters.ts")).list,
        },
        show: {
          summary: "print one with its inputs",
          load: async () => (await import("./commands/dead_letters.ts")).show,
        },
        retry: {
          summary: "run them again",
          load: async () => (await import("./commands/dead_letters_retry.ts")).retry,
        },
        clear: {
          summary: "forget them",
          load: async () => (await import("./commands/dead_letters.ts")).clear,
        },
      },
    },
    cache: {
      summary: "look at stored results, and remove them",
      commands: {
        stats: {
          summary: "count them, node by node",
          load: async () => (await import("./commands/cache.ts")).stats,
        },
        ls: {
          summary: "list them",
          load: async () => (await import("./commands/cache.ts")).list,
        },
        show: {
          summary: "print one with its values",
          load: async () => (await import("./commands/cache.ts")).show,
        },
        clear: {
          summary: "remove them",
          load: async () => (await import("./commands/cache.ts")).clear,
        },
        verify: {
          summary: "read them all, and remove damaged ones",
          load: async () => (await import("./commands/cache.ts")).verify,
        },
      },
    },
    logs: {
      summary: "print the epochs of a log file",
      load: async () => (await import("./commands/logs.ts")).logs,
    },
    "serve-pool": {
      summary: "run the nodes of a net for nets on other machines",
      load: async () => (await import("./commands/serve_pool.ts")).servePool,
    },
  }],
  ["Look", {
    validate: {
      summary: "check a net file and list every problem",
      load: async () => (await import("./commands/validate.ts")).validate,
    },
    info: {
      summary: "print what a net consists of, in numbers",
      load: async () => (await import("./commands/info.ts")).info,
    },
    structure: {
      summary: "print nodes, ports, conditions and edges",
      load: async () => (await import("./commands/structure.ts")).structure,
    },
    nodes: {
      summary: "list the nodes with their ports",
      load: async () => (await import("./commands/nodes.ts")).nodes,
    },
    node: {
      summary: "print one node",
      load: async () => (await import("./commands/node.ts")).node,
    },
    "dry-run": {
      summary: "print the order in which nodes can run",
      load: async () => (await import("./commands/dry_run.ts")).dryRun,
    },
    graph: {
      summary: "draw a net as SVG, Mermaid, DOT or text",
      load: async () => (await import("./commands/graph.ts")).graph,
    },
    functions: {
      summary: "list the functions that can become nodes",
      load: async () => (await import("./commands/functions.ts")).functions,
    },
    "factory-info": {
      summary: "print what a factory takes",
      load: async () => (await import("./commands/factory_info.ts")).factoryInfo,
    },
    doctor: {
      summary: "check that everything a net needs is there",
      load: async () => (await import("./commands/doctor.ts")).doctor,
    },
  }],
  ["Write", {
    ui: {
      summary: "open the studio in the browser",
      load: async () => (await import("./commands/ui.ts")).ui,
    },
    init: {
      summary: "begin a project that runs",
      load: async () => (await import("./commands/init.ts")).init,
    },
    "add-node": {
      summary: "add a node to a net file",
      load: async () => (await import("./commands/add_node.ts")).addNode,
    },
    "edit-node": {
      summary: "rename a node, change its ports, merge data into it",
      load: async () => (await import("./commands/edit_node.ts")).editNode,
    },
    "remove-node": {
      summary: "remove a node with its edges",
      load: async () => (await import("./commands/remove_node.ts")).removeNode,
    },
    "add-edge": {
      summary: "connect two ports",
      load: async () => (await import("./commands/add_edge.ts")).addEdge,
    },
    "remove-edge": {
      summary: "remove the edge between two ports",
      load: async () => (await import("./commands/remove_edge.ts")).removeEdge,
    },
    convert: {
      summary: "turn a JSON net file into TOML, or back",
      load: async () => (await import("./commands/convert.ts")).convert,
    },
    schema: {
      summary: "print the JSON Schema of net files, for editors",
      load: async () => (await import("./commands/schema.ts")).schema,
    },
  }],
  ["Project", {
    actions: {
      summary: "Shell commands kept in a net file",
      commands: {
        list: {
          summary: "list them",
          load: async () => (await import("./commands/actions.ts")).list,
        },
        run: {
          summary: "run one",
          load: async () => (await import("./commands/actions.ts")).run,
        },
      },
    },
    recipes: {
      summary: "Modules that change a net file",
      commands: {
        list: {
          summary: "list them",
          load: async () => (await import("./commands/recipes.ts")).list,
        },
        run: {
          summary: "run one",
          load: async () => (await import("./commands/recipes_run.ts")).run,
        },
      },
    },
    "download-agents": {
      summary: "copy the guides for coding agents into a folder",
      load: async () => (await import("./commands/download_agents.ts")).downloadAgents,
    },
    completions: {
      summary: "print a completion script for a shell",
      load: async () => (await import("./commands/completions.ts")).completions,
    },
  }],
];

/** Commands that the program calls itself by, and nobody else. */
export const hiddenCommands: Readonly<Record<string, CommandEntry>> = {
  "__pool-host": {
    summary: "be a subprocess of a pool",
    load: async () => (await import("./commands/pool_host.ts")).poolHost,
  },
};

/** All commands by their first word. */
export const commands: CommandTable = Object.assign(
  Object.create(null),
  ...sections.map(([, table]) => table),
);

/** Whether a first word needs a second one. */
export function isGroup(entry: CommandEntry | CommandGroup): entry is CommandGroup {
  return "commands" in entry;
}
