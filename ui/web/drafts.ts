/**
 * Unsaved changes outlive a reload of the page.
 *
 * @module
 */
import { writeJson } from "../../runtime/schema/text/write_json.ts";
import { isDirty } from "../model/history.ts";
import { studio } from "./studio.ts";

export const DRAFTS = "netrun-drafts";

/** Unsaved changes survive a reload of the page. */
export function keepDrafts(): void {
  const drafts = studio().tabs.filter(({ history, broken }) => isDirty(history) && !broken)
    .map(({ path, etag, history }) =>
      new Map<string, unknown>([
        ["path", path ?? null],
        ["etag", etag ?? null],
        ["data", history.data],
      ])
    );
  const text = writeJson(
    new Map([["root", studio().root], ["drafts", drafts]] as [string, unknown][]),
    "",
  );
  try {
    sessionStorage.setItem(DRAFTS, text);
  } catch {
    // More than the browser keeps: the changes live on in this page alone.
  }
}
