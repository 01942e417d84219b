/** Run by telemetry_test.ts with Deno's exporter on: packets go from A to B; B's second one fails. */
import { trace } from "@opentelemetry/api";
import { Net } from "@netrun/netrun";

const tracer = trace.getTracer("user");

await using net = await Net.open({
  propagate_exceptions: false,
  graph: {
    nodes: [
      {
        name: "A",
        factory: "netrun:function",
        factory_args: {
          func: async (x: number) => {
            await Promise.resolve();
            tracer.startSpan(`inside A ${x}`).end();
            return x + 1;
          },
        },
      },
      {
        name: "B",
        factory: "netrun:function",
        factory_args: {
          func: (y: number) => {
            if (y === 3) throw new RangeError("boom");
            return y;
          },
        },
        execution_config: { retries: 1 },
      },
    ],
    edges: [{ source_node: "A", source_port: "out", target_node: "B", target_port: "y" }],
  },
});
tracer.startActiveSpan("inject", (span) => {
  net.injectData("A", "x", [1, 2]);
  span.end();
});
await net.runUntilBlocked();
