import * as z from "zod";

export const argsSchema = z.object({
  times: z.int().min(1).default(2),
  label: z.unknown().optional(),
});
export const factoryDesc = "Repeats a value.";

export function getNodeConfig(_netConfig: unknown, { times }: { times: number }) {
  return {
    name: "repeat",
    in_ports: { value: { port_type: "int" } },
    out_ports: { out: { slots_spec: { type: "finite", capacity: times } } },
    out_salvo_conditions: {
      send: {
        max_salvos: { type: "finite", max: 1 },
        ports: { out: { type: "all" } },
        term: { type: "true" },
      },
    },
    extra: { ui: { shape: "circle", tags: ["a"] }, kept: 1 },
  };
}

export function getNodeFuncs(_netConfig: unknown, { times }: { times: number }) {
  return [
    // deno-lint-ignore no-explicit-any
    (ctx: any, packets: Record<string, string[]>) => {
      const value = ctx.consumePacket(packets.value![0]);
      for (let i = 0; i < times; i++) ctx.loadOutputPort("out", ctx.createPacket(value));
      ctx.sendOutputSalvo("send");
    },
    null,
  ];
}

export const asynchronous = {
  getNodeConfig: () => Promise.resolve({ name: "later", out_ports: { out: {} } }),
  getNodeFuncs: () => Promise.resolve({ exec: null }),
};
export const withoutFunctions = { getNodeConfig: () => ({ name: "bare" }) };
export const withExecution = {
  getNodeConfig: () => ({ name: "eager", execution_config: { retries: 9 }, inPorts: {} }),
  getNodeFuncs: () => ({ exec: null }),
};
export const wrongResult = { getNodeConfig: () => 7, getNodeFuncs: () => 7 };
export const wrongPorts = {
  getNodeConfig: () => ({ name: "x", in_ports: { a: { slots_spec: { type: "finite" } } } }),
  getNodeFuncs: () => ({ exec: "run" }),
};
export const chain = {
  getNodeConfig: (_netConfig: unknown, { length = 2 }: { length?: number }) => ({
    type: "subgraph",
    name: "chain",
    nodes: Array.from({ length }, (_, i) => ({ name: `n${i}`, factory: "./fac.ts" })),
    extra: { ui: { shape: "box" } },
  }),
};
export const endless = {
  getNodeConfig: () => ({
    type: "subgraph",
    name: "endless",
    nodes: [{ name: "inner", factory: "./fac.ts::endless" }],
  }),
};
export const notAFactory = { getNodeFuncs: () => ({ exec: null }) };
