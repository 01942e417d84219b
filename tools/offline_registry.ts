/**
 * Lays out the stand-ins of `tools/offline/` as a folder registry, outside the clone: inside it,
 * `deno fmt` and `deno publish` would take it for a part of the project.
 *
 * @module
 */
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { contentHash, registryFiles, type StandIn } from "./registry_layout.ts";

const STAND_INS = new URL("./offline/std/", import.meta.url);

/** Lays the folder out, unless it is there, and returns its URL as `JSR_URL` takes it. */
export async function layOutOfflineRegistry(): Promise<string> {
  const files = await registryFiles(await readStandIns());
  const folder = join(tmpdir(), `netrun-offline-${await contentHash(files)}`);
  if (!await holds(folder, files)) await layOut(folder, files);
  return `${pathToFileURL(folder)}/`;
}

async function readStandIns(): Promise<StandIn[]> {
  const standIns: StandIn[] = [];
  for await (const { name } of Deno.readDir(STAND_INS)) {
    const source = await Deno.readTextFile(new URL(`${name}/mod.ts`, STAND_INS));
    standIns.push({ name: `@std/${name}`, source });
  }
  return standIns.sort((a, b) => a.name < b.name ? -1 : 1);
}

/** Whether all is there, unaltered: what cleans up temporary folders may take single files. */
async function holds(folder: string, files: ReadonlyMap<string, string>): Promise<boolean> {
  const same = await Promise.all(
    [...files].map(async ([path, text]) =>
      await Deno.readTextFile(join(folder, path)).catch(() => undefined) === text
    ),
  );
  return same.every(Boolean);
}

/** Writes a draft and renames it, so that nobody ever sees half a folder. */
async function layOut(folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const draft = await Deno.makeTempDir({ dir: dirname(folder), prefix: "netrun-offline-draft-" });
  for (const [path, text] of files) {
    await Deno.mkdir(join(draft, dirname(path)), { recursive: true });
    await Deno.writeTextFile(join(draft, path), text);
  }
  try {
    await Deno.rename(draft, folder);
  } catch {
    // Another process was faster, or what stands there is damaged.
    if (await holds(folder, files)) return await Deno.remove(draft, { recursive: true });
    await Deno.remove(folder, { recursive: true });
    await Deno.rename(draft, folder);
  }
}
