import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { InvalidArgumentError } from "../../../sim/error.ts";
import {
  buildActionContext,
  buildTemplateVariables,
} from "../../../runtime/tools/action_context.ts";
import {
  checkActions,
  getActionSettings,
  getAvailableActions,
  getNodeEnv,
  getProjectActions,
  resolveProjectRoot,
} from "../../../runtime/tools/actions.ts";
import { referencedText } from "../../../runtime/tools/referenced_text.ts";

const action = (id: string, command = "true") => ({ id, label: id, command });
const noEnv = () => undefined;

Deno.test("an action of the node takes the place of the project's, others follow", () => {
  const available = getAvailableActions(
    [action("a"), action("b"), action("c")],
    [action("b", "own"), action("d")],
  );
  assertEquals(available.map(({ id, command }) => `${id}:${command}`), [
    "a:true",
    "b:own",
    "c:true",
    "d:true",
  ]);
});

Deno.test("the older place counts only where the newer one says nothing", () => {
  const old = { ui: { actions: [action("old")] } };
  assertEquals(getProjectActions({}, old).map(({ id }) => id), ["old"]);
  assertEquals(getProjectActions({ ui: { actions: [] } }, old), []);
});

Deno.test("numbers, booleans and references of an environment become text", () => {
  const R = { $env: "NETRUN_TEST_UNSET", default: 5 };
  const env = { N: 3, B: true, T: "x", O: {}, R, U: { $env: "NETRUN_TEST_UNSET" } };
  const extra = { ui: { env, defaultCmd: "deno run" } };
  assertEquals(getActionSettings(extra).env, { N: "3", B: "true", T: "x", R: "5" });
  assertEquals(getActionSettings(extra).defaultCmd, "deno run");
  assertEquals(getNodeEnv({}), null);
});

Deno.test("of five places that set a variable the most special one counts", () => {
  const sources = {
    graphExtra: { ui: { env: { V: "2 project", NODE_NAME: "2" } } },
    globalNodeVars: { V: { value: "3 net" } },
    nodeExecutionConfig: { node_vars: { V: { value: "4 node" } } },
    nodeExtra: { ui: { env: { V: "5 node env" } } },
  };
  const value = (used: readonly (keyof typeof sources)[]) => {
    const given = Object.fromEntries(used.map((key) => [key, sources[key]]));
    return buildTemplateVariables(buildActionContext({ nodeName: "n", readEnv: noEnv, ...given }));
  };
  assertEquals(value([]).V, undefined);
  assertEquals(value([]).NODE_NAME, "n");
  assertEquals(value(["graphExtra"]).NODE_NAME, "2");
  const order = ["graphExtra", "globalNodeVars", "nodeExecutionConfig", "nodeExtra"] as const;
  order.forEach((_, i) => {
    assertEquals(value(order.slice(0, i + 1)).V, ["2 project", "3 net", "4 node", "5 node env"][i]);
  });
});

Deno.test("values of variables become text; what has no value is left out", () => {
  const variables = buildTemplateVariables(buildActionContext({
    globalNodeVars: {
      number: { value: "1.50", type: "float" },
      flag: { value: 1, type: "bool" },
      json: { value: '{"a": [1, 2]}', type: "json" },
      unset: { optional: true },
      placeholder: {},
      env: { value: { $env: "HOST" } },
      other: { value: { $env: "NOPE", default: "here" } },
      inherited: { value: "7", type: "int" },
    },
    nodeExecutionConfig: { node_vars: { inherited: { inherit: true, value: "8" } } },
    readEnv: (name) => name === "HOST" ? "mill" : undefined,
  }));
  const { number, flag, json, env, other, inherited } = variables;
  assertEquals({ number, flag, json, env, other }, {
    number: "1.5",
    flag: "true",
    json: '{"a":[1,2]}',
    env: "mill",
    other: "here",
  });
  assertEquals([variables.unset, variables.placeholder], [undefined, undefined]);
  assertEquals(inherited, "8");
});

Deno.test("NODE_CONFIG is the node as compact JSON without nulls", () => {
  const nodeConfig = { name: "a", description: null, extra: { x: [null, 1] } };
  assertEquals(
    buildTemplateVariables({ nodeConfig }).NODE_CONFIG,
    '{"name":"a","extra":{"x":[null,1]}}',
  );
});

Deno.test("the project root is relative to the net file", () => {
  assertEquals(resolveProjectRoot(null, null), null);
  assertEquals(resolveProjectRoot("src", null), "src");
  assertEquals(resolveProjectRoot("/abs", "/a/n.netrun.json"), "/abs");
  assertEquals(resolveProjectRoot("../b/./c", "/a/n.netrun.json"), "/b/c");
});

Deno.test("every field that an action lacks is an issue, on nodes of subgraphs too", () => {
  const bad = { ui: { actions: [{ id: "x" }, 3, { ...action("r"), command: { $env: "C" } }] } };
  const issues = checkActions({
    graph: { nodes: [{ nodes: [{ extra: bad }] }], extra: { ui: { actions: "no" } } },
  });
  assertEquals(issues.map(({ code, path }) => `${code} ${path.join(".")}`), [
    "invalid_action graph.extra.ui.actions",
    ...Array(2).fill("invalid_action graph.nodes.0.nodes.0.extra.ui.actions.0"),
    ...Array(3).fill("invalid_action graph.nodes.0.nodes.0.extra.ui.actions.1"),
  ]);
});

Deno.test("a reference without a value says what it refers to", () => {
  assertEquals(referencedText({ $var: "X", default: "d" }, "It"), "d");
  assertEquals(referencedText({ $var: "X" }, "It", { X: "v" }), "v");
  const error = assertThrows(
    () => referencedText({ $env: "NETRUN_TEST_UNSET" }, "It"),
    InvalidArgumentError,
  );
  assertStringIncludes(error.message, "NETRUN_TEST_UNSET, which is not set");
});
