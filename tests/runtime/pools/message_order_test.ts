import { assert, assertEquals, assertInstanceOf } from "@std/assert";
import { MultiprocessPool } from "../../../runtime/pools/multiprocess_pool.ts";
import type { Pool } from "../../../runtime/pools/pool.ts";
import { ThreadPool } from "../../../runtime/pools/thread_pool.ts";

const fn = new URL("./_mixed_worker.ts", import.meta.url).href + "::mixed";
const kinds: Record<string, () => Promise<Pool>> = {
  thread: () => ThreadPool.open(fn),
  multiprocess: () => MultiprocessPool.open(fn),
};

for (const [kind, open] of Object.entries(kinds)) {
  Deno.test(`${kind}: messages of all sizes and kinds arrive whole and in order`, async () => {
    await using pool = await open();
    const count = 2000;
    await pool.send(0, "go", count);
    for (let i = 0; i < count; i++) {
      const { data } = await pool.recv();
      const [number, extra] = data as [number, unknown];
      assertEquals(number, i);
      if (i % 11 === 0) assertInstanceOf(extra, Date);
      else if (i % 97 === 0) assertEquals((extra as Uint8Array).byteLength, 100_000);
      else if (i % 31 === 0) assert((extra as string).length === 60_000);
      else assertEquals(extra, i % 5 === 0 ? undefined : "text");
    }
  });
}
