import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { ConfigError } from "../../../runtime/schema/error.ts";
import { nodeExecutionConfigSchema } from "../../../runtime/schema/node.ts";

const KEYS = [
  "graph",
  "nodes",
  "edges",
  "name",
  "type",
  "in_ports",
  "slots_spec",
  "capacity",
  "in_salvo_conditions",
  "term",
  "terms",
  "execution_config",
  "node_vars",
  "value",
  "storage",
  "cache",
  "pools",
  "spec",
  "output_queues",
  "ports",
  "source_str",
  "source",
  "$env",
  "$var",
  "default",
  "extra",
  "path",
  "__proto__",
  "toString",
];
const WORDS = ["subgraph", "node", "finite", "and", "port", "thread", "int", "", "a.b", "1", "yes"];

/** Data with the keys and words of nets in the wrong places. */
const { value: anything } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom(...WORDS),
    fc.oneof(fc.integer(), fc.double(), fc.boolean(), fc.constant(null), fc.constant(undefined)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 5 })
      .map((entries) => Object.fromEntries(entries)),
    fc.array(fc.tuple(fc.constantFrom(...KEYS), tie("value")), { maxLength: 5 })
      .map((entries) => new Map(entries)),
  ),
}));

Deno.test("whatever is given is a net or a list of problems, when read, checked and resolved", async () => {
  const nets = fc.oneof(
    anything,
    fc.record({ graph: fc.record({ nodes: fc.array(anything), edges: fc.array(anything) }) }),
    fc.record({ graph: fc.constant({ nodes: [] }), pools: anything, storage: anything }),
    fc.record({ graph: fc.constant({ nodes: [] }), node_vars: anything, retries: anything }),
  );
  await fc.assert(
    fc.asyncProperty(nets, async (data) => {
      try {
        const config = NetConfig.parse(data);
        config.validate();
        (await config.resolve({ env: {}, noImport: true })).validate();
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        assert(error.issues.length > 0);
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("numbers and booleans are lenient, strings and choices are not", () => {
  const read = (fields: object) => nodeExecutionConfigSchema.safeParse(fields);
  const lenient = read({
    retries: "3",
    max_epochs: 10.0,
    timeout: " 1e1 ",
    enabled: "ON",
    run_on_init: 1,
    defer_init: "f",
  }).data;
  assertEquals(lenient?.retries, 3);
  assertEquals(lenient?.max_epochs, 10);
  assertEquals(lenient?.timeout, 10);
  assertEquals([lenient?.enabled, lenient?.run_on_init, lenient?.defer_init], [true, true, false]);
  const wrong = [
    { retries: true },
    { retries: "2.5" },
    { timeout: Infinity },
    { timeout: "Infinity" },
    { timeout: "0x10" },
    { enabled: 2 },
    { enabled: "maybe" },
    { rate_limit_group: 1 },
    { pool_allocation_method: "Random" },
  ];
  for (const fields of wrong) assertEquals(read(fields).success, false, JSON.stringify(fields));
});

Deno.test("a problem is reported for the form that was meant", () => {
  const problemsOf = (node: object) => {
    try {
      NetConfig.parse({ graph: { nodes: [{ name: "n", ...node }] } });
      return [];
    } catch (error) {
      return (error as ConfigError).issues.map(({ code, path }) =>
        `${code} ${path.slice(3).join(".")}`
      );
    }
  };
  const storage = (backend: unknown) => ({
    execution_config: { storage: { file_storage: { backend } } },
  });
  assertEquals(problemsOf(storage({ type: "local" })), [
    "missing execution_config.storage.file_storage.backend.base_path",
  ]);
  assertEquals(problemsOf(storage(3)), ["type execution_config.storage.file_storage.backend"]);
  assertEquals(problemsOf({ in_ports: { p: { port_type: { isinstance_check: true } } } }), [
    "missing in_ports.p.port_type.name",
  ]);
  assertEquals(problemsOf({ in_ports: { p: { gather: { max_wait: "long" } } } }), [
    "type in_ports.p.gather.max_wait",
  ]);
  assertEquals(problemsOf({ execution_config: { retries: { $env: "" } } }), [
    "reference execution_config.retries",
  ]);
  assertEquals(problemsOf({ execution_config: { retries: { a: 1 } } }), [
    "type execution_config.retries",
  ]);
});

Deno.test("a reference stands for a whole field, and an unknown key in it warns", () => {
  const graph = { nodes: [] };
  const config = NetConfig.parse({ graph, retries: { $env: "R", defualt: 3 } });
  assertEquals(config.data.retries, { $env: "R" });
  assertEquals(config.warnings.map(({ code, path }) => `${code} ${path.join(".")}`), [
    "unknown_key retries.defualt",
  ]);
  const misplaced = [
    { graph: { nodes: [{ name: { $env: "X" } }] } },
    { graph, default_pools: [{ $env: "X" }] },
    { graph, pools: { $var: "pools" } },
  ];
  for (const data of misplaced) {
    try {
      NetConfig.parse(data);
      throw new Error("it was accepted");
    } catch (error) {
      assert(error instanceof ConfigError, String(error));
    }
  }
});
