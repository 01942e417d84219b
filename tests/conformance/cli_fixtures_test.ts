/** Runs every fixture of `fixtures/cli`, in this process and as a program. */
import { callMain, callProgram } from "../cli/_program.ts";
import { cliFixtures, runFixture } from "./cli_fixture.ts";

for (const fixture of cliFixtures()) {
  Deno.test(`${fixture.name}: main() does as recorded`, () => runFixture(fixture, callMain));
  Deno.test(`${fixture.name}: the program does as recorded`, () =>
    runFixture(fixture, callProgram));
}
