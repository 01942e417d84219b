/**
 * A project that reads a table, works on its rows and writes files.
 *
 * @module
 */
import type { Template } from "./template.ts";

/** The template. */
export const pipeline: Template = {
  summary: "reads a CSV file, checks and sorts its rows, writes JSON lines",
  files: ({ tasks, schemaHint }) => ({
    "orders.netrun.toml":
      `${schemaHint}# Orders are read from a table, priced, and sorted into large and small ones.

[output_queues]
large = { ports = [["sort", "large"]] }

[[graph.nodes]]
name = "read"
factory = "netrun:read"
factory_args = { path = "orders.csv", cast = true }

[[graph.nodes]]
name = "price"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::price" }

[[graph.nodes]]
name = "sort"
factory = "netrun.node_factories.function"
factory_args = { func = "./nodes.ts::sort" }

[[graph.nodes]]
name = "write"
factory = "netrun:write"
factory_args = { path = "small.jsonl" }

[graph]
edges = [
  { source_node = "read", source_port = "out", target_node = "price", target_port = "order" },
  { source_node = "price", source_port = "out", target_node = "sort", target_port = "priced" },
  { source_node = "sort", source_port = "small", target_node = "write", target_port = "in" },
]
`,
    "orders.csv": `id,product,count,unit_price
1,coffee,3,4.5
2,"tea, green",10,2.25
3,grinder,1,89
4,filter,200,0.1
`,
    "nodes.ts": `/** An order as the table has it. */
export interface Order {
  id: number;
  product: string;
  count: number;
  unit_price: number;
}

/** An order with what it comes to. */
export interface PricedOrder extends Order {
  total: number;
}

/** Adds the total; an order that makes no sense fails, and is kept among the dead letters. */
export function price(order: Order): PricedOrder {
  if (!(order.count > 0)) {
    throw new RangeError(\`order \${order.id}: count is \${order.count}\`);
  }
  return { ...order, total: order.count * order.unit_price };
}

/** Sends an order to one of two ports: the keys of the result are the ports. */
export function sort(
  priced: PricedOrder,
): { large?: PricedOrder; small?: PricedOrder } {
  return priced.total >= 20 ? { large: priced } : { small: priced };
}
`,
    "nodes_test.ts": `import assert from "node:assert/strict";
import { price, sort } from "./nodes.ts";

const order = { id: 1, product: "coffee", count: 3, unit_price: 4.5 };

Deno.test("price() multiplies", () => {
  assert.equal(price(order).total, 13.5);
});

Deno.test("price() refuses an order of nothing", () => {
  assert.throws(() => price({ ...order, count: 0 }), RangeError);
});

Deno.test("sort() tells large orders from small ones", () => {
  assert.deepEqual(Object.keys(sort({ ...order, total: 20 })), ["large"]);
  assert.deepEqual(Object.keys(sort({ ...order, total: 19 })), ["small"]);
});
`,
    "orders.nettest.toml": `title = "a large order leaves by the queue"
net = "orders.netrun.toml"

[[inject]]
node = "price"
port = "order"
values = [{ id = 7, product = "mill", count = 2, unit_price = 30 }]

[expect.queues]
large = [{ id = 7, product = "mill", count = 2, unit_price = 30, total = 60 }]
`,
    "deno.json": `${JSON.stringify({ tasks }, null, 2)}\n`,
    ".gitignore": ".netrun/\nsmall.jsonl\n*.part\n",
  }),
};
