/**
 * All commands of the program: what each is for, and how to load it.
 *
 * @module
 */
import type { Command } from "./command.ts";
import { loadModule } from "./load_module.ts";

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
  /** What the first word does when none of the commands follows. */
  readonly load?: () => Promise<Command>;
  /** The commands by their second word. */
  readonly commands: Readonly<Record<string, CommandEntry>>;
}

/** Commands and groups by their first word. */
export type CommandTable = Readonly<Record<string, CommandEntry | CommandGroup>>;

function from(module: string, name: string): () => Promise<Command> {
  return async () => (await loadModule<Record<string, Command>>(`./commands/${module}`))[name]!;
}

/** The commands as the overview shows them: by what they are for. */
export const sections: readonly (readonly [title: string, CommandTable])[] = [
  ["Run", {
    run: {
      summary: "run a net and print what came out",
      load: from("run.ts", "run"),
    },
    exec: {
      summary: "run one node by itself",
      load: from("exec.ts", "exec"),
    },
    test: {
      summary: "run flow tests (*.nettest.json, *.nettest.toml)",
      load: from("run_tests.ts", "test"),
    },
    "dead-letters": {
      summary: "look at epochs that failed, and run them again",
      commands: {
        ls: {
          summary: "list them",
          load: from("dead_letters.ts", "list"),
        },
        show: {
          summary: "print one with its inputs",
          load: from("dead_letters.ts", "show"),
        },
        retry: {
          summary: "run them again",
          load: from("dead_letters_retry.ts", "retry"),
        },
        clear: {
          summary: "forget them",
          load: from("dead_letters.ts", "clear"),
        },
      },
    },
    cache: {
      summary: "look at stored results, and remove them",
      commands: {
        stats: {
          summary: "count them, node by node",
          load: from("cache.ts", "stats"),
        },
        ls: {
          summary: "list them",
          load: from("cache.ts", "list"),
        },
        show: {
          summary: "print one with its values",
          load: from("cache.ts", "show"),
        },
        clear: {
          summary: "remove them",
          load: from("cache.ts", "clear"),
        },
        verify: {
          summary: "read them all, and remove damaged ones",
          load: from("cache.ts", "verify"),
        },
      },
    },
    logs: {
      summary: "print the epochs of a log file",
      load: from("logs.ts", "logs"),
    },
    "serve-pool": {
      summary: "run the nodes of a net for nets on other machines",
      load: from("serve_pool.ts", "servePool"),
    },
  }],
  ["Look", {
    validate: {
      summary: "check a net file and list every problem",
      load: from("validate.ts", "validate"),
    },
    info: {
      summary: "print what a net consists of, in numbers",
      load: from("info.ts", "info"),
    },
    structure: {
      summary: "print nodes, ports, conditions and edges",
      load: from("structure.ts", "structure"),
    },
    nodes: {
      summary: "list the nodes with their ports",
      load: from("nodes.ts", "nodes"),
    },
    node: {
      summary: "print one node",
      load: from("node.ts", "node"),
    },
    "dry-run": {
      summary: "print the order in which nodes can run",
      load: from("dry_run.ts", "dryRun"),
    },
    graph: {
      summary: "draw a net as SVG, Mermaid, DOT or text",
      load: from("graph.ts", "graph"),
    },
    functions: {
      summary: "list the functions that can become nodes",
      load: from("functions.ts", "functions"),
    },
    "factory-info": {
      summary: "print what a factory takes",
      load: from("factory_info.ts", "factoryInfo"),
    },
    doctor: {
      summary: "check that everything a net needs is there",
      load: from("doctor.ts", "doctor"),
    },
  }],
  ["Write", {
    ui: {
      summary: "open the studio in the browser",
      load: from("ui.ts", "ui"),
      commands: {
        "export-html": {
          summary: "write a net as one page that opens without a server",
          load: from("ui_export_html.ts", "exportHtml"),
        },
      },
    },
    init: {
      summary: "begin a project that runs",
      load: from("init.ts", "init"),
    },
    "add-node": {
      summary: "add a node to a net file",
      load: from("add_node.ts", "addNode"),
    },
    "edit-node": {
      summary: "rename a node, change its ports, merge data into it",
      load: from("edit_node.ts", "editNode"),
    },
    "remove-node": {
      summary: "remove a node with its edges",
      load: from("remove_node.ts", "removeNode"),
    },
    "add-edge": {
      summary: "connect two ports",
      load: from("add_edge.ts", "addEdge"),
    },
    "remove-edge": {
      summary: "remove the edge between two ports",
      load: from("remove_edge.ts", "removeEdge"),
    },
    convert: {
      summary: "turn a JSON net file into TOML, or back",
      load: from("convert.ts", "convert"),
    },
    schema: {
      summary: "print the JSON Schema of net files, for editors",
      load: from("schema.ts", "schema"),
    },
  }],
  ["Project", {
    actions: {
      summary: "Shell commands kept in a net file",
      commands: {
        list: {
          summary: "list them",
          load: from("actions.ts", "list"),
        },
        run: {
          summary: "run one",
          load: from("actions.ts", "run"),
        },
      },
    },
    recipes: {
      summary: "Modules that change a net file",
      commands: {
        list: {
          summary: "list them",
          load: from("recipes.ts", "list"),
        },
        run: {
          summary: "run one",
          load: from("recipes_run.ts", "run"),
        },
      },
    },
    "download-agents": {
      summary: "copy the guides for coding agents into a folder",
      load: from("download_agents.ts", "downloadAgents"),
    },
    completions: {
      summary: "print a completion script for a shell",
      load: from("completions.ts", "completions"),
    },
  }],
];

/** Commands that the program calls itself by, and nobody else. */
export const hiddenCommands: Readonly<Record<string, CommandEntry>> = {
  "__pool-host": {
    summary: "be a subprocess of a pool",
    load: from("pool_host.ts", "poolHost"),
  },
  "__ui-child": {
    summary: "run code of a project for the studio",
    load: from("ui_child.ts", "uiChild"),
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
