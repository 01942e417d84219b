import { assert, assertEquals, assertRejects } from "@std/assert";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { ConfigResolveError } from "../../../runtime/schema/error.ts";

const disk = (password: unknown) => ({
  backends: { far: { type: "ssh", host: "h", base_path: "p", username: "u", password } },
});
const node = (execution_config: object) => ({ nodes: [{ name: "a", execution_config }] });

/** What is wrong with a net that takes the password from the environment. */
async function problemsOf(net: object): Promise<string[]> {
  const error = await assertRejects(
    () => NetConfig.parse(net).resolve({ env: { PASSWORD: "hunter2" } }),
    ConfigResolveError,
  );
  assert(!error.message.includes("hunter2"), error.message);
  assert(!JSON.stringify(error).includes("hunter2"));
  return error.issues.map(({ code, path }) => `${code} ${path.join(".")}`);
}

Deno.test("a credential is in no message, wherever else its variable is used", async () => {
  const storage = disk({ $env: "PASSWORD" });
  assertEquals(
    await problemsOf({ storage, retries: { $env: "PASSWORD" }, graph: { nodes: [] } }),
    ["cast_failed retries"],
  );
  assertEquals(
    await problemsOf({ storage, graph: node({ timeout: { $env: "PASSWORD" } }) }),
    ["cast_failed graph.nodes.0.execution_config.timeout"],
  );
  assertEquals(
    await problemsOf({
      storage,
      node_vars: { v: { value: { $env: "PASSWORD" }, type: "int" } },
      graph: { nodes: [] },
    }),
    ["cast_failed node_vars.v"],
  );
});

Deno.test("a credential that comes by a node variable is in no message", async () => {
  const storage = disk({ $var: "v" });
  const v = { value: { $env: "PASSWORD" } };
  assertEquals(
    await problemsOf({ storage, node_vars: { v: { ...v, type: "int" } }, graph: { nodes: [] } }),
    ["cast_failed node_vars.v"],
  );
  assertEquals(
    await problemsOf({
      storage,
      node_vars: { v: { ...v, options: ["a", "b"] } },
      graph: { nodes: [] },
    }),
    ["var_option node_vars.v"],
  );
  assertEquals(
    await problemsOf({ storage, node_vars: { v }, graph: node({ retries: { $var: "v" } }) }),
    ["cast_failed graph.nodes.0.execution_config.retries"],
  );
  assertEquals(
    await problemsOf({
      storage,
      node_vars: { v },
      graph: node({ retries: { $env: "PASSWORD" } }),
    }),
    ["cast_failed graph.nodes.0.execution_config.retries"],
  );
});
