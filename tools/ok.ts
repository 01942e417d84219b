/**
 * Runs all checks on the working tree as it is: `deno task ok [--except NAME]`.
 *
 * @module
 */
import { CHECKS } from "./check/checks.ts";
import { runSteps, tallyLine } from "./check/tally.ts";

if (import.meta.main) {
  const except = Deno.args[0] === "--except" ? Deno.args[1] : undefined;
  if (Deno.args.length > 0 && !CHECKS.some(({ name }) => name === except)) {
    console.error(`usage: deno task ok [--except NAME], where NAME is one of:`);
    for (const { name } of CHECKS) console.error(`  ${name}`);
    Deno.exit(2);
  }
  const tally = await runSteps(CHECKS.filter(({ name }) => name !== except));
  console.log(tallyLine(tally));
  Deno.exit(tally.failed === 0 ? 0 : 1);
}
