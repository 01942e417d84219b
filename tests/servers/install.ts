/**
 * Installs the servers of the tests that are quick to install, unless they are there.
 *
 * @module
 */
import { join } from "node:path";
import { serverFolder } from "./servers.ts";

const venv = join(serverFolder, "venv");
const commands: [string, ...string[]][] = [
  ["python3", "-m", "venv", venv],
  [join(venv, "bin", "pip"), "--quiet", "install", "moto[server,s3]", "gcp-storage-emulator"],
];

const isThere = await Deno.stat(join(venv, "installed")).then(() => true, () => false);
if (!isThere) {
  for (const [program, ...args] of commands) {
    try {
      const { success } = await new Deno.Command(program, { args }).spawn().status;
      if (!success) throw new Error(`${program} ${args.join(" ")} failed`);
    } catch (error) {
      console.error(
        `The S3 and GCS servers cannot be installed, their tests are skipped: ${error}`,
      );
      Deno.exit(0);
    }
  }
  await Deno.writeTextFile(join(venv, "installed"), "");
}
