/**
 * Has a node of the project FOLDER store three files for each of the inputs FIRST, FIRST + 1, …, and
 * prints each input when its files are there.
 *
 * @module
 */
import { openFiled, runFiled } from "./filed_project.ts";

const [folder, first] = Deno.args;
await using net = await openFiled(folder!);
for (let input = Number(first);; input++) {
  await runFiled(net, input);
  console.log(input);
}
