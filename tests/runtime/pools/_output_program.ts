/** Has a subprocess write to its streams, and tells what came back of it. */
import { MultiprocessPool } from "../../../runtime/pools/multiprocess_pool.ts";

const options = JSON.parse(Deno.args[0]!);
let pushed = 0;
await using pool = await MultiprocessPool.open("./_workers.ts::echo", {
  projectRoot: import.meta.dirname!,
  onOutput: (_processIdx, entries) => void (pushed += entries.length),
  ...options,
});
await pool.send(0, "print", 7);
await pool.recv();
const flushed = await pool.flushStdout(0);
await pool.close();
console.log(JSON.stringify({ flushed: flushed.map(({ text }) => text).sort(), pushed }));
