/**
 * The confined process: reads one call from standard input, answers on standard output, ends.
 *
 * @module
 */
import { ConfigError } from "../../runtime/schema/error.ts";
import { answer, messageOf } from "./code_calls.ts";

if (import.meta.main) {
  // What code of the project prints must not be taken for the answer.
  for (const method of ["log", "info", "debug"] as const) console[method] = console.error;
  const { mark, call } = JSON.parse(await new Response(Deno.stdin.readable).text());
  let reply: unknown;
  try {
    reply = { value: await answer(call) };
  } catch (error) {
    const issues = error instanceof ConfigError ? error.issues : undefined;
    reply = { error: messageOf(error), issues };
  }
  await Deno.stdout.write(new TextEncoder().encode(`\n${mark}${JSON.stringify(reply)}\n`));
  // Whatever code of the project left running ends here.
  Deno.exit(0);
}
