/**
 * Renaming, copying and deleting files of the folder.
 *
 * @module
 */
import { call } from "./api.ts";
import { say, sayError, studio, update, updateTab } from "./studio.ts";
import { openFile } from "./tabs.ts";

/** Gives a file another name; where it is open, that follows. */
export async function renameFile(path: string, to: string): Promise<void> {
  await changing(async () => {
    const answer = await call("/files/move", { from: path, to });
    for (const tab of studio().tabs) {
      if (tab.path === path) updateTab(tab.id, { path: `${answer.get("path")}` });
    }
    say(`Renamed to ${to}`);
  });
}

/** Makes a copy beside a file and opens it. */
export async function duplicateFile(path: string): Promise<void> {
  await changing(async () => {
    const file = await call("/files/read", { path });
    const document = file.get("document");
    for (let copy = 1;; copy++) {
      const to = path.replace(
        /((?:\.netrun|\.graph)?\.(?:json|toml))$/,
        `-copy${copy === 1 ? "" : copy}$1`,
      );
      try {
        await call("/files/save", { path: to, document, create: true });
      } catch (error) {
        if (copy < 100 && error instanceof Error && "code" in error && error.code === "conflict") {
          continue;
        }
        throw error;
      }
      return await openFile(to);
    }
  });
}

/** Moves a file to the trash of the project; it can be brought back at once. */
export async function trashFile(path: string): Promise<void> {
  await changing(async () => {
    const { trash } = Object.fromEntries(await call("/files/delete", { path }));
    say(`Moved ${path} to ${trash}`);
  });
}

/** Does something with files and shows the folder as it is then. */
async function changing(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    sayError(error);
  }
  update({ filesVersion: studio().filesVersion + 1 });
}
