/**
 * Programs that tests need, and how each is installed where it is missing.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { delimiter, join } from "node:path";

/** Where a missing program comes from: a package of pip, of apt, or a module of Go to be built. */
export interface Source {
  readonly by: "pip" | "apt" | "go";
  readonly what: string;
}

/** Everything that tests need beside Deno, by the name of the program. */
export const SOURCES: Readonly<Record<string, Source>> = {
  "moto_server": { by: "pip", what: "moto[server,s3]==5.2.5" },
  "gcp-storage-emulator": { by: "pip", what: "gcp-storage-emulator==2026.7.19" },
  "sshd": { by: "apt", what: "openssh-server" },
  "rclone": { by: "apt", what: "rclone" },
  "chromium": { by: "apt", what: "chromium" },
  "versitygw": { by: "go", what: "github.com/versity/versitygw/cmd/versitygw@v1.8.0" },
  "fake-gcs-server": { by: "go", what: "github.com/fsouza/fake-gcs-server@v1.56.1" },
};

/** What is installed without a package manager of the system goes here, whichever clone asks. */
const root: string = Deno.env.get("NETRUN_TEST_PROGRAMS") ??
  join(Deno.env.get("HOME") ?? "/tmp", ".cache", "netrun-test-programs");

/** The folder of a program; another version of it has another folder. */
export function folderOf(program: string): string {
  const { what } = SOURCES[program]!;
  return join(root, `${program}-${createHash("sha256").update(what).digest("hex").slice(0, 12)}`);
}

/** The path of a program, if it is installed whole. */
export function findProgram(program: string): string | undefined {
  const path = Deno.env.get("PATH")?.split(delimiter) ?? [];
  const own = program in SOURCES ? [join(folderOf(program), "bin")] : [];
  return [...own, "/usr/sbin", ...path].map((folder) => join(folder, program)).find(isFile);
}

/** Why a test of that program is skipped. */
export function missing(program: string): string {
  return `${program} is not installed; \`deno task test:servers\` does that`;
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}
