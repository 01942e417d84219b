import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { NetConfig } from "../../../runtime/config/net_config.ts";
import { ConfigSchemaError } from "../../../runtime/schema/error.ts";
import { parseNetText } from "../../../runtime/schema/text/net_text.ts";

const name = fc.oneof(
  fc.string({ minLength: 1, maxLength: 6 }),
  fc.constantFrom("__proto__", "10", "2", "a.b", "constructor", "ü ", '"'),
).filter((text) => text.isWellFormed());
const map = <T>(value: fc.Arbitrary<T>) =>
  fc.array(fc.tuple(name, value), { maxLength: 4 }).map((entries) => new Map(entries));
const reference = fc.record(
  { $env: fc.constantFrom("A", "B"), default: fc.nat({ max: 9 }) },
  { requiredKeys: ["$env"] },
);
const count = fc.oneof(fc.nat({ max: 99 }), reference);
const port = fc.record({
  slots_spec: fc.oneof(
    fc.constant({ type: "infinite" }),
    count.map((capacity) => ({ type: "finite", capacity })),
  ),
  port_type: fc.option(fc.string({ maxLength: 5 }).filter((text) => text.isWellFormed())),
}, { requiredKeys: [] });
const { term } = fc.letrec((tie) => ({
  term: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom({ type: "true" }, { type: "false" }),
    fc.record({
      type: fc.constant("port"),
      port_name: name,
      state: fc.oneof(
        fc.constant({ type: "full" }),
        count.map((value) => ({ type: "equals", value })),
      ),
    }),
    fc.array(tie("term"), { maxLength: 2 }).map((terms) => ({ type: "and", terms })),
    tie("term").map((term) => ({ type: "not", term })),
  ),
}));
const condition = fc.record({
  max_salvos: fc.oneof(
    fc.constant({ type: "infinite" }),
    count.map((max) => ({ type: "finite", max })),
  ),
  ports: map(
    fc.oneof(fc.constant({ type: "all" }), count.map((count) => ({ type: "count", count }))),
  ),
  term,
});
const { member } = fc.letrec((tie) => ({
  member: fc.oneof(
    { depthSize: "small" },
    fc.record({
      name,
      in_ports: map(port),
      out_ports: map(port),
      in_salvo_conditions: fc.option(map(condition)),
      execution_config: fc.option(fc.record({
        retries: fc.option(count),
        signals: fc.option(fc.constantFrom([], ["epoch_started"])),
        node_vars: fc.option(map(fc.record({ value: fc.option(fc.nat()) }))),
      }, { requiredKeys: [] })),
    }, { requiredKeys: ["name"] }),
    fc.record({
      type: fc.constant("subgraph"),
      name,
      nodes: fc.array(tie("member"), { maxLength: 2 }),
    }),
  ),
}));
const net = fc.record({
  retries: count,
  output_queues: fc.option(
    map(fc.record({ ports: fc.array(fc.tuple(name, name), { maxLength: 2 }) })),
  ),
  graph: fc.record({ nodes: fc.array(member, { maxLength: 4 }) }),
}, { requiredKeys: ["graph"] });

/** Equal with the order of everything. */
function assertSame(actual: NetConfig, expected: NetConfig): void {
  const show = (config: NetConfig) => Deno.inspect(config.data, { depth: 99, iterableLimit: 1e6 });
  assert(show(actual) === show(expected), `${show(actual)}\n\nis not\n\n${show(expected)}`);
}

Deno.test("parsing a dump gives the same configuration, in data, JSON and TOML", () => {
  fc.assert(
    fc.property(net, (written) => {
      const config = NetConfig.parse(written);
      assertSame(NetConfig.parse(config.toData()), config);
      assertSame(NetConfig.parse(config.toData({ full: true })), config);
      assertSame(NetConfig.parse(parseNetText(config.toJson(), "json").data), config);
      assertSame(NetConfig.parse(parseNetText(config.toToml(), "toml").data), config);
    }),
    { numRuns: 100 },
  );
});

Deno.test("a dump keeps tags and unknown keys and drops defaults", () => {
  const config = NetConfig.parse({
    retries: 0,
    colour: "red",
    graph: {
      nodes: [{
        type: "node",
        name: "n",
        in_ports: { a: { slots_spec: { type: "finite", capacity: 1 } }, b: { port_type: null } },
        execution_config: {},
      }, { name: "s", nodes: [] }],
    },
  });
  assertEquals(config.toData() as unknown, {
    graph: {
      nodes: [
        {
          name: "n",
          in_ports: new Map<string, unknown>([
            ["a", { slots_spec: { type: "finite", capacity: 1 } }],
            ["b", {}],
          ]),
          execution_config: {},
        },
        { type: "subgraph", name: "s", nodes: [] },
      ],
    },
    colour: "red",
  });
});

Deno.test("code without a reference cannot be written", () => {
  const config = NetConfig.parse({
    graph: {
      nodes: [{
        name: "n",
        in_ports: { p: { port_type: Date } },
        execution_config: { exec_node_func: () => {} },
      }],
    },
  });
  const error = assertThrows(() => config.toJson(), ConfigSchemaError);
  assertEquals(error.issues.map(({ code, path }) => `${code} ${path.join(".")}`), [
    "not_serializable graph.nodes.0.in_ports.p.port_type",
    "not_serializable graph.nodes.0.execution_config.exec_node_func",
  ]);
});
