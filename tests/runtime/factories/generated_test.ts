import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  allOf,
  atLeast,
  nonEmpty,
  oncePerEpoch,
  sendAll,
  takeAll,
  takeCount,
} from "../../../runtime/factories/conditions.ts";
import { fitGenerated } from "../../../runtime/factories/generated.ts";
import type { PortConfig } from "../../../runtime/schema/port.ts";

const port = (optional = false): PortConfig<never> => ({
  slots_spec: { type: "infinite" },
  port_type: null,
  gather: null,
  ...(optional ? { optional } : {}),
});

Deno.test("other conditions than generated ones stay as they are", () => {
  const trigger = oncePerEpoch(new Map([["a", takeAll]]), nonEmpty("a"));
  const send = sendAll(["x"]);
  const fitted = fitGenerated({
    in_ports: new Map([["a", port(true)]]),
    out_ports: new Map([["x", port()], ["y", port()]]),
    in_salvo_conditions: new Map([["trigger", trigger]]),
    out_salvo_conditions: new Map([["send", send]]),
  }, { isConnected: () => false, isSpecial: () => false });
  assertEquals(fitted.in_salvo_conditions.get("trigger"), trigger);
  assertEquals(fitted.out_salvo_conditions.get("send"), send);
});

Deno.test("a generated output condition sends by all ordinary ports, or is dropped", () => {
  const out = (names: string[]) =>
    fitGenerated({
      in_ports: new Map(),
      out_ports: new Map(names.map((name) => [name, port()])),
      in_salvo_conditions: new Map(),
      out_salvo_conditions: new Map([["send", { ...sendAll(["x"]), generated: true }]]),
    }, { isConnected: () => false, isSpecial: (name) => name.startsWith("__") })
      .out_salvo_conditions;
  assertEquals([...out(["x", "y", "__signal__"]).get("send")!.ports.keys()], ["x", "y"]);
  assertEquals(out(["__signal__"]).size, 0);
});

Deno.test("a generated term waits for exactly the required and the connected ports", () => {
  const ports = fc.uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }),
      optional: fc.boolean(),
      connected: fc.boolean(),
      batch: fc.boolean(),
    }),
    { minLength: 1, maxLength: 5, selector: ({ name }) => name },
  );
  fc.assert(fc.property(ports, (ports) => {
    const terms = ports.map(({ name, batch }) => batch ? atLeast(name, 3) : nonEmpty(name));
    const term = terms.length === 1 ? terms[0]! : allOf(terms);
    const takes = new Map(ports.map(({ name }) => [name, takeCount(1)]));
    const fitted = fitGenerated({
      in_ports: new Map(ports.map(({ name, optional }) => [name, port(optional)])),
      out_ports: new Map(),
      in_salvo_conditions: new Map([
        ["trigger", { ...oncePerEpoch(takes, term), generated: true }],
      ]),
      out_salvo_conditions: new Map(),
    }, {
      isConnected: (name) => ports.some((port) => port.name === name && port.connected),
      isSpecial: () => false,
    }).in_salvo_conditions.get("trigger")!;
    assertEquals([...fitted.ports.keys()], ports.map(({ name }) => name));
    const waited = ports.filter(({ optional, connected }) => !optional || connected);
    const parts = "terms" in fitted.term ? fitted.term.terms : [fitted.term];
    const expected = waited.length > 0 ? waited : ports;
    assertEquals(
      parts.map((part) => part.type === "port" ? part.port_name : part.type),
      expected.map(({ name }) => name),
    );
    if (parts.length > 1) assertEquals(fitted.term.type, waited.length > 0 ? "and" : "or");
  }));
});
