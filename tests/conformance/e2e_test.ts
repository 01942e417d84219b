import { assertEquals } from "@std/assert";
import { type Case, completeExpectation, runCase, withoutOrder } from "./e2e_case.ts";

/** Cases that cannot run yet, with the reason. */
const skipped: Record<string, string> = {};

const root = new URL("fixtures/e2e/", import.meta.url);

for (const group of ["recorded", "improved"]) {
  const names = Array.from(Deno.readDirSync(new URL(`${group}/`, root)), ({ name }) => name);
  for (const name of names.sort()) {
    const folder = new URL(`${group}/${name}/`, root);
    const spec: Case = JSON.parse(Deno.readTextFileSync(new URL("case.json", folder)));
    const reason = skipped[name];
    Deno.test({
      name: `${group}/${name}: ${spec.title}${reason ? ` (skipped: ${reason})` : ""}`,
      ignore: reason !== undefined,
      async fn() {
        const { ordered_logs: orderedLogs = false } = spec;
        assertEquals(
          withoutOrder(await runCase(folder, spec), orderedLogs),
          withoutOrder(completeExpectation(spec.expect), orderedLogs),
        );
      },
    });
  }
}
