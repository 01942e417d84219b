/**
 * Runs the net file that is named, once, and prints how the epochs of its nodes ended.
 *
 * @module
 */
import { Net } from "@netrun/netrun";

const outcomes: Record<string, string> = {};
await using net = await Net.fromFile(Deno.args[0]!, { echo: () => {} });
net.onEpochEnd((name, _id, { outcome }) => void (outcomes[name] = outcome));
await net.init();
for (const name of ["one", "two"]) net.injectData(name, "x", [1]);
await net.runUntilBlocked();
console.log(JSON.stringify(outcomes));
