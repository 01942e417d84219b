/**
 * Writes entries into the cache at FOLDER, named by PREFIX, FIRST to COUNT, and prints a line after
 * each.
 *
 * @module
 */
import { openCache, storeEntry } from "./cache_folder.ts";

const [folder, prefix, count] = Deno.args;
const cache = openCache(folder!);
for (let i = 0; i < Number(count); i++) {
  await storeEntry(cache, `${prefix} ${i}`);
  console.log(i);
}
cache.close();
