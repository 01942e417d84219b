/**
 * The confined process: reads one call from standard input, answers on standard output, ends.
 *
 * @module
 */
import { keepOutputClean, repliesTo } from "./code_reply.ts";

if (import.meta.main) {
  keepOutputClean();
  const { mark, calls } = JSON.parse(await new Response(Deno.stdin.readable).text());
  const reply = await repliesTo(calls);
  await Deno.stdout.write(new TextEncoder().encode(`\n${mark}${JSON.stringify(reply)}\n`));
  // Whatever code of the project left running ends here.
  Deno.exit(0);
}
