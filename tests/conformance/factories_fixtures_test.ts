import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { expandFactoryNode } from "../../runtime/factories/expand.ts";
import { FactoryArgsError } from "../../runtime/factories/error.ts";
import { nodeConfigSchema } from "../../runtime/schema/node.ts";
import { factoryContext } from "../runtime/factories/_context.ts";

interface Case {
  factory: string;
  factory_args: Record<string, unknown>;
  node_config?: Record<string, unknown>;
  error?: string;
  message_hint?: string;
}

const { cases } = JSON.parse(
  await Deno.readTextFile(new URL("fixtures/factories/builtin-configs.json", import.meta.url)),
) as { cases: Case[] };

for (const { factory, factory_args, node_config, error, message_hint } of cases) {
  const call = `${factory} with ${JSON.stringify(factory_args)}`;
  const node = nodeConfigSchema.parse({ factory, factory_args });
  if (error !== undefined) {
    Deno.test(`${call} is refused`, async () => {
      const thrown = await assertRejects(
        () => expandFactoryNode(node, factoryContext()),
        FactoryArgsError,
      );
      assertEquals(thrown.name, error);
      // The wording is ours; what the hint speaks of must be named.
      const named = /(ports|port '\w+'|num_\w+|copy_mode|argument '\w+')/.exec(message_hint!)![0];
      assertStringIncludes(thrown.message, named.replace(/^port '(\w+)'/, "ports.$1"));
    });
    continue;
  }
  Deno.test(`${call} makes the recorded config`, async () => {
    const expanded = await expandFactoryNode(node, factoryContext());
    if (expanded.kind !== "node") throw new Error(`expanded to ${expanded.kind}`);
    const { type, name, in_ports, out_ports, extra } = expanded.node;
    const { in_salvo_conditions, out_salvo_conditions } = expanded.node;
    assertEquals(
      toWire({ type, name, in_ports, out_ports, in_salvo_conditions, out_salvo_conditions, extra }),
      Object.fromEntries(Object.entries(node_config!).filter(([key]) => key !== "factory_args")),
    );
    assertEquals(expanded.node.factory_args, factory_args);
  });
}

/** Maps as objects, null members left out; the fixture has the order, so does the text. */
function toWire(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, member) => {
    if (member instanceof Map) return Object.fromEntries(member);
    if (typeof member !== "object" || member === null || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).filter(([, inner]) => inner !== null));
  }));
}
