import { assert, assertEquals, assertThrows } from "@std/assert";
import { backendConfigSchema } from "../../../runtime/schema/backend.ts";
import { ConfigResolveError } from "../../../runtime/schema/error.ts";
import { netConfigSchema } from "../../../runtime/schema/net.ts";
import { nodeConfigSchema, nodeExecutionConfigSchema } from "../../../runtime/schema/node.ts";
import { resolveReferences } from "../../../runtime/schema/references.ts";

const graph = { nodes: [] };

function resolveNet(fields: object, values: Parameters<typeof resolveReferences>[2]) {
  return resolveReferences(netConfigSchema, netConfigSchema.parse({ graph, ...fields }), values);
}

function codesOf(fn: () => unknown): string[] {
  const { issues } = assertThrows(fn, ConfigResolveError);
  return issues.map(({ code, path }) => `${code} ${path.join(".")}`);
}

Deno.test("an environment variable is converted to the type of its field", () => {
  const env = {
    INT: " 3 ",
    FLOAT: "0.5",
    BOOL: "Off",
    ENUM: "random",
    LIST: '["a", "b"]',
    TEXT: "",
  };
  const net = resolveNet({
    retries: { $env: "INT" },
    retry_wait: { $env: "FLOAT" },
    ordered: { $env: "BOOL" },
    default_pool_allocation_method: { $env: "ENUM" },
    default_pools: { $env: "LIST" },
    dead_letter_path: { $env: "TEXT" },
  }, { env });
  assertEquals(net.retries, 3);
  assertEquals(net.retry_wait, 0.5);
  assertEquals(net.ordered, false);
  assertEquals(net.default_pool_allocation_method, "random");
  assertEquals(net.default_pools, ["a", "b"]);
  assertEquals(net.dead_letter_path, "");
});

Deno.test("all missing and unfit values are reported at once", () => {
  assertEquals(
    codesOf(() =>
      resolveNet({
        retries: { $env: "MISSING" },
        timeout: { $env: "BAD" },
        max_epochs: { $env: "LOW" },
        default_pools: { $env: "NO_JSON" },
        default_signals: { $env: "SIGNALS" },
        print_exceptions: { $var: "gone" },
        default_pool_allocation_method: { $env: "METHOD" },
      }, {
        env: {
          BAD: "soon",
          LOW: "-7",
          NO_JSON: "a, b",
          SIGNALS: '["epoch_started", "epoch_exploded"]',
          METHOD: "round_robin",
        },
      })
    ).sort(),
    [
      "cast_failed default_pool_allocation_method",
      "cast_failed default_pools",
      "cast_failed timeout",
      "env_missing retries",
      "range max_epochs",
      "unknown_signal default_signals.1",
      "var_missing print_exceptions",
    ],
  );
});

Deno.test("a default counts only where the variable is not set, and false, 0 and '' are defaults", () => {
  const net = resolveNet({
    retries: { $env: "A", default: 0 },
    ordered: { $env: "A", default: false },
    dead_letter_path: { $env: "EMPTY", default: "letters" },
    timeout: { $var: "none", default: "2.5" },
  }, { env: { EMPTY: "" } });
  assertEquals(net.retries, 0);
  assertEquals(net.ordered, false);
  assertEquals(net.dead_letter_path, "");
  assertEquals(net.timeout, 2.5);
});

Deno.test("a node variable keeps its type, and its text is converted", () => {
  const execution = nodeExecutionConfigSchema.parse({
    retries: { $var: "text" },
    timeout: { $var: "number" },
    rate_limit_group: { $var: "nothing" },
    error_port: { $var: "text" },
  });
  const vars = { text: "4", number: 1.5, nothing: null };
  const resolved = resolveReferences(nodeExecutionConfigSchema, execution, { vars });
  assertEquals(resolved.retries, 4);
  assertEquals(resolved.timeout, 1.5);
  assertEquals(resolved.rate_limit_group, null);
  assertEquals(resolved.error_port, "4");
});

Deno.test("a variable without value does not fit a field that cannot be null", () => {
  assertEquals(codesOf(() => resolveNet({ ordered: { $var: "v" } }, { vars: { v: null } })), [
    "type ordered",
  ]);
  assertEquals(codesOf(() => resolveNet({ dead_letter_path: { $var: "v" } }, { vars: { v: 1 } })), [
    "type dead_letter_path",
  ]);
});

Deno.test("references in free data are data", () => {
  const node = nodeConfigSchema.parse({
    name: "n",
    factory: "netrun:broadcast",
    factory_args: { path: { $env: "X" } },
    extra: { $var: "y" },
  });
  assertEquals(resolveReferences(nodeConfigSchema, node, {}), node);
});

Deno.test("values of credentials are never shown", () => {
  const backend = backendConfigSchema.parse({
    type: "ssh",
    host: "h",
    base_path: "p",
    port: { $env: "SECRET" },
    password: { $var: "secret" },
  });
  const error = assertThrows(
    () =>
      resolveReferences(backendConfigSchema, backend, {
        env: { SECRET: "12a" },
        vars: { secret: 987654 },
      }),
    ConfigResolveError,
  );
  assert(error.message.includes("12a"), "an ordinary value is shown");
  assert(!error.message.includes("987654"), error.message);
});

Deno.test("what holds no reference is shared, not copied", () => {
  const net = netConfigSchema.parse({ graph, retries: { $env: "N" }, pools: { main: {} } });
  const resolved = resolveReferences(netConfigSchema, net, { env: { N: "1" } });
  assert(resolved !== net);
  assertEquals(net.retries, { $env: "N" });
  assert(resolved.pools === net.pools);
});
