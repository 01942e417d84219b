/**
 * Arguments that `netrun:read` and `netrun:write` have in common.
 *
 * @module
 */
import * as z from "zod";
import { formatOfPath, RECORD_FORMATS, type RecordFormat } from "../formats/format.ts";
import { isReference, v } from "../schema/field.ts";
import type { VarRef } from "../schema/reference.ts";

/** A path, relative to the project root. */
export const pathField: z.ZodType<string | VarRef, string | VarRef> = v(
  z.string().min(1, "must be the path of a file"),
);

/** The format of a file. */
export const formatField: z.ZodOptional<z.ZodEnum<{ [Format in RecordFormat]: Format }>> = z
  .enum(RECORD_FORMATS, `must be one of ${RECORD_FORMATS.join(", ")}`)
  .optional();

/** Refuses a path whose extension says nothing about the format, if no format is stated. */
export function checkFormat(
  { path, format }: { path?: string | VarRef | undefined; format?: RecordFormat | undefined },
  ctx: z.RefinementCtx,
): void {
  // Where a reference leads is known when the node runs.
  if (path === undefined || isReference(path) || format !== undefined) return;
  try {
    formatOfPath(path);
  } catch (error) {
    ctx.addIssue({ code: "custom", path: ["format"], message: (error as Error).message });
  }
}
