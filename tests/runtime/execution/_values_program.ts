/** Prints what comes out of one node of a net on a pool, and why it failed where it did. */
import type { Net } from "@netrun/netrun";
import { on, open } from "./_pool_fixture.ts";

interface Given {
  kind: string;
  spec: Record<string, unknown>;
  node: string;
  settings?: Record<string, unknown>;
  values: unknown[];
}

const { kind, spec, node, settings, values } = JSON.parse(Deno.args[0]!) as Given;
const warnings: string[] = [];
const net: Net = await open(kind, [on(node, settings)], {
  spec,
  propagate_exceptions: false,
}, { cancelGrace: 0.1 });
net.onEvent((event) => {
  if (event.type === "warning") warnings.push(event.code);
});
net.injectData(node, "in", values);
await net.runUntilBlocked();
console.log(JSON.stringify({
  values: net.flushOutputQueue(`${node}::out`),
  errors: net.exceptionQueue.map(({ cause }) => String(cause)),
  prints: net.epochLogs.map(({ logs }) => logs.map(({ message }) => message).join("")),
  warnings,
}));
await net.close();
Deno.exit(0);
