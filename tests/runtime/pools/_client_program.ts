/** A client of a server of pools: `_client_program.ts URL`. It prints the id of its worker's process. */
import { ExecutionManager } from "../../../runtime/pools/mod.ts";

const [url] = Deno.args as [string];
const manager = await ExecutionManager.open({ far: { type: "remote", url } });
const { result } = await manager.run({ poolId: "far", workerId: 0, func: "pid" });
console.log(result);
setInterval(() => {}, 1000);
